/**
 * The signature of a connection, which another service makes.
 *
 * The platform's page computes it with code that changes now and then; that
 * code stays out of Parlor. What is signed is an MD5 of some of the parameters,
 * in an order of their own (COMPAT 4.5).
 *
 * @module
 */

import { createHash } from "node:crypto";
import { z } from "zod";
import type { SourceEnd } from "../../source.ts";
import {
  boundedFetch,
  type FetchPorts,
  isAnswer,
  jsonOf,
} from "../bounded_fetch.ts";
import type { Parameter } from "./web_client.ts";

/** What is signed, in the platform's order; what is absent counts as empty. */
const SIGNED = [
  "live_id",
  "aid",
  "version_code",
  "webcast_sdk_version",
  "room_id",
  "sub_room_id",
  "sub_channel_id",
  "did_rule",
  "user_unique_id",
  "device_platform",
  "device_type",
  "ac",
  "identity",
];

/** How long the signer may take, in ms. */
const SIGNER_MS_MAX = 5000;
/** Most bytes of its answer. */
const SIGNER_BYTES_MAX = 65_536;

const ANSWER = z.object({ signature: z.string().min(1).max(512) });

/** What is to be signed. */
export interface ToSign {
  readonly input: string;
  /** Of the input, in hex. */
  readonly md5: string;
}

/** What of a URL's parameters is to be signed. */
export function toSign(
  parameters: readonly Parameter[],
): ToSign {
  const values = new Map(parameters);
  const input = SIGNED.map((name) => `${name}=${values.get(name) ?? ""}`)
    .join(",");
  return { input, md5: createHash("md5").update(input).digest("hex") };
}

/** The service that signs. */
export interface Signer extends FetchPorts {
  readonly signerUrl: string;
}

/** Has it signed; never rejects. */
export async function sign(
  { input, md5 }: ToSign,
  signer: Signer,
  signal: AbortSignal,
): Promise<string | SourceEnd> {
  const answer = await boundedFetch({
    url: signer.signerUrl,
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ md5, input }),
    msMax: SIGNER_MS_MAX,
    bytesMax: SIGNER_BYTES_MAX,
    read: "all",
    signal,
  }, signer);
  if (!isAnswer(answer)) return failed(`The signer: ${answer.fault}`);
  if (answer.status !== 200) {
    return { ...failed("The signer refuses"), code: answer.status };
  }
  const parsed = ANSWER.safeParse(jsonOf(answer.text));
  if (parsed.success) return parsed.data.signature;
  return failed("The signer's answer has no signature");
}

function failed(detail: string): SourceEnd {
  return { fault: "signer_failed", detail };
}
