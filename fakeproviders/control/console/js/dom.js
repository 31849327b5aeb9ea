// Elements, made without HTML text: whatever is given as a child becomes a text node.

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes and children. Functions are listeners (`onclick`), false and null are left out. */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/** Put these children in the place of those there are. */
export function replace(element, ...children) {
  element.replaceChildren(...present(children));
  return element;
}

const held = new Set();

/** The same, of what is drawn again and again: the focus stays on what has the same `data-focus`. */
export function redraw(element, ...children) {
  const name = element.contains(document.activeElement) ? document.activeElement.dataset.focus : undefined;
  const within = [...held].filter((place) => element.contains(place.element));
  replace(element, ...children);
  named(element, name)?.focus();
  for (const place of within) place.element = named(element, place.element.dataset.focus) ?? place.element;
}

/** Hold an element's place through every `redraw`. Call what comes back to end that, and have what stands there now. */
export function hold(element) {
  const place = { element };
  held.add(place);
  return () => (held.delete(place), place.element);
}

const named = (element, name) =>
  name === undefined ? null : element.querySelector(`[data-focus="${CSS.escape(name)}"]`);

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...present(children));
  return element;
}

function present(children) {
  return children
    .flat(Infinity)
    .filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (child instanceof Node ? child : String(child)));
}
