import assert from "node:assert/strict";
import { shownUrl } from "../../src/callback/endpoint_status.ts";

Deno.test("shownUrl leaves out the user, the password, the query and the fragment", () => {
  assert.equal(
    shownUrl("https://ann:secret@backend.example:8443/hook/a?key=1#x"),
    "https://backend.example:8443/hook/a",
  );
  assert.equal(shownUrl("http://backend"), "http://backend/");
});

Deno.test("shownUrl is null for what is no URL", () => {
  assert.equal(shownUrl("backend?key=1"), null);
});
