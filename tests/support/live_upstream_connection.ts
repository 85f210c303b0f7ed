/**
 * One connection that somebody made to a live upstream.
 *
 * @module
 */

import { Inbox } from "./inbox.ts";
import {
  ClientFrames,
  closeFrame,
  PONG,
  readSome,
  serverFrame,
  type UpstreamRequest,
} from "./live_upstream_wire.ts";
import { OPCODE } from "./raw_socket.ts";
import { within } from "./within.ts";

/** Most bytes that wait to be written before a lively room goes quiet. */
const UNWRITTEN_BYTES_MAX = 8 * 1_048_576;

/** A connection that is open, or was. */
export class UpstreamConnection {
  readonly liveId: string;
  readonly request: UpstreamRequest;
  /** Texts that came. */
  readonly texts = new Inbox<string>();
  /** Binary frames that came. */
  readonly binaries = new Inbox<Uint8Array>();
  /** Payloads of pings that came, as text. */
  readonly pings = new Inbox<string>();
  /** Codes of goodbyes that came. */
  readonly goodbyes = new Inbox<number>();
  readonly #connection: Deno.Conn;
  readonly #over = Promise.withResolvers<void>();
  #writing: Promise<void> = Promise.resolve();
  #unwrittenBytes = 0;
  #isFrozen = false;
  #saidGoodbye = false;
  #isOpen = true;

  constructor(
    connection: Deno.Conn,
    { liveId, request }: { liveId: string; request: UpstreamRequest },
  ) {
    this.#connection = connection;
    this.liveId = liveId;
    this.request = request;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Whether the other side has not taken what it was sent for long. */
  get isClogged(): boolean {
    return this.#unwrittenBytes > UNWRITTEN_BYTES_MAX;
  }

  /** Waits until it is over. */
  async over(): Promise<void> {
    await within(this.#over.promise, { what: `the end of ${this.liveId}` });
  }

  /** One text frame: a text as it is, anything else as JSON. */
  send(message: unknown): void {
    const text = typeof message === "string"
      ? message
      : JSON.stringify(message);
    this.sendFrame(OPCODE.text, text);
  }

  sendBinary(bytes: Uint8Array): void {
    this.sendFrame(OPCODE.binary, bytes);
  }

  sendFrame(
    opcode: number,
    payload: Uint8Array | string,
    options: { isFinal?: boolean } = {},
  ): void {
    this.sendBytes(serverFrame(opcode, payload, options));
  }

  /** Whatever bytes, one after the other. */
  sendBytes(bytes: Uint8Array): void {
    if (this.#isFrozen || !this.#isOpen) return;
    this.#unwrittenBytes += bytes.length;
    this.#writing = this.#writing.then(() => this.#write(bytes));
  }

  /** Waits until all that was sent is with the system. */
  async sent(): Promise<void> {
    await within(this.#writing, { what: "all to be sent" });
  }

  /** Says goodbye, and lets go when it is answered. */
  close(code: number, reason = ""): void {
    if (code === 1006) return this.drop();
    this.#saidGoodbye = true;
    this.sendBytes(closeFrame(code, reason));
  }

  /** Lets go without a word. */
  drop(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    try {
      this.#connection.close();
    } catch {
      // The other side was first.
    }
    this.#over.resolve();
  }

  /** Reads, answers and sends nothing more, and holds the connection. */
  freeze(): void {
    this.#isFrozen = true;
  }

  /** Hears the other side until it is over. */
  async run(): Promise<void> {
    const frames = new ClientFrames();
    let bytes: Uint8Array | undefined = this.request.rest;
    while (bytes !== undefined && this.#isOpen && !this.#isFrozen) {
      for (const { opcode, payload } of frames.take(bytes)) {
        if (!this.#isFrozen) this.#hear(opcode, payload);
      }
      if (this.#isOpen && !this.#isFrozen) {
        bytes = await readSome(this.#connection);
      }
    }
    if (this.#isFrozen) await this.#over.promise;
    this.drop();
    await this.#writing;
  }

  #hear(opcode: number, payload: Uint8Array): void {
    const text = new TextDecoder().decode(payload);
    switch (opcode) {
      case OPCODE.text:
        return this.texts.put(text);
      case OPCODE.binary:
        return this.binaries.put(payload);
      case OPCODE.ping:
        this.pings.put(text);
        return this.sendFrame(PONG, payload);
      case OPCODE.close: {
        this.goodbyes.put(payload.length < 2 ? 1005 : codeOf(payload));
        if (!this.#saidGoodbye) this.sendFrame(OPCODE.close, payload);
        this.#writing = this.#writing.then(() => this.drop());
      }
    }
  }

  async #write(bytes: Uint8Array): Promise<void> {
    let rest = bytes;
    try {
      while (rest.length > 0 && this.#isOpen) {
        rest = rest.subarray(await this.#connection.write(rest));
      }
    } catch {
      // The other side is gone: what is not written is lost, as it would be.
    }
    this.#unwrittenBytes -= bytes.length;
  }
}

function codeOf(payload: Uint8Array): number {
  return new DataView(payload.buffer, payload.byteOffset).getUint16(0);
}
