import assert from "node:assert/strict";
import {
  dialFault,
  socketFault,
} from "../../../src/live/sources/upstream_fault.ts";

function error(code: string, message = "What it says"): Error {
  return Object.assign(new Error(message), code === "" ? {} : { code });
}

Deno.test("dialFault knows TLS from a server that is not there", () => {
  const cases = [
    ["ECONNREFUSED", "connect_failed"],
    ["ECONNRESET", "connect_failed"],
    ["ENOTFOUND", "connect_failed"],
    ["HPE_INVALID_CONSTANT", "connect_failed"],
    ["", "connect_failed"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "tls_failed"],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "tls_failed"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "tls_failed"],
    ["CERT_HAS_EXPIRED", "tls_failed"],
    ["ERR_SSL_WRONG_VERSION_NUMBER", "tls_failed"],
  ] as const;
  for (const [code, fault] of cases) {
    const end = dialFault(error(code));
    assert.deepEqual(end, { fault, detail: "What it says" }, code);
  }
});

Deno.test("dialFault goes by the words of an error without a code", () => {
  const text = "invalid peer certificate: Expired";
  assert.equal(dialFault(error("", text)).fault, "tls_failed");
  const refusal = "Server sent no subprotocol";
  assert.equal(dialFault(error("", refusal)).fault, "handshake_refused");
  assert.deepEqual(dialFault("text"), {
    fault: "connect_failed",
    detail: "text",
  });
});

Deno.test("socketFault knows what was too large, and why it left", () => {
  const large = error("WS_ERR_UNSUPPORTED_MESSAGE_LENGTH");
  assert.equal(socketFault(large).fault, "frame_too_large");
  const codes = [
    ["WS_ERR_INVALID_UTF8", 1007],
    ["WS_ERR_INVALID_OPCODE", 1002],
    ["ECONNRESET", 1006],
  ] as const;
  for (const [code, closeCode] of codes) {
    assert.equal(socketFault(error(code)).code, closeCode);
  }
});

Deno.test("dialFault keeps at most 200 characters of an error", () => {
  for (const [size, kept] of [[199, 199], [200, 200], [201, 200]] as const) {
    const { detail } = dialFault(error("", "x".repeat(size)));
    assert.equal(detail?.length, kept);
  }
});
