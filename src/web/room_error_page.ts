/**
 * The keys of the page that says why a room cannot be shown: Esc goes home,
 * Enter finds somebody else.
 *
 * @module
 */
/// <reference lib="dom" />

import { byId } from "./elements.ts";

addEventListener("keydown", (event) => {
  // Enter on a link or a button is that one's.
  const isOnControl = event.target instanceof Element &&
    event.target.closest("a, button, input") !== null;
  if (event.key === "Escape") byId("home", HTMLAnchorElement).click();
  else if (event.key === "Enter" && !isOnControl) {
    byId("rematch", HTMLAnchorElement).click();
  }
});
