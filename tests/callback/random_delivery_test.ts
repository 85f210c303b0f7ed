/**
 * Random failures and restarts: what a backend has at the end is what happened,
 * in order.
 *
 * @module
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import type { CallbackType, EndpointName } from "../../src/wire/callback.ts";
import type { RetryPolicy } from "../../src/callback/retry_plan.ts";
import { SeededRandom } from "../support/seeded_random.ts";
import { settle } from "../support/fake_clock.ts";
import {
  type Answer,
  type DeliveryWorld,
  FakeProcess,
  FakeStoreError,
  newDeliveryWorld,
} from "./delivery_world.ts";

const ENDPOINTS = ["room-events", "chat-history"] as const;
const TYPES = ["UserJoined", "ChatHistoryBatch", "RoomClosed"] as const;
const ROOMS = ["a", "b", "c", "d"];
const CALLS = ["due", "settle", "release", "lanesOf", "saveEndpoint"] as const;

type Step =
  | { readonly kind: "add"; readonly room: string; readonly type: CallbackType }
  | { readonly kind: "advance"; readonly ms: number }
  /** From now on so many of 100 attempts fail. */
  | { readonly kind: "attempts"; readonly percent: number }
  /** From now on so many of 100 calls of the database fail. */
  | { readonly kind: "database"; readonly percent: number }
  | { readonly kind: "answer hung" }
  | { readonly kind: "pause" | "resume"; readonly endpoint: EndpointName }
  | { readonly kind: "restart" | "kill" };

const endpoint = fc.constantFrom(...ENDPOINTS);
const percent = fc.constantFrom(0, 20, 60, 100);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant("add" as const),
        room: fc.constantFrom(...ROOMS),
        type: fc.constantFrom(...TYPES),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant("advance" as const),
        ms: fc.constantFrom(0, 50, 700, 5000, 61_000, 900_000),
      }),
    },
    fc.record({ kind: fc.constant("attempts" as const), percent }),
    fc.record({ kind: fc.constant("database" as const), percent }),
    fc.record({ kind: fc.constantFrom("pause", "resume"), endpoint }),
    fc.record({ kind: fc.constantFrom("answer hung", "restart", "kill") }),
  ),
  { minLength: 5, maxLength: 60 },
);

/** One run of a server and its backend. */
class RandomRun {
  readonly #random: SeededRandom;
  readonly #retry: Partial<RetryPolicy>;
  #process = new FakeProcess();
  #world: DeliveryWorld;
  #failingAttempts = 0;
  #failingCalls = 0;

  static async begin(seed: number, retry: Partial<RetryPolicy>) {
    const process = new FakeProcess();
    const options = { endpoints: ENDPOINTS, retry, process };
    const world = await newDeliveryWorld(options);
    return new RandomRun({ seed, retry, process, world });
  }

  constructor(
    { seed, retry, process, world }: {
      seed: number;
      retry: Partial<RetryPolicy>;
      process: FakeProcess;
      world: DeliveryWorld;
    },
  ) {
    this.#random = new SeededRandom(seed);
    this.#retry = retry;
    this.#process = process;
    this.#world = world;
    const { dispatcher, outbox, receiver } = world;
    receiver.answer = () => this.#answer();
    outbox.failure = (call) => {
      const mayFail = CALLS.some((name) => name === call);
      const isFailing = mayFail && this.#chance(this.#failingCalls);
      return isFailing ? new FakeStoreError("locked") : undefined;
    };
    process.delay = () => this.#delay();
    dispatcher.start();
  }

  async take(step: Step): Promise<void> {
    const { clock, dispatcher, outbox, receiver } = this.#world;
    switch (step.kind) {
      case "add":
        outbox.add(step.room, clock.now(), step.type);
        return dispatcher.wake();
      case "advance":
        return await clock.advance(step.ms);
      case "attempts":
        this.#failingAttempts = step.percent;
        return;
      case "database":
        this.#failingCalls = step.percent;
        return;
      case "answer hung":
        return receiver.endHung(this.#chance(50) ? 200 : 500);
      case "pause":
      case "resume":
        // Refused when the database fails or the endpoint said 410.
        return await dispatcher[step.kind](step.endpoint).then(
          () => {},
          () => {},
        );
      case "restart":
        await this.#world.stop();
        return await this.#start();
      case "kill":
        this.#process.kill();
        receiver.forgetSender();
        return await this.#start();
    }
  }

  /** All works from now on; runs until nothing waits, and answers it all. */
  async end() {
    const { clock, dispatcher, outbox, receiver } = this.#world;
    this.#failingAttempts = 0;
    this.#failingCalls = 0;
    receiver.endHung(200);
    await clock.advance(60_000);
    for (const name of ENDPOINTS) await dispatcher.enable(name);
    for (let minute = 0; minute < 120; minute++) await clock.advance(60_000);
    assert.deepEqual(outbox.ids("pending"), []);
    await this.#world.stop();
    return { outbox, receiver };
  }

  async #start(): Promise<void> {
    const failing = this.#failingCalls;
    this.#failingCalls = 0;
    this.#process = new FakeProcess();
    this.#process.delay = () => this.#delay();
    this.#world = await newDeliveryWorld({
      endpoints: ENDPOINTS,
      retry: this.#retry,
      process: this.#process,
      after: this.#world,
    });
    this.#failingCalls = failing;
    this.#world.dispatcher.start();
  }

  #delay(): Promise<void> | undefined {
    return this.#chance(30) ? settle() : undefined;
  }

  #chance(percent: number): boolean {
    return this.#random.integer(1, 100) <= percent;
  }

  async #answer(): Promise<Answer> {
    if (this.#chance(30)) await settle();
    if (!this.#chance(this.#failingAttempts)) return 200;
    const retryAfterMs = this.#random.integer(0, 120_000);
    const answers: Answer[] = [
      500,
      "hang",
      "lose",
      400,
      { status: 429, retryAfterMs, error: "Slow down" },
      this.#chance(10) ? 410 : 502,
    ];
    return answers[this.#random.integer(0, answers.length - 1)] ?? 500;
  }
}

Deno.test("Dispatcher loses nothing and keeps the order, whatever fails", async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.nat(), async (taken, seed) => {
      const run = await RandomRun.begin(seed, {});
      for (const step of taken) await run.take(step);
      const { outbox, receiver } = await run.end();
      assert.deepEqual(outbox.ids("dead"), []);
      for (const name of ENDPOINTS) {
        for (const room of ROOMS) {
          const wanted = outbox.rows
            .filter(({ endpoint, event }) =>
              endpoint === name && event.roomId === room
            )
            .map(({ event }) => event.id);
          const got = receiver.effects.filter((id) => wanted.includes(id));
          assert.deepEqual(got, wanted);
        }
      }
    }),
    { numRuns: 150 },
  );
});

Deno.test("Dispatcher, giving up early, keeps the order of what arrives and keeps the rest", async () => {
  const retry = { retriesMax: 1, retryDelayMs: 0, isLongRetry: false };
  await fc.assert(
    fc.asyncProperty(steps, fc.nat(), async (taken, seed) => {
      const run = await RandomRun.begin(seed, retry);
      for (const step of taken) await run.take(step);
      const { outbox, receiver } = await run.end();
      const dead = new Set(outbox.ids("dead"));
      const numbers = new Map<string, number[]>();
      for (const { event, endpoint } of outbox.rows) {
        const hasArrived = receiver.effects.includes(event.id);
        assert(hasArrived || dead.has(event.id), `${event.id} is lost`);
        numbers.set(`${endpoint} ${event.roomId}`, []);
      }
      for (const id of receiver.effects) {
        const row = outbox.rows.find(({ event }) => event.id === id);
        assert(row);
        const lane = `${row.endpoint} ${row.event.roomId}`;
        numbers.get(lane)?.push(row.event.number);
      }
      for (const [lane, order] of numbers) {
        assert.deepEqual(order, order.toSorted((a, b) => a - b), lane);
      }
    }),
    { numRuns: 100 },
  );
});
