/**
 * Deliveries over an outbox in memory, to a receiver that answers as a test
 * says.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Clock } from "../../src/base/clock.ts";
import { Metrics } from "../../src/base/metrics.ts";
import type {
  DeliveryQueue,
  EndpointTable,
} from "../../src/callback/outbox.ts";
import { Dispatcher } from "../../src/callback/dispatcher.ts";
import type { Parcel, Post, PostResult } from "../../src/callback/post.ts";
import type { RetryPolicy } from "../../src/callback/retry_plan.ts";
import type { CallbackEvent, EndpointName } from "../../src/wire/callback.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { FakeOutbox } from "../support/fake_outbox.ts";
import { RecordingLog } from "../support/recording_log.ts";

/** What a receiver does with a parcel. */
export type Answer =
  /** Answers with a status; a 2xx takes the parcel. */
  | number
  /** Answers with more than a status. */
  | Partial<PostResult>
  /** Says nothing until `endHung` or the sender's abort. */
  | "hang"
  /** Takes the parcel, but the sender hears nothing of it. */
  | "lose";

/** One attempt that was seen. */
export interface SeenAttempt {
  readonly id: string;
  readonly url: string;
  /** Epoch ms. */
  readonly at: number;
}

/** The database of the tests failing. */
export class FakeStoreError extends Error {
  override readonly name = "FakeStoreError";
}

/** A backend that drops what it took before. */
export class FakeReceiver {
  readonly attempts: SeenAttempt[] = [];
  /** Ids in the order in which they were first taken. */
  readonly effects: string[] = [];
  /** The most attempts at once, by URL. */
  readonly most = new Map<string, number>();
  /** Two attempts of one room at once. */
  readonly faults: string[] = [];
  answer: (parcel: Parcel) => Answer | Promise<Answer> = () => 200;
  readonly #clock: FakeClock;
  readonly #underWay = new Map<string, Set<string>>();
  #hung: ((answer: Answer) => void)[] = [];

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  /** Ids of all attempts, in order. */
  get ids(): string[] {
    return this.attempts.map(({ id }) => id);
  }

  /** The sender is gone: what hangs is forgotten, unanswered. */
  forgetSender(): void {
    this.#underWay.clear();
    this.#hung = [];
  }

  /** Answers all that hang. */
  endHung(answer: Answer): void {
    const hung = this.#hung;
    this.#hung = [];
    for (const end of hung) end(answer);
  }

  readonly post: Post = async (parcel, signal) => {
    const { id, url } = parcel;
    this.attempts.push({ id, url, at: this.#clock.now() });
    const rooms = this.#underWay.get(url) ?? new Set();
    this.#underWay.set(url, rooms);
    const room = roomOf(id);
    if (rooms.has(room)) this.faults.push(`${id} overtook at ${url}`);
    rooms.add(room);
    this.most.set(url, Math.max(this.most.get(url) ?? 0, rooms.size));
    try {
      return this.#result(parcel, await this.#settled(parcel, signal));
    } finally {
      rooms.delete(room);
    }
  };

  async #settled(
    parcel: Parcel,
    signal: AbortSignal,
  ): Promise<Exclude<Answer, "hang">> {
    const answer = await this.answer(parcel);
    if (answer !== "hang") return answer;
    if (signal.aborted) return { error: "Cut" };
    return await new Promise((resolve) => {
      const end = (later: Answer) => resolve(later === "hang" ? 0 : later);
      this.#hung.push(end);
      signal.addEventListener("abort", () => end({ error: "Cut" }));
    });
  }

  #result({ id }: Parcel, answer: Exclude<Answer, "hang">): PostResult {
    const isStatus = typeof answer === "number";
    const ok = isStatus && answer >= 200 && answer < 300;
    if (ok || answer === "lose") this.#take(id);
    const status = isStatus && answer > 0 ? answer : null;
    const error = ok ? "" : `Answered ${answer}`;
    const result = { ok, status, error, retryAfterMs: null, text: "" };
    return typeof answer === "object" ? { ...result, ...answer } : result;
  }

  #take(id: string): void {
    if (!this.effects.includes(id)) this.effects.push(id);
  }
}

/** What a process does to the world, until it is killed. */
export class FakeProcess {
  /** How long a call takes to reach the world, and its answer to come back. */
  delay: () => Promise<void> | undefined = () => undefined;
  readonly #timers = new Set<Disposable>();
  #isKilled = false;

  /** From now on nothing reaches it or leaves it, ever. */
  kill(): void {
    this.#isKilled = true;
    for (const timer of this.#timers) timer[Symbol.dispose]();
  }

  /** The clock as this process reaches it. */
  clock(clock: FakeClock): Clock {
    return {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      after: (delayMs, run) => {
        const timer = clock.after(delayMs, run);
        if (this.#isKilled) timer[Symbol.dispose]();
        this.#timers.add(timer);
        return timer;
      },
    };
  }

  /** The outbox as this process reaches it. */
  outbox(outbox: FakeOutbox): DeliveryQueue & EndpointTable {
    return {
      due: (query) => this.#alive(() => outbox.due(query)),
      settle: (all) => this.#alive(() => outbox.settle(all)),
      release: (name, at, attemptsMax) =>
        this.#alive(() => outbox.release(name, at, attemptsMax)),
      recall: (at) => this.#alive(() => outbox.recall(at)),
      lanesOf: (roomId) => this.#alive(() => outbox.lanesOf(roomId)),
      endpoints: () => this.#alive(() => outbox.endpoints()),
      saveEndpoint: (row) => this.#alive(() => outbox.saveEndpoint(row)),
      histories: () => this.#alive(() => outbox.histories()),
    };
  }

  /** The network as this process reaches it. */
  post(post: Post): Post {
    return (parcel, signal) => this.#alive(() => post(parcel, signal));
  }

  async #alive<Result>(run: () => Promise<Result>): Promise<Result> {
    await this.delay();
    if (this.#isKilled) return await never();
    const result = await run();
    await this.delay();
    return this.#isKilled ? await never() : result;
  }
}

function never(): Promise<never> {
  return new Promise(() => {});
}

/** The room in an id that a {@linkcode FakeOutbox} made. */
export function roomOf(id: string): string {
  return id.slice(0, id.lastIndexOf("_"));
}

const NO_URLS: Readonly<Record<EndpointName, string | undefined>> = {
  "room-events": undefined,
  "chat-history": undefined,
  "session-history": undefined,
  "periodic-sync": undefined,
  "sync": undefined,
};

/** What a test may choose. */
export interface DeliveryWorldOptions {
  /** @default room-events alone */
  readonly endpoints?: readonly EndpointName[];
  readonly retry?: Partial<RetryPolicy>;
  readonly textOf?: (event: CallbackEvent) => Promise<string>;
  /** @default one that is not killed */
  readonly process?: FakeProcess;
  /** What a former world leaves behind. */
  readonly after?: Pick<DeliveryWorld, "clock" | "outbox" | "receiver">;
}

/** The URL of an endpoint in these tests. */
export function urlOf(name: EndpointName): string {
  return `http://backend/${name}`;
}

/** A dispatcher, and all around it. */
export interface DeliveryWorld {
  readonly dispatcher: Dispatcher;
  readonly outbox: FakeOutbox;
  readonly receiver: FakeReceiver;
  readonly clock: FakeClock;
  readonly log: RecordingLog;
  readonly metrics: Metrics;
  /** Queues events of rooms, one each, and says so; answers their ids. */
  add(...roomIds: string[]): string[];
  /** Stops, and checks what holds for every run. */
  stop(): Promise<void>;
}

/** A dispatcher that is open and not started. */
export async function newDeliveryWorld(
  options: DeliveryWorldOptions = {},
): Promise<DeliveryWorld> {
  const clock = options.after?.clock ?? new FakeClock();
  const outbox = options.after?.outbox ?? new FakeOutbox();
  const receiver = options.after?.receiver ?? new FakeReceiver(clock);
  const log = new RecordingLog();
  const metrics = new Metrics();
  const process = options.process ?? new FakeProcess();
  const reached = process.outbox(outbox);
  const names = options.endpoints ?? ["room-events"];
  const dispatcher = new Dispatcher({
    urls: {
      ...NO_URLS,
      ...Object.fromEntries(names.map((name) => [name, urlOf(name)])),
    },
    queue: reached,
    endpoints: reached,
    bodies: {
      textOf: options.textOf ?? (({ id }) => Promise.resolve(`{"id":"${id}"}`)),
    },
    isStoreFailure: (error) => error instanceof FakeStoreError,
    post: process.post(receiver.post),
    retry: {
      retriesMax: 3,
      retryDelayMs: 5000,
      isLongRetry: true,
      ...options.retry,
    },
    clock: process.clock(clock),
    ids: { uuid: () => "id", fraction: () => 0 },
    log,
    metrics,
  });
  await dispatcher.open();

  function add(...roomIds: string[]): string[] {
    const ids = roomIds.map((roomId) => outbox.add(roomId, clock.now()).id);
    dispatcher.wake();
    return ids;
  }

  async function stop(): Promise<void> {
    await dispatcher.stop();
    assert.equal(clock.armed, 0);
    assert.deepEqual(receiver.faults, []);
  }

  return { dispatcher, outbox, receiver, clock, log, metrics, add, stop };
}
