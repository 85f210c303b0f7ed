/**
 * The cookies of one host, as far as a visitor needs them.
 *
 * Paths, ages and domains are not looked at: what is kept goes back to the one
 * host that set it, and for an hour at most.
 *
 * @module
 */

/** Cookies that are kept; more of them are not. */
const COOKIES_MAX = 50;
/** Most characters of one, with its name. */
const COOKIE_CHARS_MAX = 4096;

/** A name and a value as RFC 6265 has them, without quotes. */
const PAIR =
  /^([\w!#$%&'*+.^`|~-]+)=([\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*)$/;

/** Cookies by name. */
export class CookieJar {
  readonly #values = new Map<string, string>();

  /** Takes what an answer sets; what is no cookie is passed over. */
  take(headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const [pair = ""] = line.split(";", 1);
      if (pair.length > COOKIE_CHARS_MAX) continue;
      const [, name, value] = PAIR.exec(pair.trim()) ?? [];
      if (name === undefined || value === undefined) continue;
      const hasRoom = this.#values.size < COOKIES_MAX || this.#values.has(name);
      if (hasRoom) this.#values.set(name, value);
    }
  }

  get(name: string): string | undefined {
    return this.#values.get(name);
  }

  /** Sets one that the browser would have made itself. */
  set(name: string, value: string): void {
    this.#values.set(name, value);
  }

  /** The `Cookie` header; empty when there is none. */
  header(): string {
    return Array.from(this.#values, ([name, value]) => `${name}=${value}`)
      .join("; ");
  }
}
