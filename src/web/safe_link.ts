/**
 * Whether a page may lead to an address that a user gave.
 *
 * @module
 */

/** Where an address leads: to this server, or elsewhere. */
export interface SafeLink {
  readonly href: string;
  readonly isOwn: boolean;
}

/**
 * The link of a message's file; `undefined` unless it is http(s), or a path of
 * this server. Anything else could run a script when it is followed.
 */
export function safeLink(url: string): SafeLink | undefined {
  if (/[\p{Cc}\\]/u.test(url)) return undefined;
  if (/^\/(?!\/)/.test(url)) return { href: url, isOwn: true };
  const parsed = URL.parse(url);
  const isWeb = parsed?.protocol === "https:" || parsed?.protocol === "http:";
  return isWeb ? { href: url, isOwn: false } : undefined;
}
