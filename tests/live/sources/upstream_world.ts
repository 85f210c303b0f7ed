/**
 * A socket to an upstream of the test, and everything that it is told.
 *
 * @module
 */

import type { SourceEnd } from "../../../src/live/source.ts";
import {
  dialUpstream,
  type UpstreamOptions,
  type UpstreamSocket,
} from "../../../src/live/sources/upstream_socket.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { Inbox } from "../../support/inbox.ts";
import { within } from "../../support/within.ts";

/** What a socket said. */
export type Told =
  | { readonly kind: "open" | "pong" }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "binary"; readonly bytes: number[] };

/** A socket that a test dialled. */
export class DialledSocket {
  readonly clock = new FakeClock();
  readonly told = new Inbox<Told>();
  readonly socket: UpstreamSocket;
  readonly #ended = Promise.withResolvers<SourceEnd>();
  /** How often `onEnd` was called. */
  endCount = 0;

  constructor(url: string, options: Partial<UpstreamOptions> = {}) {
    this.socket = dialUpstream({
      url,
      headers: {},
      protocols: [],
      frameBytesMax: 1_048_576,
      handshakeMsMax: 10_000,
      clock: this.clock,
      ...options,
    }, {
      onOpen: () => this.told.put({ kind: "open" }),
      onText: (text) => this.told.put({ kind: "text", text }),
      onBinary: (bytes) => this.told.put({ kind: "binary", bytes: [...bytes] }),
      onPong: () => this.told.put({ kind: "pong" }),
      onEnd: (end) => {
        this.endCount++;
        this.#ended.resolve(end);
      },
    });
  }

  /** Waits until it is open. */
  async open(): Promise<this> {
    await this.told.take(({ kind }) => kind === "open", "open");
    return this;
  }

  /** The next text. */
  async text(): Promise<string> {
    const told = await this.told.take(({ kind }) => kind === "text", "text");
    return told.kind === "text" ? told.text : "";
  }

  /** How it ended. */
  async ended(): Promise<SourceEnd> {
    return await within(this.#ended.promise, { what: "the end of a socket" });
  }
}
