import assert from "node:assert/strict";
import { transportError } from "../../src/callback/transport_error.ts";

const URL_TEXT = "http://ann:secret@hooks.test/?key=secret";

function fetchError(reason: string): Error {
  const text = `error sending request for url (${URL_TEXT}): ${reason}`;
  return new TypeError("fetch failed", { cause: new Error(text) });
}

Deno.test("transportError says the reason and nothing of the URL", () => {
  const reasons = {
    "client error (Connect): tcp connect error: Connection refused (os error 111)":
      "Connection refused",
    "client error (Connect): dns error: failed to lookup address information":
      "Host not found",
    "client error (SendRequest): connection closed before message completed":
      "The connection was closed without an answer",
    "client error (Connect): invalid peer certificate: UnknownIssuer":
      "The TLS certificate is not trusted",
    "something that no one has seen": "The request could not be sent",
  };
  for (const [reason, said] of Object.entries(reasons)) {
    assert.equal(transportError(fetchError(reason)), said);
  }
});

Deno.test("transportError knows what the runtime refuses by itself", () => {
  const blocked = new TypeError("Fetch failed: Requests to port 1 are blocked");
  assert.equal(transportError(blocked), "HTTP may not use this port");
  const denied = Object.assign(new Error("Requires net access"), {
    name: "NotCapable",
  });
  assert.match(transportError(denied), /--allow-net/);
});

Deno.test("transportError has words for what is no error at all", () => {
  assert.equal(transportError("no"), "The request could not be sent");
});
