/**
 * What the log is told of one link.
 *
 * @module
 */

import type { Log } from "../base/log.ts";
import type { ErrorCode } from "../wire/errors.ts";
import {
  brokenText,
  connectingText,
  OPENED_TEXT,
  restoredText,
  silentText,
} from "./seed_texts.ts";
import type { SourceEnd } from "./source.ts";

/** The lines of a link; those of the reference are in its words. */
export class LinkLog {
  readonly #log: Log;
  readonly #liveId: string;

  constructor(log: Log, liveId: string) {
    this.#log = log;
    this.#liveId = liveId;
  }

  connecting(): void {
    this.#log.info(connectingText(this.#liveId), this.#of("connecting"));
  }

  opened(): void {
    this.#log.info(OPENED_TEXT, this.#of("opened"));
  }

  retried(attempt: number): void {
    const fields = { ...this.#of("retried"), attempt };
    this.#log.warn(brokenText(this.#liveId, attempt), fields);
  }

  restored(): void {
    this.#log.info(restoredText(this.#liveId), this.#of("restored"));
  }

  silent(): void {
    this.#log.warn(silentText(this.#liveId), this.#of("silent"));
  }

  ended(): void {
    this.#log.info(`Live room ${this.#liveId} is over`, this.#of("ended"));
  }

  failed({ fault, code, detail }: SourceEnd): void {
    this.#log.info(`The link to live room ${this.#liveId} is down: ${fault}`, {
      ...this.#of("failed"),
      fault,
      code,
      detail: detail?.slice(0, 200),
    });
  }

  /** The room takes nothing for a while; `internal` is a bug of ours. */
  refused(code: ErrorCode): void {
    const line = `The room of live room ${this.#liveId} takes nothing: ${code}`;
    const fields = { ...this.#of("refused"), code };
    if (code === "internal") this.#log.error(line, fields);
    else this.#log.warn(line, fields);
  }

  /** A bug of ours, or of a source. */
  broke(error: unknown): void {
    this.#log.error(`The link to live room ${this.#liveId} broke`, {
      ...this.#of("broke"),
      error: String(error),
    });
  }

  #of(what: string): { event: string; liveId: string } {
    return { event: `live_link_${what}`, liveId: this.#liveId };
  }
}
