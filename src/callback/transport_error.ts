/**
 * Why there was no answer, in words for an operator.
 *
 * The runtime's own text has the whole URL in it, which may hold a secret; so
 * it is never shown, only what is known to be a reason.
 *
 * @module
 */

/** What the runtime's texts have in them, and what is said instead. */
const REASONS: readonly (readonly [part: string, reason: string])[] = [
  ["Connection refused", "Connection refused"],
  ["Connection reset", "Connection reset"],
  ["Broken pipe", "Connection reset"],
  [
    "connection closed before message completed",
    "The connection was closed without an answer",
  ],
  ["dns error", "Host not found"],
  ["No route to host", "No route to the host"],
  ["Network is unreachable", "The network is unreachable"],
  ["invalid peer certificate", "The TLS certificate is not trusted"],
  ["InvalidContentType", "The answer is not TLS"],
  ["tls handshake eof", "The connection was closed in the TLS handshake"],
  ["invalid HTTP", "The answer is not HTTP"],
  ["message head is too large", "The headers of the answer are too large"],
  ["are blocked", "HTTP may not use this port"],
  ["Too many open files", "Too many open files on this server"],
  ["Cannot assign requested address", "No local port is free on this server"],
];

/** Says why a `fetch` rejected. */
export function transportError(error: unknown): string {
  if (!(error instanceof Error)) return "The request could not be sent";
  if (error.name === "NotCapable") {
    return "This server may not reach the host: see its --allow-net";
  }
  const cause = error.cause instanceof Error ? error.cause.message : "";
  const text = `${error.message} ${cause}`;
  const found = REASONS.find(([part]) => text.includes(part));
  return found?.[1] ?? "The request could not be sent";
}
