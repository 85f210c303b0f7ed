/**
 * Ids of the sender's own.
 *
 * @module
 */

/**
 * A new one. `crypto.randomUUID` is there on secure pages alone, and a server
 * in a local network often has none.
 */
export function newMessageId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
