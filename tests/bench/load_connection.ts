/**
 * One raw connection of the load: upgrade, read, write.
 *
 * @module
 */

import {
  binaryFrame,
  pongFrame,
  textFrame,
  upgradeRequest,
} from "./client_frame.ts";
import { FrameScanner, type FrameSink } from "./frame_scanner.ts";
import type { LoadJob } from "./load_job.ts";
import { warnLine } from "./print.ts";

/** Told of what arrives on a connection. */
export interface Ear {
  onText(bytes: Uint8Array, start: number, end: number): void;
  /** The bytes of one read were handed over. */
  onRead(byteCount: number): void;
  onGone(): void;
}

/** Of a connection that nobody measures. */
export const silentEar: Ear = {
  onText: () => {},
  onRead: () => {},
  onGone: () => {},
};

const HOST = "127.0.0.1";

/**
 * Opens a connection.
 *
 * @throws when there is no server or it refuses the upgrade.
 */
export async function openConnection(
  { port, protocol, headers, path, readBytesMin }: LoadJob,
  index: number,
): Promise<LoadConnection> {
  const connection = await Deno.connect({ hostname: HOST, port });
  connection.setNoDelay(true);
  const made = new LoadConnection(index, connection, readBytesMin);
  await made.upgrade(upgradeRequest({
    host: `${HOST}:${port}`,
    path: path.replaceAll("{i}", String(index)),
    protocol,
    headers,
  }));
  return made;
}

export class LoadConnection implements FrameSink {
  readonly index: number;
  readonly #connection: Deno.TcpConn;
  readonly #scanner: FrameScanner;
  #ear: Ear | undefined;
  #outgoing: Uint8Array<ArrayBuffer>[] = [];
  #isWriting = false;
  #isGone = false;

  constructor(
    index: number,
    connection: Deno.TcpConn,
    readBytesMin: number,
  ) {
    this.index = index;
    this.#connection = connection;
    this.#scanner = new FrameScanner(this, readBytesMin);
  }

  /** @throws when the server refuses. */
  async upgrade(request: Uint8Array<ArrayBuffer>): Promise<void> {
    this.#write(request);
    let head: string | undefined;
    while (head === undefined) {
      const count = await this.#read();
      if (count === null) throw new Error("Cannot upgrade: the server hung up");
      head = this.#scanner.takeHead(count);
    }
    if (head.startsWith("HTTP/1.1 101")) return;
    throw new Error(`Cannot upgrade: ${head.split("\r\n", 1)[0]}`);
  }

  /** Reads until the connection ends; waits for `pause` between two reads. */
  async listen(
    ear: Ear,
    pause: () => Promise<void> | undefined,
  ): Promise<void> {
    this.#ear = ear;
    // What came with the answer to the upgrade.
    this.#scanner.takeFrames(0);
    while (!this.#isGone) {
      const count = await this.#read();
      if (count === null) break;
      this.#scanner.takeFrames(count);
      ear.onRead(count);
      await pause();
    }
    this.#end();
  }

  /** Sends a text frame, behind those that wait. */
  send(text: string): void {
    this.#write(textFrame(text));
  }

  /** Sends the bytes of a text as a binary frame. */
  sendBinary(text: string): void {
    this.#write(binaryFrame(text));
  }

  close(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#connection.close();
  }

  onText(bytes: Uint8Array, start: number, end: number): void {
    this.#ear?.onText(bytes, start, end);
  }

  onPing(payload: Uint8Array): void {
    this.#write(pongFrame(payload));
  }

  onClose(code: number): void {
    warnLine(`Connection ${this.index} was closed with ${code}`);
    this.#end();
  }

  async #read(): Promise<number | null> {
    try {
      return await this.#connection.read(this.#scanner.room());
    } catch (error) {
      if (this.#isGone) return null;
      throw error;
    }
  }

  #write(frame: Uint8Array<ArrayBuffer>): void {
    this.#outgoing.push(frame);
    if (!this.#isWriting) void this.#writeAll();
  }

  /** What piled up while one write ran goes out in the next. */
  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    // The run that sends ends first, so that all it sends is one write.
    await Promise.resolve();
    while (this.#outgoing.length > 0 && !this.#isGone) {
      let rest = joined(this.#outgoing);
      this.#outgoing = [];
      while (rest.length > 0 && !this.#isGone) {
        const count = await this.#connection.write(rest).catch(() => undefined);
        if (count === undefined) return this.#end();
        rest = rest.subarray(count);
      }
    }
    this.#isWriting = false;
  }

  #end(): void {
    if (this.#isGone) return;
    this.close();
    this.#ear?.onGone();
  }
}

function joined(
  frames: readonly Uint8Array<ArrayBuffer>[],
): Uint8Array<ArrayBuffer> {
  const [only] = frames;
  if (only !== undefined && frames.length === 1) return only;
  const length = frames.reduce((sum, frame) => sum + frame.length, 0);
  const whole = new Uint8Array(length);
  let at = 0;
  for (const frame of frames) {
    whole.set(frame, at);
    at += frame.length;
  }
  return whole;
}
