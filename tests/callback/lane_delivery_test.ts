import assert from "node:assert/strict";
import { Metrics } from "../../src/base/metrics.ts";
import { Attempts } from "../../src/callback/attempt.ts";
import { Breaker } from "../../src/callback/breaker.ts";
import { EndpointSwitch } from "../../src/callback/endpoint_switch.ts";
import { LaneDelivery } from "../../src/callback/lane_delivery.ts";
import type { Lane } from "../../src/callback/outbox.ts";
import type { PostResult } from "../../src/callback/post.ts";
import { FakeClock, settle, START_AT } from "../support/fake_clock.ts";
import { FakeOutbox } from "../support/fake_outbox.ts";
import { RecordingLog } from "../support/recording_log.ts";

const NO: PostResult = {
  ok: false,
  status: 500,
  error: "Answered 500",
  retryAfterMs: null,
  text: "",
};
const YES: PostResult = { ...NO, ok: true, status: 200, error: "" };

/** @param answers in turn; what comes after them is taken. */
function newWorld(...answers: Partial<PostResult>[]) {
  const clock = new FakeClock();
  const log = new RecordingLog();
  const metrics = new Metrics();
  const outbox = new FakeOutbox();
  const breaker = new Breaker();
  const sent: string[] = [];
  const recovered: number[] = [];
  const shared = { clock, log, metrics };
  const delivery = new LaneDelivery({
    ...shared,
    endpoint: "room-events",
    attempts: new Attempts({
      ...shared,
      url: "http://backend/",
      bodies: { textOf: () => Promise.resolve("{}") },
      mustWait: ({ type }) => Promise.resolve(type === "RoomClosed"),
      isStoreFailure: () => false,
      post: ({ id }) => {
        sent.push(id);
        const answer = answers.shift();
        const result = answer === undefined ? YES : { ...NO, ...answer };
        return Promise.resolve(result);
      },
    }),
    breaker,
    endpointSwitch: new EndpointSwitch({
      ...shared,
      name: "room-events",
      url: "http://backend/",
      table: outbox,
    }),
    retry: { retriesMax: 1, retryDelayMs: 5000, isLongRetry: false },
    ids: { uuid: () => "id", fraction: () => 0 },
    onRecovered: () => recovered.push(clock.now()),
  });
  /** A lane of three events. */
  function newLane(lane: Partial<Lane> = {}): Lane {
    const events = [1, 2, 3].map(() => outbox.add("a", clock.now()));
    return { roomId: "a", attempts: 0, failingSince: null, events, ...lane };
  }
  return { delivery, breaker, clock, log, outbox, sent, recovered, newLane };
}

const SETTLED = { endpoint: "room-events", roomId: "a", at: START_AT };

Deno.test("LaneDelivery delivers all events of a lane in order", async () => {
  const { delivery, sent, newLane } = newWorld();
  const report = await delivery.deliver(newLane());
  assert.deepEqual(sent, ["a_1", "a_2", "a_3"]);
  assert.deepEqual(report, {
    settlement: { ...SETTLED, delivered: [1, 2, 3], failure: null },
    dead: undefined,
  });
});

Deno.test("LaneDelivery ends at the first failure", async () => {
  const { delivery, sent, newLane } = newWorld(YES, NO);
  const { settlement } = await delivery.deliver(newLane());
  assert.deepEqual(sent, ["a_1", "a_2"]);
  assert.deepEqual(settlement, {
    ...SETTLED,
    delivered: [1],
    failure: {
      kind: "retry",
      dueAt: START_AT + 5000,
      attempts: 1,
      failingSince: START_AT,
      error: "Answered 500",
    },
  });
});

Deno.test("LaneDelivery counts on from the lane's failures until one is delivered", async () => {
  const failing = { attempts: 1, failingSince: START_AT - 9 };
  const first = newWorld(NO);
  const lane = first.newLane(failing);
  const report = await first.delivery.deliver(lane);
  assert.deepEqual(report.settlement?.failure, {
    kind: "dead",
    number: 1,
    attempts: 2,
    error: "Answered 500",
  });
  assert.equal(report.dead, lane.events[0]);
  const second = newWorld(YES, NO);
  const { settlement } = await second.delivery.deliver(second.newLane(failing));
  assert(settlement?.failure?.kind === "retry");
  assert.equal(settlement.failure.attempts, 1);
  assert.equal(settlement.failure.failingSince, START_AT);
});

Deno.test("LaneDelivery says nothing of an event that it did not try", async () => {
  const { delivery, breaker, clock, outbox, newLane } = newWorld();
  const { roomId, events: [first] } = newLane();
  assert(first);
  const closed = outbox.add("a", clock.now(), "RoomClosed");
  const lane = { roomId, attempts: 0, failingSince: null };
  const { settlement } = await delivery.deliver({
    ...lane,
    events: [first, closed],
  });
  const failure = { kind: "postponed", dueAt: START_AT + 200 };
  assert.deepEqual(settlement, { ...SETTLED, delivered: [1], failure });
  assert.equal(breaker.state, "closed");
});

Deno.test("LaneDelivery leaves the event at which the endpoint said 410 as it was", async () => {
  const { delivery, sent, outbox, newLane } = newWorld({ status: 410 });
  const report = await delivery.deliver(newLane());
  assert.deepEqual(report, { settlement: undefined, dead: undefined });
  assert.deepEqual(sent, ["a_1"]);
  assert.equal(delivery.mayStart, false);
  assert.equal(outbox.saved.get("room-events")?.state, "disabled");
});

Deno.test("LaneDelivery asks before each event whether it may go on", async () => {
  const { delivery, breaker, sent, newLane } = newWorld();
  const delivering = delivery.deliver(newLane());
  assert.equal(delivery.inFlight, 1);
  breaker.hold(START_AT + 1000);
  const { settlement } = await delivering;
  assert.deepEqual(sent, ["a_1"]);
  assert.deepEqual(settlement, { ...SETTLED, delivered: [1], failure: null });
  assert.equal(delivery.inFlight, 0);
});

Deno.test("LaneDelivery holds all of an endpoint that asks to wait", async () => {
  const { delivery, breaker, clock, newLane } = newWorld({
    status: 429,
    retryAfterMs: 9000,
  });
  const { settlement } = await delivery.deliver(newLane());
  assert(settlement?.failure?.kind === "retry");
  assert.equal(settlement.failure.dueAt, START_AT + 9000);
  assert.equal(breaker.nextMs, clock.monotonic() + 9000);
});

Deno.test("LaneDelivery tells when the breaker closes", async () => {
  const { delivery, breaker, clock, recovered, newLane } = newWorld();
  const nowMs = clock.monotonic();
  for (let time = 0; time < 5; time++) breaker.noteFailure(nowMs);
  assert.equal(delivery.mayStart, false);
  await clock.advance(5000);
  await delivery.deliver(newLane());
  assert.deepEqual(recovered, [START_AT + 5000]);
});

Deno.test("LaneDelivery, stopped, cuts what is under way and begins nothing", async () => {
  const { delivery, sent, newLane } = newWorld();
  const delivering = delivery.deliver(newLane());
  delivery.stop();
  const report = await delivering;
  assert.deepEqual(report, { settlement: undefined, dead: undefined });
  assert.deepEqual(sent, []);
  assert.equal(delivery.mayStart, false);
  await settle();
  assert.equal(delivery.inFlight, 0);
});
