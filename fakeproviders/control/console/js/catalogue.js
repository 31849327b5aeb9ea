// The failure catalogue, asked for once: it does not change while the server runs.

import { get } from "./api.js";

let asked = null;

/** All entries by slug, in their order. */
export function catalogue() {
  asked ??= get("/failures").then(
    ({ failures }) => new Map(failures.map((entry) => [entry.slug, entry])),
    (error) => {
      asked = null; // ask again next time
      throw error;
    },
  );
  return asked;
}
