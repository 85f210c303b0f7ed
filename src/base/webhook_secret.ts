/**
 * What a secret that signs callbacks looks like.
 *
 * @module
 */

/** How a secret begins whose rest is base64. */
export const BASE64_SECRET_PREFIX = "whsec_";

/** Bounds of a base64 secret, in bytes. */
const BYTES_MIN = 16;
const BYTES_MAX = 64;

/** The least length of a secret that is taken as it is. */
const CHARS_MIN = 16;

/**
 * What is wanted in place of a secret, without a character of it; `undefined`
 * when it is right.
 *
 * A secret that is taken as it is has ASCII characters only, since libraries
 * for receivers differ in how they turn others into bytes.
 */
export function secretFault(secret: string): string | undefined {
  if (secret.startsWith(BASE64_SECRET_PREFIX)) {
    const text = secret.slice(BASE64_SECRET_PREFIX.length);
    return isKey(text)
      ? undefined
      : `base64 of ${BYTES_MIN}..${BYTES_MAX} bytes after whsec_`;
  }
  if (secret.length < CHARS_MIN) return `at least ${CHARS_MIN} characters`;
  return /^[ -~]+$/.test(secret) && !secret.includes(",")
    ? undefined
    : "ASCII characters other than a comma";
}

function isKey(text: string): boolean {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4 !== 0) {
    return false;
  }
  const bytes = atob(text).length;
  return bytes >= BYTES_MIN && bytes <= BYTES_MAX;
}
