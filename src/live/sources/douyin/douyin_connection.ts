/**
 * One connection to the platform's push server.
 *
 * @module
 */

import type { Clock } from "../../../base/clock.ts";
import type {
  SourceConnection,
  SourceEnd,
  SourceEvents,
} from "../../source.ts";
import type { dialUpstream, UpstreamSocket } from "../upstream_socket.ts";
import type { GiftBook } from "./gift_message.ts";
import { Inflow } from "./inflow.ts";
import { FRAME_BYTES_MAX, HEARTBEAT } from "./push_frame.ts";
import type { Unpacker } from "./unpack.ts";

/** Where to connect, and as whom. */
export interface PushPlan {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface DouyinConnectionOptions {
  /** Finds out where to connect; never rejects. */
  readonly plan: (signal: AbortSignal) => Promise<PushPlan | SourceEnd>;
  readonly dial: typeof dialUpstream;
  readonly clock: Pick<Clock, "after">;
  readonly gifts: GiftBook;
  readonly unpacker: Unpacker;
  /** The authority to trust, in PEM, in place of those of the system. */
  readonly ca?: string | undefined;
}

/** How long the handshake may take, in ms. */
const HANDSHAKE_MS_MAX = 10_000;

/** Between heartbeats, in ms: what the platform asks for, within these. */
const HEARTBEAT_MS_MIN = 10_000;
const HEARTBEAT_MS_MAX = 60_000;

/** A connection that is opening or open. */
export class DouyinConnection implements SourceConnection {
  readonly #options: DouyinConnectionOptions;
  readonly #events: SourceEvents;
  readonly #planning = new AbortController();
  readonly #inflow: Inflow;
  #socket: UpstreamSocket | undefined;
  #beat: Disposable | undefined;
  #beatMs = HEARTBEAT_MS_MIN;
  #isHeld = false;
  #isFull = false;
  #isOver = false;

  constructor(options: DouyinConnectionOptions, events: SourceEvents) {
    this.#options = options;
    this.#events = events;
    this.#inflow = new Inflow({
      events,
      gifts: options.gifts,
      unpacker: options.unpacker,
      onAck: (frame) => this.#socket?.sendBinary(frame),
      onHeartbeatMs: (ms) => {
        const least = Math.max(HEARTBEAT_MS_MIN, ms);
        this.#beatMs = Math.min(HEARTBEAT_MS_MAX, least);
      },
      onPressure: (isFull) => {
        this.#isFull = isFull;
        this.#applyHold();
      },
    });
  }

  /** Finds out where to connect, and does. */
  async open(): Promise<void> {
    const plan = await this.#options.plan(this.#planning.signal);
    if (this.#isOver) return;
    if ("fault" in plan) return this.#end(plan);
    const { dial, clock, ca } = this.#options;
    this.#socket = dial({
      ...plan,
      protocols: [],
      frameBytesMax: FRAME_BYTES_MAX,
      handshakeMsMax: HANDSHAKE_MS_MAX,
      clock,
      ...(ca === undefined ? {} : { ca }),
    }, {
      onOpen: () => {
        this.#sendHeartbeat();
        this.#events.onOpen();
      },
      // Whatever it is, the platform has no text frames.
      onText: () => this.#events.onFault("malformed"),
      onBinary: (frame) => this.#inflow.take(frame),
      onPong: () => this.#events.onAlive(),
      onEnd: (end) => {
        this.#beat?.[Symbol.dispose]();
        this.#inflow.finish(() => this.#end(end));
      },
    });
    if (this.#isHeld) this.#applyHold();
  }

  pause(): void {
    this.#isHeld = true;
    this.#inflow.hold(true);
    this.#applyHold();
  }

  resume(): void {
    this.#isHeld = false;
    this.#applyHold();
    this.#inflow.hold(false);
  }

  ping(): void {
    this.#socket?.ping(HEARTBEAT);
  }

  close(): void {
    // What is not passed on must not count as known when it comes again.
    this.#inflow.drop();
    if (this.#socket === undefined) this.#giveUp();
    else this.#socket.close();
  }

  cut(): void {
    this.#inflow.drop();
    if (this.#socket === undefined) this.#giveUp();
    else this.#socket.cut();
  }

  #giveUp(): void {
    this.#planning.abort();
    this.#end({ fault: "closed" });
  }

  #end(end: SourceEnd): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#events.onEnd(end);
  }

  #applyHold(): void {
    if (this.#isHeld || this.#isFull) this.#socket?.pause();
    else this.#socket?.resume();
  }

  #sendHeartbeat(): void {
    this.#socket?.sendBinary(HEARTBEAT);
    this.#beat = this.#options.clock.after(
      this.#beatMs,
      () => this.#sendHeartbeat(),
    );
  }
}
