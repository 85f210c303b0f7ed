/**
 * Asking a server of the operator's own whether a room is live.
 *
 * @module
 */

import type { RoomStatus } from "../../source.ts";
import { boundedFetch, type FetchPorts, isAnswer } from "../bounded_fetch.ts";
import { parseExact } from "./exact_json.ts";
import { FieldPath } from "./field_path.ts";
import { addressOf, type StatusConfig } from "./source_config.ts";

/** More of an answer is not read. */
const ANSWER_BYTES_MAX = 262_144;

/** How long an answer may take, in ms. */
const ANSWER_MS_MAX = 10_000;

/** Where a room's status is, and what it may be. */
export class StatusQuestion {
  readonly #config: StatusConfig;
  readonly #field: FieldPath;
  readonly #live: ReadonlySet<string>;
  readonly #ended: ReadonlySet<string>;

  readonly #ports: FetchPorts;

  /** @param config with headers as they are to be sent. */
  constructor(config: StatusConfig, ports: FetchPorts) {
    this.#config = config;
    this.#field = new FieldPath(config.field);
    this.#live = new Set(config.live.map(String));
    this.#ended = new Set(config.ended.map(String));
    this.#ports = ports;
  }

  /**
   * Asks. A number that is neither a live nor an ended one is an abnormal
   * state; any other word, and any other answer, says nothing.
   *
   * @throws only when `signal` aborts.
   */
  async ask(liveId: string, signal: AbortSignal): Promise<RoomStatus> {
    const { url, headers } = this.#config;
    const answer = await boundedFetch({
      url: addressOf(url, liveId),
      headers: { accept: "application/json", ...headers },
      msMax: ANSWER_MS_MAX,
      bytesMax: ANSWER_BYTES_MAX,
      read: "all",
      signal,
    }, this.#ports);
    signal.throwIfAborted();
    if (!isAnswer(answer)) return { kind: "unknown", fault: answer.fault };
    const isGiven = answer.status >= 200 && answer.status < 300;
    const state = isGiven ? stateIn(answer.text, this.#field) : undefined;
    if (typeof state === "object" || state === undefined) {
      return { kind: "unknown", fault: "status_unknown" };
    }
    if (this.#live.has(String(state))) return { kind: "live" };
    if (this.#ended.has(String(state))) return { kind: "ended" };
    return typeof state === "number"
      ? { kind: "abnormal", code: state }
      : { kind: "unknown", fault: "status_unknown" };
  }
}

function stateIn(text: string, field: FieldPath): unknown {
  try {
    return field.read(parseExact(text));
  } catch {
    return undefined;
  }
}
