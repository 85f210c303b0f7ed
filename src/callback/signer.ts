/**
 * Signatures of callbacks, after Standard Webhooks: a receiver can tell that a
 * callback is ours, that nothing of it changed, and that it is not an old one.
 *
 * With several secrets there is a signature of each, so that a receiver that
 * knows one of them accepts: a secret is replaced by adding the new one here,
 * then there, and then removing the old one.
 *
 * Signing takes about 10 ms a MiB and secret, in one go.
 *
 * @module
 */

import { Webhook } from "standardwebhooks";
import { BASE64_SECRET_PREFIX } from "../base/webhook_secret.ts";

/**
 * Makes the headers that name and sign a body.
 *
 * @param id The `webhook-id`.
 * @param at When the attempt is made, in epoch ms.
 */
export type Sign = (
  id: string,
  at: number,
  body: string,
) => Readonly<Record<string, string>>;

/**
 * Signs with secrets, in their order; without any, only names.
 *
 * One that begins with `whsec_` is base64, and any other is taken as it is.
 *
 * @param secrets Each without a fault (`secretFault`).
 */
export function newSigner(secrets: readonly string[]): Sign {
  const webhooks = secrets.map(webhookOf);
  return (id, at, body) => {
    const headers = {
      "webhook-id": id,
      "webhook-timestamp": `${Math.floor(at / 1000)}`,
    };
    if (webhooks.length === 0) return headers;
    const instant = new Date(at);
    const signatures = webhooks.map((one) => one.sign(id, instant, body));
    return { ...headers, "webhook-signature": signatures.join(" ") };
  };
}

function webhookOf(secret: string): Webhook {
  return secret.startsWith(BASE64_SECRET_PREFIX)
    ? new Webhook(secret)
    : new Webhook(secret, { format: "raw" });
}
