/**
 * Finds and makes elements. Texts go in as text: nothing here parses markup.
 *
 * @module
 */
/// <reference lib="dom" />

/** Attributes by name; `undefined` and `false` are left out, `true` is empty. */
export type Attributes = Readonly<
  Record<string, string | number | boolean | undefined>
>;

/** A new element. Strings among the children become text. */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children);
  return element;
}

/** A button that does something when it is pressed. */
export function button(
  label: string,
  onPress: () => void,
  attributes: Attributes = {},
): HTMLButtonElement {
  const made = el("button", { type: "button", ...attributes }, label);
  made.addEventListener("click", onPress);
  return made;
}

/** The page's element of an id, which the server made. */
export function byId<Type extends HTMLElement>(
  id: string,
  type: new () => Type,
): Type {
  const element = document.getElementById(id);
  if (element instanceof type) return element;
  throw new Error(`Cannot find #${id}: the page has no such element`);
}

/** Shows a text, or hides the element when there is none. */
export function showText(element: HTMLElement, text: string): void {
  element.textContent = text;
  element.hidden = text === "";
}
