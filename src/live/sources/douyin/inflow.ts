/**
 * What comes over one connection: frames in, messages and acks out, in order.
 *
 * Small frames are read as they come. A frame that takes turns to unpack, or
 * brings very many messages, holds up those behind it; they wait here, and past
 * a bound the connection is held back. What was read is not passed on either
 * while whoever takes it holds the connection back.
 *
 * @module
 */

import { Ring } from "../../../base/ring.ts";
import { nextTurn, type Yield } from "../../../base/turn.ts";
import type { FeedFault, SourceEvents, SourceMessage } from "../../source.ts";
import type { GiftBook } from "./gift_message.ts";
import { normalise } from "./normalise.ts";
import { ackFrame, openPushFrame, type PushedPayload } from "./push_frame.ts";
import { type PushedResponse, readResponse } from "./response.ts";
import type { Unpacked, Unpacker } from "./unpack.ts";

/** Frames and bytes that wait before the connection is held back. */
const WAITING_FRAMES_MAX = 64;
const WAITING_BYTES_MAX = 4 * 1024 * 1024;

/** Messages, and bytes of them, that are read and passed on within one turn. */
const TURN_MESSAGES_MAX = 500;
const TURN_BYTES_MAX = 256 * 1024;

/** Most bytes of a message that is read; decoding takes its time. */
const MESSAGE_BYTES_MAX = 256 * 1024;

export interface InflowOptions {
  readonly events: Pick<SourceEvents, "onMessages" | "onAlive" | "onFault">;
  readonly gifts: GiftBook;
  readonly unpacker: Unpacker;
  readonly yieldTurn?: Yield;
  /** Sends an ack. */
  readonly onAck: (frame: Uint8Array) => void;
  /** The other side says how often it wants a heartbeat. */
  readonly onHeartbeatMs: (ms: number) => void;
  /** Whether too much waits; told when that changes. */
  readonly onPressure: (isFull: boolean) => void;
}

/** A frame whose messages are being passed on. */
interface Reading {
  readonly response: PushedResponse;
  readonly logId: string;
  /** Messages of it that are done with. */
  doneCount: number;
  isAnyPassed: boolean;
}

/** Reads frames, one after the other. */
export class Inflow {
  readonly #options: InflowOptions;
  readonly #yield: Yield;
  readonly #waiting = new Ring<PushedPayload>();
  #waitingBytes = 0;
  #reading: Reading | undefined;
  #turnMessages = 0;
  #turnBytes = 0;
  #isFull = false;
  #isHeld = false;
  #isBusy = false;
  #isDropped = false;
  #onRelease: (() => void) | undefined;
  #onIdle: (() => void) | undefined;

  constructor(options: InflowOptions) {
    this.#options = options;
    this.#yield = options.yieldTurn ?? nextTurn;
  }

  /** Takes a frame; its bytes are copied where they have to wait. */
  take(frame: Uint8Array): void {
    if (this.#isDropped) return;
    const { events } = this.#options;
    let pushed: PushedPayload | null;
    try {
      pushed = openPushFrame(frame);
    } catch {
      return events.onFault("malformed");
    }
    if (pushed === null) return events.onAlive();
    const payload = pushed.payload.slice();
    this.#waiting.push({ ...pushed, payload });
    this.#waitingBytes += payload.length;
    if (!this.#isBusy) void this.#run();
    this.#tellPressure();
  }

  /** Passes nothing on from now on, or goes on. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    const run = this.#onRelease;
    this.#onRelease = undefined;
    run?.();
  }

  /** Runs something once all that was taken has been passed on. */
  finish(run: () => void): void {
    if (this.#isBusy && !this.#isDropped) this.#onIdle = run;
    else run();
  }

  /** Forgets what waits; nothing more is told, and nobody waits for it. */
  drop(): void {
    this.#isDropped = true;
    this.#tellIdle();
  }

  async #run(): Promise<void> {
    this.#isBusy = true;
    while (this.#reading !== undefined || this.#waiting.size > 0) {
      if (this.#isHeld || this.#isTurnSpent()) await this.#pause();
      if (this.#isDropped) break;
      if (this.#reading !== undefined) this.#passSome(this.#reading);
      else {
        const opening = this.#openNext();
        if (opening !== undefined) await opening;
      }
      this.#tellPressure();
    }
    this.#isBusy = false;
    this.#tellIdle();
  }

  /** Waits for the next turn, and as long as nothing may be passed on. */
  async #pause(): Promise<void> {
    await new Promise<void>((resolve) => this.#yield(resolve));
    this.#turnMessages = 0;
    this.#turnBytes = 0;
    while (this.#isHeld) {
      await new Promise<void>((resolve) => this.#onRelease = resolve);
    }
  }

  #isTurnSpent(): boolean {
    return this.#turnMessages >= TURN_MESSAGES_MAX ||
      this.#turnBytes >= TURN_BYTES_MAX;
  }

  /** Opens the oldest frame; a promise only where it takes more than a turn. */
  #openNext(): Promise<void> | undefined {
    const pushed = this.#waiting.shift();
    if (pushed === undefined) return undefined;
    const { isPacked, payload, logId } = pushed;
    this.#waitingBytes -= payload.length;
    const unpacked = isPacked
      ? this.#options.unpacker.unpack(payload)
      : payload;
    if (unpacked instanceof Promise) {
      return unpacked.then((bytes) => this.#begin(bytes, logId));
    }
    this.#begin(unpacked, logId);
    return undefined;
  }

  /** Begins to read a frame; its messages are passed on by and by. */
  #begin(unpacked: Unpacked, logId: string): void {
    if (this.#isDropped) return;
    const { events, onHeartbeatMs } = this.#options;
    if (typeof unpacked === "string") return events.onFault(unpacked);
    this.#turnBytes += unpacked.length;
    let response: PushedResponse;
    try {
      response = readResponse(unpacked);
    } catch {
      return events.onFault("malformed");
    }
    onHeartbeatMs(response.heartbeatS * 1000);
    this.#reading = { response, logId, doneCount: 0, isAnyPassed: false };
  }

  /** Passes on what the turn has room for. */
  #passSome(reading: Reading): void {
    const { messages } = reading.response;
    const some: SourceMessage[] = [];
    while (!this.#isTurnSpent()) {
      const bytes = messages[reading.doneCount];
      if (bytes === undefined) break;
      reading.doneCount += 1;
      const message = this.#read(bytes);
      if (message !== null) some.push(message);
    }
    const isAny = some.length > 0;
    if (isAny) reading.isAnyPassed = true;
    const isLast = reading.doneCount === messages.length;
    const keep = isLast ? this.#finished(reading) : undefined;
    // A receipt waits for what came before, also where nothing is passed on.
    if (isAny || keep !== undefined) {
      this.#options.events.onMessages(some, keep);
    }
  }

  /** Reads a message; `null` when there is nothing to pass on. */
  #read(bytes: Uint8Array): SourceMessage | null {
    this.#turnMessages += 1;
    this.#turnBytes += bytes.length;
    let message: SourceMessage | FeedFault | null;
    try {
      message = bytes.length > MESSAGE_BYTES_MAX
        ? "message_too_large"
        : normalise(bytes, this.#options.gifts);
    } catch {
      message = "malformed";
    }
    if (typeof message !== "string") return message;
    this.#options.events.onFault(message);
    return null;
  }

  /** All of a frame has been read; answers what its receipt is, if any. */
  #finished(
    { response, logId, isAnyPassed }: Reading,
  ): (() => void) | undefined {
    const { events, onAck } = this.#options;
    this.#reading = undefined;
    if (!isAnyPassed) events.onAlive();
    if (response.isCut) events.onFault("unpacked_too_large");
    if (response.isCut || !response.needAck) return undefined;
    // It outlives the frame, of which `internalExt` is a view.
    const ack = ackFrame(logId, response.internalExt);
    return () => onAck(ack);
  }

  #tellIdle(): void {
    const run = this.#onIdle;
    this.#onIdle = undefined;
    run?.();
  }

  #tellPressure(): void {
    const { size } = this.#waiting;
    const isOver = size > WAITING_FRAMES_MAX ||
      this.#waitingBytes > WAITING_BYTES_MAX;
    const isUnderHalf = size <= WAITING_FRAMES_MAX / 2 &&
      this.#waitingBytes <= WAITING_BYTES_MAX / 2;
    const isFull = this.#isFull ? !isUnderHalf : isOver;
    if (isFull === this.#isFull) return;
    this.#isFull = isFull;
    this.#options.onPressure(isFull);
  }
}
