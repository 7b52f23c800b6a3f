// Elements, made without markup: whatever comes from upstream is text and nothing else.

/** Makes an element; children are elements or texts. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") node.className = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== undefined && child !== null && child !== ""));
  return node;
}

export const byId = (id) => document.getElementById(id);

/** Sets a text, and touches the page only when it differs. */
export function text(node, value) {
  if (node.textContent !== value) node.textContent = value;
}

/**
 * Lays a list of keyed items into a parent: known ones are updated in place, so that focus, selection and scrolling survive.
 * `make` builds an item's element, `update` fills it.
 */
export function keyed(parent, items, key, make, update) {
  const known = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let next = parent.firstElementChild;
  for (const item of items) {
    const name = key(item);
    let node = known.get(name);
    if (node) {
      known.delete(name);
    } else {
      node = make(item);
      node.dataset.key = name;
    }
    update(node, item);
    if (node === next) next = next.nextElementSibling;
    else parent.insertBefore(node, next);
  }
  for (const gone of known.values()) gone.remove();
}
