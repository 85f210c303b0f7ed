/**
 * What an error of a connection to the outside means for its link.
 *
 * @module
 */

import type { SourceEnd } from "../source.ts";

/** How the codes of errors begin that TLS makes. */
const TLS_CODE =
  /^(?:ERR_TLS_|ERR_SSL_|CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_CA|EPROTO)/;

/** What such an error says where it has no code. */
const TLS_TEXT = /certificate|\btls\b|\bssl\b/i;

/** Errors of `ws` about more than it may take at once. */
const TOO_LARGE = [
  "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH",
  "WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH",
  "WS_ERR_TOO_MANY_BUFFERED_PARTS",
];

/** The close code of text that is no UTF-8 (RFC 6455 §7.4.1). */
const CLOSE_NOT_UTF8 = 1007;
/** The close code of a frame that no frame may be like. */
const CLOSE_PROTOCOL = 1002;
/** The close code of a connection that broke off. */
const CLOSE_BROKEN = 1006;

/** Most characters of what an error says. */
const DETAIL_CHARS_MAX = 200;

/** Why a connection did not open. */
export function dialFault(error: unknown): SourceEnd {
  const { code, detail } = partsOf(error);
  const isTls = TLS_CODE.test(code) || (code === "" && TLS_TEXT.test(detail));
  if (isTls) return { fault: "tls_failed", detail };
  // It was HTTP that answered, and agreed to something else.
  const isRefusal = detail.startsWith("Server ") ||
    detail.startsWith("Invalid Sec-WebSocket") ||
    detail.startsWith("Invalid Upgrade");
  return { fault: isRefusal ? "handshake_refused" : "connect_failed", detail };
}

/** Why an open connection was given up. */
export function socketFault(error: unknown): SourceEnd {
  const { code, detail } = partsOf(error);
  if (TOO_LARGE.includes(code)) return { fault: "frame_too_large", detail };
  return { fault: "closed", code: closeCode(code), detail };
}

function closeCode(code: string): number {
  if (code === "WS_ERR_INVALID_UTF8") return CLOSE_NOT_UTF8;
  return code.startsWith("WS_ERR_") ? CLOSE_PROTOCOL : CLOSE_BROKEN;
}

function partsOf(error: unknown): { code: string; detail: string } {
  const text = error instanceof Error ? error.message : String(error);
  const hasCode = error instanceof Error && "code" in error;
  return {
    code: hasCode ? String(error.code ?? "") : "",
    detail: text.slice(0, DETAIL_CHARS_MAX),
  };
}
