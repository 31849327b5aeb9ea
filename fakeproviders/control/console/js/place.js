// Where the reader is: #/session/page/item, so that every view has an address.

export const DEFAULT_SESSION = "default";

/** `{session, page, item}` of the address. */
export function place() {
  const [session, page, item] = location.hash.replace(/^#\/?/, "").split("/").map(decoded);
  return { session: session || DEFAULT_SESSION, page: page || "", item: item ?? null };
}

/** The address of a place. */
export function address({ session, page, item = null }) {
  const parts = item === null ? [session, page] : [session, page, item];
  return `#/${parts.map(encodeURIComponent).join("/")}`;
}

/** Go there. */
export const go = (where) => {
  location.hash = address({ ...place(), item: null, ...where });
};

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // somebody's own typing
  }
}
