/**
 * A server and the receiver that it calls, with time in the test's hand.
 *
 * What the receiver answers, and what the database does, takes real time while
 * the clock stands. So a test moves time on when {@linkcode CallbackWorld.quiet}
 * says that all which may happen now has happened.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Env } from "../../src/config.ts";
import {
  type CALLBACK_PATHS,
  CallbackReceiver,
  type ReceiverOptions,
} from "./callback_receiver.ts";
import { START_AT } from "./fake_clock.ts";
import { LeapingClock } from "./leaping_clock.ts";
import { type ApiAnswer, newTestApp, type TestApp } from "./test_app.ts";
import { within } from "./within.ts";

/** A setting that says where a kind of callback goes. */
export type CallbackUrlName = keyof typeof CALLBACK_PATHS;

/** The setting of room events alone. */
export const ROOM_EVENTS: readonly CallbackUrlName[] = [
  "ROOM_EVENT_CALLBACK_URL",
];

/** How a world is made. */
export interface CallbackWorldOptions {
  readonly settings?: Env;
  /** Which kinds of callbacks are sent; all by default. */
  readonly urls?: readonly CallbackUrlName[];
  /** What the receiver wants requests to be signed with. */
  readonly secret?: string;
  /** A world with a file may be started again. */
  readonly databaseFile?: string;
}

/** One request that came, by the server's clock. */
export interface SeenAttempt {
  readonly id: string;
  readonly roomId: string;
  readonly answer: string;
  /** Seconds since the clock's start. */
  readonly secs: number;
}

export class CallbackWorld implements AsyncDisposable {
  readonly clock = new LeapingClock();
  readonly receiver: CallbackReceiver;
  /** Every request that came, in order. */
  readonly attempts: SeenAttempt[] = [];
  readonly #settings: Env;
  #app: TestApp | undefined;

  /** Does not start the server; {@linkcode CallbackWorld.start} does. */
  constructor(options: CallbackWorldOptions) {
    const { urls, secret, settings = {}, databaseFile } = options;
    const onDelivery: ReceiverOptions["onDelivery"] = (delivery) => {
      const { id, answer, body } = delivery;
      const roomId = String(body.room_id);
      const secs = (this.clock.now() - START_AT) / 1000;
      this.attempts.push({ id, roomId, answer, secs });
    };
    this.receiver = CallbackReceiver.start({
      secret,
      anyTime: true,
      onDelivery,
    });
    const all = this.receiver.settings();
    const names = urls ?? Object.keys(all) as CallbackUrlName[];
    this.#settings = {
      ...Object.fromEntries(names.map((name) => [name, all[name]])),
      ...(databaseFile === undefined
        ? {}
        : { DATABASE_URL: `sqlite:${databaseFile}` }),
      ...settings,
    };
  }

  static async start(
    options: CallbackWorldOptions = {},
  ): Promise<CallbackWorld> {
    const world = new CallbackWorld(options);
    try {
      await world.begin();
    } catch (error) {
      await world.receiver[Symbol.asyncDispose]();
      throw error;
    }
    return world;
  }

  /** The server that runs. */
  get app(): TestApp {
    assert(this.#app, "no server runs");
    return this.#app;
  }

  /** Starts the server; `settings` take the place of single ones. */
  async begin(settings: Env = {}): Promise<void> {
    assert(this.#app === undefined, "a server runs already");
    const { clock } = this;
    this.#app = await newTestApp({ ...this.#settings, ...settings }, { clock });
    // What is told at the start is not to meet with what the test does first.
    await this.quiet();
  }

  /** Stops the server in order. */
  async end(): Promise<void> {
    const app = this.#app;
    this.#app = undefined;
    await app?.[Symbol.asyncDispose]();
  }

  /** `line` is a method and a path; fails unless the answer is a success. */
  async api(line: string, body?: unknown): Promise<ApiAnswer["body"]> {
    const request = body === undefined ? {} : { body };
    const answer = await this.app.api(line, request);
    assert(answer.status < 300, JSON.stringify(answer));
    return answer.body;
  }

  /** An endpoint's row of the status. */
  async endpoint(name: string): Promise<ApiAnswer["body"]> {
    const { endpoints } = await this.api("GET /management/callbacks");
    return endpoints.find((row: ApiAnswer["body"]) => row.endpoint === name);
  }

  /** Has what happened told, as it is 50 ms later. */
  async tell(): Promise<void> {
    await this.app.idle();
    await this.clock.advance(50);
  }

  /**
   * Resolves when all that happened is in the database, and all that is due was
   * tried and what came of it is written. It fails on a request that hangs, and
   * on a room's end that waits for its batches: move time on first.
   */
  quiet(): Promise<void> {
    return within(this.#untilQuiet(), { what: "the end of all that is due" });
  }

  /**
   * Moves time on to so many seconds after the clock's start. What happened
   * before is in the database first: a flush that saw time leap would think
   * that the database hangs.
   */
  async advanceTo(secs: number): Promise<void> {
    await this.app.idle();
    await this.app.app.core.recorder.flushAll();
    await this.clock.advance(START_AT + secs * 1000 - this.clock.now());
  }

  /** Lets time pass until something holds, looking after each step. */
  async pass(
    holds: () => boolean,
    { stepMs = 1000, stepsMax = 1000, what = "it" } = {},
  ): Promise<void> {
    await this.quiet();
    for (let step = 0; !holds(); step++) {
      assert(step < stepsMax, `time passes and ${what} does not come`);
      await this.clock.advance(stepMs);
      await this.quiet();
    }
  }

  /** The types of a room's events in the order in which they had effect. */
  typesOf(roomId: string): string[] {
    return this.receiver.effects
      .filter(({ body }) => body.room_id === roomId)
      .map(({ type }) => type);
  }

  /** When requests of an event came, in seconds since the start. */
  secsOf(id: string): number[] {
    return this.attempts.filter((one) => one.id === id).map(({ secs }) => secs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.receiver.recover();
    try {
      await this.end();
    } finally {
      await this.receiver[Symbol.asyncDispose]();
    }
  }

  async #untilQuiet(): Promise<void> {
    await this.app.idle();
    const { callbacks, recorder } = this.app.app.core;
    await recorder.flushAll();
    // The end of a run may be the beginning of another.
    await callbacks.runs.idle();
    await callbacks.runs.idle();
    await callbacks.dispatcher.drain(FOREVER_MS);
  }
}

/** Longer than any test lets pass in one wait. */
const FOREVER_MS = 1e9;
