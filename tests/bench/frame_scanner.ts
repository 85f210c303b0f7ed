/**
 * Finds the frames in what a server sends, without copying or decoding them.
 *
 * @module
 */

/** Told of each frame while its bytes last. */
export interface FrameSink {
  /** Text stands in `bytes` from `start` up to `end`. */
  onText(bytes: Uint8Array, start: number, end: number): void;
  onPing(payload: Uint8Array): void;
  onClose(code: number): void;
}

const HEAD_END = "\r\n\r\n";
const CLOSE = 8;
const PING = 9;

export class FrameScanner {
  readonly #sink: FrameSink;
  readonly #readBytesMin: number;
  #bytes: Uint8Array<ArrayBuffer>;
  #start = 0;
  #end = 0;

  /** @param readBytesMin the room that every read finds, in bytes. */
  constructor(sink: FrameSink, readBytesMin: number) {
    this.#sink = sink;
    this.#readBytesMin = readBytesMin;
    this.#bytes = new Uint8Array(2 * readBytesMin);
  }

  /** Where the next read goes. */
  room(): Uint8Array<ArrayBuffer> {
    const rest = this.#end - this.#start;
    if (rest === 0) {
      this.#start = this.#end = 0;
    } else if (this.#bytes.length - this.#end < this.#readBytesMin) {
      const isTooSmall = rest + this.#readBytesMin > this.#bytes.length;
      const target = isTooSmall
        ? new Uint8Array(2 * this.#bytes.length)
        : this.#bytes;
      target.set(this.#bytes.subarray(this.#start, this.#end));
      this.#bytes = target;
      this.#start = 0;
      this.#end = rest;
    }
    return this.#bytes.subarray(this.#end);
  }

  /** So many bytes were read; answers the head of a response once it is whole. */
  takeHead(count: number): string | undefined {
    this.#end += count;
    const bytes = this.#bytes.subarray(this.#start, this.#end);
    const text = new TextDecoder("latin1").decode(bytes);
    const length = text.indexOf(HEAD_END);
    if (length < 0) return undefined;
    this.#start += length + HEAD_END.length;
    return text.slice(0, length);
  }

  /** So many bytes were read; tells of the frames that are whole now. */
  takeFrames(count: number): void {
    this.#end += count;
    const bytes = this.#bytes.subarray(0, this.#end);
    for (;;) {
      const start = this.#start;
      if (this.#end - start < 2) return;
      const short = (bytes[start + 1] ?? 0) & 127;
      const payloadAt = start + (short < 126 ? 2 : short === 126 ? 4 : 10);
      if (payloadAt > this.#end) return;
      const length = short < 126 ? short : longLength(bytes, start + 2, short);
      const end = payloadAt + length;
      if (end > this.#end) return;
      this.#start = end;
      this.#tell((bytes[start] ?? 0) & 15, bytes, payloadAt, end);
    }
  }

  #tell(opcode: number, bytes: Uint8Array, ...[start, end]: [number, number]) {
    if (opcode < CLOSE) return this.#sink.onText(bytes, start, end);
    if (opcode === PING) return this.#sink.onPing(bytes.slice(start, end));
    if (opcode !== CLOSE) return;
    const hasCode = end - start >= 2;
    this.#sink.onClose(hasCode ? bigEndian(bytes, start, 2) : 1005);
  }
}

function longLength(bytes: Uint8Array, at: number, short: number): number {
  return bigEndian(bytes, at, short === 126 ? 2 : 8);
}

function bigEndian(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let index = at; index < at + count; index++) {
    value = value * 256 + (bytes[index] ?? 0);
  }
  return value;
}
