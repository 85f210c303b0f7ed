/**
 * Which key signs this server's own tokens.
 *
 * In open mode a room's admin still needs proof of who they are, so tokens
 * must work before anybody configured them: the key is then derived from the
 * API key. Who holds that key may do everything anyway, and a derived key does
 * not give it away.
 *
 * @module
 */

import { hkdfSync } from "node:crypto";

/** Where tokens may come from. */
export interface TokenSources {
  /** HS256 secret, shared with whoever else issues tokens. */
  readonly secret?: string | undefined;
  /** Where another issuer publishes its keys. */
  readonly jwksUrl?: string | undefined;
  readonly adminApiKey: string;
}

/** Separates this use of the API key from any other. */
const PURPOSE = "parlor token signature v1";
const KEY_BYTES = 32;

/**
 * The HS256 key.
 *
 * @returns `undefined` when only another issuer's keys count: a token signed
 * here would be one that nobody asked to trust.
 */
export function signingKey(sources: TokenSources): Uint8Array | undefined {
  if (sources.secret !== undefined) {
    return new TextEncoder().encode(sources.secret);
  }
  if (sources.jwksUrl !== undefined) return undefined;
  const key = hkdfSync("sha256", sources.adminApiKey, "", PURPOSE, KEY_BYTES);
  return new Uint8Array(key);
}
