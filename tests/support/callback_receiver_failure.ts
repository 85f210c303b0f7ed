/**
 * Ways for a receiver of callbacks to fail.
 *
 * @module
 */

import { SeededRandom } from "./seeded_random.ts";

/** One way to answer badly. */
export type Failure =
  | {
    readonly kind: "status";
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
  }
  /** No answer, for ever. */
  | { readonly kind: "hang" }
  /** 200, and then a byte a second, for ever. */
  | { readonly kind: "drip" }
  /** 200, and then the connection is cut within the body. */
  | { readonly kind: "break" }
  | { readonly kind: "redirect"; readonly url: string }
  /** 200 with 100 MB. */
  | { readonly kind: "huge" }
  /** A proper answer, after a while. */
  | { readonly kind: "delay"; readonly ms: number };

/** How to answer: one way, or chance. */
export type FailMode = Failure | RandomFailure;

/** Failures of all sorts, for a part of the requests. */
export class RandomFailure {
  readonly kind = "random";
  readonly #fraction: number;
  readonly #among: readonly Failure[];
  readonly #random: SeededRandom;

  /**
   * @param fraction In 0..1.
   * @param options The seed, and what to choose among; by default what costs
   * no time.
   */
  constructor(
    fraction: number,
    { seed, among = QUICK_FAILURES }: {
      seed?: number;
      among?: readonly Failure[];
    } = {},
  ) {
    this.#fraction = fraction;
    this.#among = among;
    this.#random = new SeededRandom(seed);
  }

  get seed(): number {
    return this.#random.seed;
  }

  /** A failure, or none. */
  next(): Failure | undefined {
    if (this.#random.fraction() >= this.#fraction) return undefined;
    return this.#among[this.#random.integer(0, this.#among.length - 1)];
  }
}

const QUICK_FAILURES: readonly Failure[] = [
  { kind: "status", status: 500 },
  { kind: "status", status: 503, headers: { "retry-after": "0" } },
  { kind: "break" },
  { kind: "redirect", url: "http://elsewhere.invalid/" },
];

/**
 * Whether a receiver that fails so has done its work all the same: then it is
 * only the sender who does not know.
 */
export function isTakenIn(failure: Failure): boolean {
  return ["break", "drip", "huge", "delay"].includes(failure.kind);
}

/** What answering takes. */
export interface AnswerOptions {
  /** Aborts when the receiver stops: nothing outlives it. */
  readonly life: AbortSignal;
  /** The proper answer. */
  readonly proper: () => Response;
  /** Is told of each byte of a large body that the connection asked for. */
  readonly count: (bytes: number) => void;
}

/** Answers badly. */
export async function failingAnswer(
  failure: Failure,
  { life, proper, count }: AnswerOptions,
): Promise<Response> {
  switch (failure.kind) {
    case "status": {
      const { status, headers = {} } = failure;
      const body = JSON.stringify({ error: `Told to answer ${status}` });
      const type = { "content-type": "application/json" };
      return new Response(NO_BODY.includes(status) ? null : body, {
        status,
        headers: { ...type, ...headers },
      });
    }
    case "redirect":
      return new Response(null, {
        status: 302,
        headers: { location: failure.url },
      });
    case "hang":
      await sleep(Infinity, life);
      return proper();
    case "delay":
      await sleep(failure.ms, life);
      return proper();
    case "drip":
      return new Response(dripping(life));
    case "break":
      // The rest of the length that is promised never comes.
      return new Response(new Blob(['{"status":']).stream(), {
        headers: { "content-length": "1000" },
      });
    case "huge":
      return new Response(huge(count));
  }
}

/** Statuses whose answers cannot have a body. */
const NO_BODY: readonly number[] = [204, 205, 304];

const DRIP_MS = 1000;
const HUGE_BYTES = 100_000_000;
const CHUNK_BYTES = 50_000;

function dripping(life: AbortSignal): ReadableStream<Uint8Array> {
  const gone = new AbortController();
  const end = AbortSignal.any([life, gone.signal]);
  return new ReadableStream({
    async pull(stream) {
      stream.enqueue(new Uint8Array([0x20]));
      await sleep(DRIP_MS, end);
    },
    cancel: () => gone.abort(),
  });
}

function huge(count: (bytes: number) => void): ReadableStream<Uint8Array> {
  let bytesLeft = HUGE_BYTES;
  return new ReadableStream({
    pull(stream) {
      if (bytesLeft === 0) return stream.close();
      bytesLeft -= CHUNK_BYTES;
      count(CHUNK_BYTES);
      stream.enqueue(new Uint8Array(CHUNK_BYTES).fill(0x20));
    },
  });
}

/** Waits, and not beyond the end. */
function sleep(ms: number, end: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (end.aborted) return Promise.resolve();
  const timer = ms === Infinity ? undefined : setTimeout(wake, ms);
  function wake(): void {
    clearTimeout(timer);
    end.removeEventListener("abort", wake);
    resolve();
  }
  end.addEventListener("abort", wake);
  return promise;
}
