/**
 * How the example receiver tells that a callback is Parlor's.
 *
 * @module
 */

import { Webhook } from "standardwebhooks";

/** A request as it came: its headers, and its body before it is parsed. */
export interface SignedText {
  readonly headers: Headers;
  readonly text: string;
}

/** Checks signatures with one secret. */
export class SignatureCheck {
  readonly #webhook: Webhook;
  readonly #anyTime: boolean;

  /** With `anyTime`, for tests whose clock stands still, age is no matter. */
  constructor(secret: string, { anyTime = false } = {}) {
    this.#webhook = secret.startsWith("whsec_")
      ? new Webhook(secret)
      : new Webhook(secret, { format: "raw" });
    this.#anyTime = anyTime;
  }

  /** Whether it was signed with the secret, within the last five minutes. */
  isRight(request: SignedText): boolean {
    if (this.#anyTime) return this.#isSignature(request);
    const { headers, text } = request;
    try {
      this.#webhook.verify(text, Object.fromEntries(headers));
      return true;
    } catch {
      return false;
    }
  }

  #isSignature({ headers, text }: SignedText): boolean {
    const at = new Date(Number(headers.get("webhook-timestamp")) * 1000);
    const right = this.#webhook.sign(headers.get("webhook-id") ?? "", at, text);
    const given = headers.get("webhook-signature") ?? "";
    return given.split(" ").includes(right);
  }
}
