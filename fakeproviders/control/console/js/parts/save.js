// Saves what the API answers as a file; a link alone could not carry the token.

import { open } from "../api.js";
import { h } from "../dom.js";

/** Fetch a path of the API and save it under a name. */
export async function save(path, name) {
  const reply = await open("GET", path);
  const url = URL.createObjectURL(await reply.blob());
  const link = h("a", { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url));
}
