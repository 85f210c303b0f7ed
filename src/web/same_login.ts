/**
 * One login for all tabs: where the user has logged out, or is another now,
 * every page that still shows the old one is made anew.
 *
 * @module
 */
/// <reference lib="dom" />

const user = document.body.dataset["user"] ?? "";
const tabs = new BroadcastChannel("parlor_login");
tabs.addEventListener("message", ({ data }) => {
  if (data !== user) location.reload();
});
tabs.postMessage(user);
