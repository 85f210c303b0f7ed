/**
 * What goes out to one connection, with a bound.
 *
 * Up to the soft bound everything is sent. Past it, what may be dropped is, and
 * the session is told which numbers it missed once it has caught up. Past the
 * hard bound it is given up.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Metrics } from "../base/metrics.ts";
import { Packet, type SeqRange } from "../wire/packet.ts";
import type { Socket } from "./socket.ts";

/** How often a connection that lags is looked at, in ms. */
const LAG_POLL_MS = 100;

/** How long a connection may take to read what it asked for, in ms. */
const DRAIN_MS_MAX = 30_000;

/** Bounds on what waits to be sent to one connection, in bytes. */
export interface OutboundLimits {
  readonly softBytesMax: number;
  readonly hardBytesMax: number;
}

export interface OutboundOptions {
  readonly socket: Socket;
  readonly limits: OutboundLimits;
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** Encodes the notice of missed numbers; `null` where there is no word. */
  readonly gapPacket: (range: SeqRange) => Packet | null;
  /** Gives the connection up as too slow. */
  readonly onTooSlow: () => void;
}

/** What a connection that lags has missed. */
interface Lag {
  range: SeqRange | null;
  poll: Disposable;
}

/** The way out to one connection. */
export class Outbound {
  readonly #options: OutboundOptions;
  readonly #socket: Socket;
  readonly #softBytesMax: number;
  #lag: Lag | undefined;
  #isStopped = false;

  constructor(options: OutboundOptions) {
    this.#options = options;
    this.#socket = options.socket;
    this.#softBytesMax = options.limits.softBytesMax;
  }

  /** Sends a packet or a part of it; answers how many messages went out. */
  send(packet: Packet): number {
    const isClear = this.#lag === undefined &&
      this.#socket.bufferedAmount <= this.#softBytesMax;
    if (isClear) {
      this.#socket.send(packet);
      return packet.frames.length;
    }
    return this.#sendLagging(packet);
  }

  /** Waits until no more than the soft bound waits to be sent. */
  async drained(): Promise<boolean> {
    const { clock, onTooSlow } = this.#options;
    const untilAt = clock.monotonic() + DRAIN_MS_MAX;
    while (!this.#isStopped) {
      if (this.#socket.bufferedAmount <= this.#softBytesMax) return true;
      if (clock.monotonic() >= untilAt) onTooSlow();
      await new Promise<void>((resolve) => clock.after(LAG_POLL_MS, resolve));
    }
    return false;
  }

  /** Sends nothing more. */
  stop(): void {
    this.#isStopped = true;
    this.#lag?.poll[Symbol.dispose]();
    this.#lag = undefined;
  }

  #sendLagging(packet: Packet): number {
    const { limits, metrics, onTooSlow } = this.#options;
    if (this.#socket.bufferedAmount > limits.hardBytesMax) {
      onTooSlow();
      return 0;
    }
    const { urgent, missable } = packet;
    const sentCount = urgent?.frames.length ?? 0;
    metrics.deliveriesDropped.inc(packet.frames.length - sentCount);
    const lag = this.#lag ??= { range: null, poll: this.#armPoll() };
    if (urgent !== null && packet.isNumbered) {
      this.#sendInOrder(packet, lag);
      return sentCount;
    }
    if (missable !== null) widen(lag, missable);
    if (urgent !== null) this.#socket.send(urgent);
    return sentCount;
  }

  /**
   * Sends what may not be missed, and before each number of it the notice of
   * those that were: who knows a number knows of every gap below it.
   */
  #sendInOrder({ said }: Packet, lag: Lag): void {
    for (const { droppable, frame, seq } of said) {
      if (!droppable) {
        if (seq !== null) this.#tellGap(lag);
        this.#socket.send(Packet.of(frame));
      } else if (seq !== null) {
        widen(lag, { from: seq, to: seq });
      }
    }
  }

  #tellGap(lag: Lag): void {
    const notice = lag.range && this.#options.gapPacket(lag.range);
    lag.range = null;
    if (notice !== null) this.#socket.send(notice);
  }

  #armPoll(): Disposable {
    return this.#options.clock.after(LAG_POLL_MS, () => this.#onPoll());
  }

  /** Ends the lag once half of the soft bound is free again. */
  #onPoll(): void {
    const lag = this.#lag;
    if (lag === undefined) return;
    if (this.#socket.bufferedAmount > this.#softBytesMax / 2) {
      lag.poll = this.#armPoll();
      return;
    }
    this.#lag = undefined;
    this.#tellGap(lag);
  }
}

/** So many more numbers were missed. */
function widen(lag: Lag, { from, to }: SeqRange): void {
  lag.range = { from: lag.range?.from ?? from, to };
}
