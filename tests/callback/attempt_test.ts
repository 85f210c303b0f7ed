import assert from "node:assert/strict";
import { Metrics } from "../../src/base/metrics.ts";
import {
  type AttemptOutcome,
  Attempts,
  type AttemptsOptions,
} from "../../src/callback/attempt.ts";
import type { Parcel, PostResult } from "../../src/callback/post.ts";
import type { CallbackEvent } from "../../src/wire/callback.ts";
import { FakeClock, START_AT } from "../support/fake_clock.ts";
import { RecordingLog } from "../support/recording_log.ts";
import { FakeStoreError } from "./delivery_world.ts";
import { metricValue } from "./metric_value.ts";

const EVENT: CallbackEvent = {
  number: 7,
  id: "joined_s1",
  roomId: "a",
  type: "UserJoined",
  at: START_AT,
  data: { userId: "u", sessionId: "s1" },
};
const OK: PostResult = {
  ok: true,
  status: 200,
  error: "",
  retryAfterMs: null,
  text: "",
};

function newWorld(options: Partial<AttemptsOptions> = {}) {
  const clock = new FakeClock();
  const log = new RecordingLog();
  const metrics = new Metrics();
  const parcels: Parcel[] = [];
  let result = OK;
  const attempts = new Attempts({
    url: "http://backend/",
    bodies: { textOf: () => Promise.resolve("{}") },
    mustWait: () => Promise.resolve(false),
    isStoreFailure: (error) => error instanceof FakeStoreError,
    post: (parcel) => {
      parcels.push(parcel);
      return Promise.resolve(result);
    },
    clock,
    log,
    metrics,
    ...options,
  });
  /** What comes of an attempt that is answered so. */
  function answered(answer: Partial<PostResult>): Promise<AttemptOutcome> {
    result = { ...OK, ok: false, error: "no", ...answer };
    return attempts.make(EVENT, new AbortController().signal);
  }
  return { attempts, answered, clock, log, metrics, parcels };
}

const FAILED = {
  kind: "failed",
  error: "no",
  retryAfterMs: null,
  isHold: false,
  isAnswer: true,
};

Deno.test("Attempts sends an event's body under its id", async () => {
  const { attempts, parcels } = newWorld();
  const { signal } = new AbortController();
  assert.deepEqual(await attempts.make(EVENT, signal), { kind: "delivered" });
  const url = "http://backend/";
  assert.deepEqual(parcels, [{ url, id: "joined_s1", body: "{}" }]);
});

Deno.test("Attempts tells failures from an endpoint that is gone or asks to wait", async () => {
  const { answered } = newWorld();
  assert.deepEqual(await answered({ status: 500 }), FAILED);
  assert.deepEqual(await answered({ status: 302 }), FAILED);
  assert.deepEqual(await answered({ status: null }), FAILED);
  assert.deepEqual(await answered({ status: 410 }), { kind: "gone" });
  for (const status of [429, 503]) {
    const outcome = await answered({ status, retryAfterMs: 7 });
    assert.deepEqual(outcome, { ...FAILED, retryAfterMs: 7, isHold: true });
  }
  const outcome = await answered({ status: 500, retryAfterMs: 7 });
  assert.deepEqual(outcome, { ...FAILED, retryAfterMs: 7 });
});

Deno.test("Attempts sends nothing of an event that must wait", async () => {
  const { attempts, clock, parcels } = newWorld({
    mustWait: () => Promise.resolve(true),
  });
  const waits: unknown[] = [];
  for (let time = 0; time < 8; time++) {
    const { signal } = new AbortController();
    const outcome = await attempts.make(EVENT, signal);
    assert(outcome.kind === "postponed");
    waits.push(outcome.waitMs);
    await clock.advance(outcome.waitMs);
  }
  assert.deepEqual(waits, [200, 200, 400, 800, 1600, 3200, 5000, 5000]);
  assert.deepEqual(parcels, []);
});

Deno.test("Attempts waits when the database cannot be read", async () => {
  const failing = () => Promise.reject(new FakeStoreError("locked"));
  const broken = [{ mustWait: failing }, { bodies: { textOf: failing } }];
  for (const options of broken) {
    const { attempts, log } = newWorld(options);
    const outcome = await attempts.make(EVENT, new AbortController().signal);
    assert.deepEqual(outcome, { kind: "postponed", waitMs: 1000 });
    assert.deepEqual(log.lines, []);
  }
});

Deno.test("Attempts counts a bug in a body as a failure that is not the endpoint's", async () => {
  const error = new TypeError("no such field");
  const { attempts, log, parcels } = newWorld({
    bodies: { textOf: () => Promise.reject(error) },
  });
  const outcome = await attempts.make(EVENT, new AbortController().signal);
  assert.deepEqual(outcome, {
    ...FAILED,
    error: "Cannot make the body",
    isAnswer: false,
  });
  assert.deepEqual(parcels, []);
  assert.deepEqual(log.lines, [{
    level: "error",
    line: "Cannot make the body of a callback",
    fields: {
      event: "callback_body_failed",
      id: "joined_s1",
      type: "UserJoined",
      error,
    },
  }]);
});

Deno.test("Attempts, cut before it sends, sends nothing", async () => {
  const controller = new AbortController();
  const { attempts, parcels } = newWorld({
    bodies: {
      textOf: () => {
        controller.abort();
        return Promise.resolve("{}");
      },
    },
  });
  const outcome = await attempts.make(EVENT, controller.signal);
  assert.deepEqual(outcome, { kind: "cut" });
  assert.deepEqual(parcels, []);
});

Deno.test("Attempts, cut while it sends, tells only whether it was delivered", async () => {
  for (const ok of [true, false]) {
    const controller = new AbortController();
    const { attempts } = newWorld({
      post: () => {
        controller.abort();
        return Promise.resolve({ ...OK, ok, status: null, error: "Cut" });
      },
    });
    const outcome = await attempts.make(EVENT, controller.signal);
    assert.deepEqual(outcome, { kind: ok ? "delivered" : "cut" });
  }
});

Deno.test("Attempts takes the time of the exchange alone", async () => {
  const { attempts, clock, metrics } = newWorld({
    bodies: { textOf: () => clock.advance(300).then(() => "{}") },
    post: () => clock.advance(2000).then(() => OK),
  });
  await attempts.make(EVENT, new AbortController().signal);
  assert.equal(await metricValue(metrics, "callback_seconds_sum"), 2);
});
