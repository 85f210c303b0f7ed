/**
 * A WebSocket that comes back: with growing waits after a failure, at once when
 * the network returns, and not at all when the server says so.
 *
 * It also answers the server's heartbeat, and gives up a connection on which
 * nothing was heard for longer than two beats: a browser may not notice for
 * minutes that a network is gone.
 *
 * @module
 */
/// <reference lib="dom" />

import { retryMs } from "./backoff.ts";
import type { Frame } from "./frames.ts";

/** What a line is doing. `shut` is for good. */
export type LineState = "connecting" | "open" | "waiting" | "shut";

/** Why a line is shut. */
export interface LineEnd {
  readonly code: number;
  readonly reason: string;
}

/** Who is told what a line does. */
export interface LineListener {
  /** The address of the next try, with where to go on from. */
  address(): string;
  onFrame(frame: Frame): void;
  onState(state: LineState, end?: LineEnd): void;
  /** A try failed before the socket was open; answers whether to go on. */
  mayRetry?(): Promise<boolean>;
}

/** Silence after which a connection counts as gone, in ms. */
const SILENCE_MS_MAX = 75_000;
/** From this close code on, the server wants no reconnect. */
export const FINAL_CODE_MIN = 4500;

/** One connection at a time, and a next one when it ends. */
export class Line {
  readonly #listener: LineListener;
  #socket: WebSocket | undefined;
  #state: LineState = "connecting";
  #failures = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor(listener: LineListener) {
    this.#listener = listener;
  }

  /** Connects. Called once; the line then lasts as long as the page. */
  start(): void {
    addEventListener("online", () => this.retryNow());
    addEventListener("offline", () => this.#drop());
    // A page that comes back from the browser's store has lost its socket.
    addEventListener("pageshow", ({ persisted }) => {
      if (persisted) this.retryNow();
    });
    this.#connect();
  }

  /** Tries at once, where a try is awaited. */
  retryNow(): void {
    if (this.#state !== "waiting") return;
    this.#failures = 0;
    this.#connect();
  }

  /** Says something; `false` when there is no connection to say it on. */
  say(frame: Frame): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /** Ends the line for good. */
  shut(end: LineEnd = { code: 1000, reason: "" }): void {
    this.#clear();
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
    this.#enter("shut", end);
  }

  #connect(): void {
    this.#clear();
    this.#enter("connecting");
    const socket = new WebSocket(this.#listener.address());
    this.#socket = socket;
    let wasOpen = false;
    socket.onopen = () => {
      wasOpen = true;
      this.#listen();
    };
    socket.onmessage = ({ data }) => {
      if (socket === this.#socket) this.#onText(String(data));
    };
    socket.onclose = ({ code, reason }) => {
      if (socket !== this.#socket) return;
      this.#socket = undefined;
      this.#onClose({ code, reason }, wasOpen);
    };
  }

  #onText(text: string): void {
    this.#listen();
    const frame: Frame = JSON.parse(text);
    if (frame.type === "heartbeat") {
      this.say({ type: "heartbeat_ack" });
      return;
    }
    this.#listener.onFrame(frame);
    if (this.#state === "connecting") {
      this.#failures = 0;
      this.#enter("open");
    }
  }

  async #onClose(end: LineEnd, wasOpen: boolean): Promise<void> {
    this.#clear();
    if (end.code >= FINAL_CODE_MIN) return this.#enter("shut", end);
    this.#enter("waiting");
    if (!wasOpen && await this.#listener.mayRetry?.() === false) {
      return this.shut();
    }
    if (this.#state !== "waiting") return;
    const waitMs = retryMs(this.#failures++, Math.random());
    this.#retry = setTimeout(() => this.#connect(), waitMs);
  }

  /** Lets go of a connection, without waiting until it says that it closed. */
  #drop(): void {
    const socket = this.#socket;
    if (socket === undefined) return;
    this.#socket = undefined;
    socket.close();
    this.#onClose({ code: 1006, reason: "" }, true);
  }

  #listen(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#drop(), SILENCE_MS_MAX);
  }

  #clear(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#silence);
  }

  #enter(state: LineState, end?: LineEnd): void {
    if (this.#state === "shut") return;
    this.#state = state;
    this.#listener.onState(state, end);
  }
}

/** The address of a socket of this server. */
export function socketAddress(path: string): string {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  return `${scheme}//${location.host}${path}`;
}
