/**
 * Follows a live room over its socket until somebody leaves or the server
 * knows it no more.
 *
 * A connection that ends is made again, less and less often while that fails,
 * and goes on before the first number that is missing: likes and members are
 * told late, behind higher numbers. What comes again by that is passed over.
 * Before each attempt the server is asked over HTTP, which says why where a
 * socket only closes.
 *
 * @module
 */

import { backoffMs } from "../src/base/backoff.ts";
import { LivePlace } from "../src/web/live_place.ts";
import type { ApiClient } from "./api_client.ts";
import { livePath, liveSocketPath } from "./api_path.ts";
import type { CliContext } from "./cli_context.ts";
import { CliError } from "./cli_error.ts";
import { Leave } from "./leave.ts";
import { linkDetailAnswer } from "./live_answers.ts";
import { type LiveFrame, type LiveItem, readLiveFrame } from "./live_frame.ts";
import { LiveSocket } from "./live_socket.ts";
import type { LiveView } from "./live_view.ts";
import { isGone, mayPass } from "./request_failure.ts";
import type { SocketEnd } from "./text_socket.ts";

/** The wait before the first attempt to connect again, in ms. */
const RETRY_MS_MIN = 500;
/** The longest wait between two attempts, in ms. */
const RETRY_MS_MAX = 10_000;
/** Close codes from here on say that another attempt is of no use. */
const FINAL_CODE_MIN = 4500;

/** What {@linkcode LiveWatch} follows, and who hears of it. */
export interface LiveWatchOptions {
  readonly api: ApiClient;
  /** The server's address, `http:` or `https:`. */
  readonly serverUrl: string;
  readonly liveId: string;
  readonly view: LiveView;
}

type Snapshot = Extract<LiveFrame, { type: "snapshot" }>;

/** What it needs of the process. */
type WatchContext = Pick<
  CliContext,
  "keyboard" | "clock" | "stdout" | "openSocket"
>;

/** Runs once. */
export class LiveWatch {
  readonly #cli: WatchContext;
  readonly #options: LiveWatchOptions;
  readonly #leave: Leave;
  readonly #place = new LivePlace();
  #epoch: string | undefined;
  #failures = 0;

  constructor(cli: WatchContext, options: LiveWatchOptions) {
    this.#cli = cli;
    this.#options = options;
    this.#leave = new Leave(cli.clock);
  }

  /**
   * Resolves when there is nothing more to show or nobody to show it to.
   *
   * @throws {CliError} when the first request fails, or a later one for a
   * reason that does not pass.
   */
  async run(): Promise<void> {
    const { liveId, view } = this.#options;
    using _signals = this.#cli.keyboard.onStop(() => this.#leave.now());
    const first = await this.#leave.or(this.#ask());
    if (first === undefined) return;
    view.note(`Watching live room ${liveId}: Ctrl-C leaves`);
    while (!this.#leave.isDue) {
      await this.#follow();
      await this.#untilBack();
    }
  }

  /** Shows what one connection brings, until it ends. */
  async #follow(): Promise<void> {
    const { promise: fault, reject } = Promise.withResolvers<never>();
    const { openSocket, clock } = this.#cli;
    using socket = new LiveSocket({
      openSocket,
      clock,
      url: this.#socketUrl(),
      onText: (text) => {
        try {
          this.#take(text);
        } catch (thrown) {
          reject(thrown);
        }
      },
    });
    const end = await this.#leave.or(Promise.race([socket.ended, fault]));
    if (end !== undefined) this.#lose(endText(end));
  }

  /** Waits, and asks the server, until it is there again. */
  async #untilBack(): Promise<void> {
    while (!this.#leave.isDue) {
      await this.#leave.orAfter(this.#retryMs());
      if (this.#leave.isDue) return;
      try {
        await this.#leave.or(this.#ask());
        return;
      } catch (thrown) {
        this.#miss(thrown);
      }
    }
  }

  /** What a request that failed means; throws what does not pass. */
  #miss(thrown: unknown): void {
    const { liveId, view } = this.#options;
    if (this.#leave.isDue) return;
    if (isGone(thrown)) {
      view.note(`Live room ${liveId} is over: the server knows it no more`);
      return this.#leave.now();
    }
    if (!mayPass(thrown)) throw thrown;
    this.#lose(thrown.message);
  }

  #lose(reason: string): void {
    this.#failures++;
    if (this.#failures > 1) return;
    this.#options.view.note(`Lost, trying again: ${reason}`);
  }

  #take(text: string): void {
    const { view } = this.#options;
    const heard = readLiveFrame(text);
    const { frame } = heard;
    if (frame === undefined) view.frame(heard);
    else if (this.#isNew(frame)) {
      view.frame(heard);
      this.#show(frame);
    }
    if (!this.#cli.stdout.isOpen) this.#leave.now();
  }

  /** Whether a frame says what was not shown before; notes its number. */
  #isNew(frame: LiveFrame): boolean {
    switch (frame.type) {
      case "live_message":
        return this.#note(frame);
      case "system":
      case "custom_event":
      case "message_deleted":
      case "room_ended":
        return this.#place.note({ seq: frame.seq });
      default:
        return true;
    }
  }

  #note({ seq, from_seq: fromSeq = seq }: LiveItem): boolean {
    return this.#place.note({ seq, "from_seq": fromSeq });
  }

  #show(frame: LiveFrame): void {
    const { view } = this.#options;
    switch (frame.type) {
      case "snapshot":
        return this.#begin(frame);
      case "live_message":
        return view.items([frame]);
      case "system":
      case "custom_event":
      case "message_deleted":
      case "room_ended":
        return view.items([{ ...frame, data: frame }]);
      case "live_status":
        return view.status(frame.status);
      case "live_stats":
        return view.stats(frame.stats, frame.watchers);
      case "gap":
        this.#place.skip(frame.from, frame.to);
        return view.note(missedText(frame.from, frame.to));
      case "error":
        return view.note(`The server says: ${frame.message}`);
    }
  }

  #begin({ epoch, recovered, messages, status, stats }: Snapshot): void {
    const { view } = this.#options;
    const isSame = epoch === this.#epoch;
    const isOther = this.#epoch !== undefined && !isSame;
    if (this.#failures > 0) view.note("The server is back");
    if (isOther) view.note("The room is another one: its numbers begin anew");
    this.#failures = 0;
    this.#epoch = epoch;
    view.items(isSame ? messages.filter((item) => this.#note(item)) : messages);
    const lastSeq = messages.at(-1)?.seq ?? 0;
    this.#place.enter({ epoch, lastSeq, recovered });
    view.status(status);
    view.stats(stats);
  }

  #ask(): Promise<unknown> {
    const { api, liveId } = this.#options;
    return api.get(livePath(liveId), linkDetailAnswer);
  }

  #socketUrl(): string {
    const { serverUrl, liveId } = this.#options;
    const path = liveSocketPath(liveId) + this.#place.query();
    return serverUrl.replace(/^http/, "ws") + path;
  }

  #retryMs(): number {
    return backoffMs(this.#failures, {
      baseMs: RETRY_MS_MIN,
      maxMs: RETRY_MS_MAX,
      jitter: 0,
      fraction: 0,
    });
  }
}

/** @throws {CliError} where the server says not to come back. */
function endText({ code, reason }: SocketEnd): string {
  const because = reason === "" ? "" : ` ${reason}`;
  const text = `the connection ended with ${code}${because}`;
  if (code < FINAL_CODE_MIN) return text;
  throw new CliError(`Cannot watch any longer: ${text}`);
}

function missedText(from: number, to: number): string {
  return from === to
    ? `Number ${from} was not sent`
    : `Numbers ${from} to ${to} were not sent`;
}
