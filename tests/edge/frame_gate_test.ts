import assert from "node:assert/strict";
import { Metrics } from "../../src/base/metrics.ts";
import { ANSWER_PAUSE_MS, FrameGate } from "../../src/edge/frame_gate.ts";
import {
  BYTES_BURST,
  BYTES_PER_SEC,
  FRAMES_BURST,
  FRAMES_PER_SEC,
} from "../../src/edge/inbound_budget.ts";
import type { ErrorCode } from "../../src/wire/errors.ts";
import type { Refusal, RoomEvent } from "../../src/wire/event.ts";
import type { Frame } from "../../src/wire/packet.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { CLIENT_LIMITS } from "./edge_world.ts";

const { frameBytesMax } = CLIENT_LIMITS;

/** A session that keeps what it is told, and why it was broken off. */
class Told {
  readonly refusals: Refusal[] = [];
  brokenOffWith: ErrorCode | undefined;

  get isGone(): boolean {
    return this.brokenOffWith !== undefined;
  }

  tell(event: RoomEvent): void {
    if (event.type === "error") this.refusals.push(event);
  }

  breakOff(code: ErrorCode): void {
    this.brokenOffWith = code;
  }
}

function newGate(bytesMax = frameBytesMax) {
  const clock = new FakeClock();
  const metrics = new Metrics();
  const session = new Told();
  const gate = new FrameGate({
    session,
    frameBytesMax: bytesMax,
    clock,
    metrics,
  });
  return { clock, gate, metrics, session };
}

/** Sends all that may be sent at once. */
function useUp(gate: FrameGate): void {
  for (let count = 0; count < FRAMES_BURST; count++) {
    assert.equal(gate.admits("x"), true);
  }
}

/** What is told of so many frames. */
function passedOver(count: number): Refusal {
  return {
    type: "error",
    code: "rate_limited",
    message: `Too many frames: ${count} passed over`,
    retryAfterMs: ANSWER_PAUSE_MS,
  };
}

Deno.test("FrameGate admits frames up to the bound, a text by its UTF-8", () => {
  const frames: Frame[] = [
    "",
    "x".repeat(frameBytesMax - 1),
    "x".repeat(frameBytesMax),
    `${"安".repeat(frameBytesMax / 3 - 1)}${"x".repeat(3)}`,
    new Uint8Array(frameBytesMax - 1),
    new Uint8Array(frameBytesMax),
  ];
  for (const frame of frames) {
    const { gate, session } = newGate();
    assert.equal(gate.admits(frame), true);
    assert.deepEqual(session.refusals, []);
  }
});

Deno.test("FrameGate breaks off past the bound, and admits nothing that follows", async () => {
  const frames: Frame[] = [
    "x".repeat(frameBytesMax + 1),
    `${"安".repeat(frameBytesMax / 3)}${"x".repeat(2)}`,
    new Uint8Array(frameBytesMax + 1),
  ];
  for (const frame of frames) {
    const { gate, metrics, session } = newGate();
    assert.equal(gate.admits(frame), false);
    assert.deepEqual(session.refusals, [
      { type: "error", code: "frame_too_large" },
    ]);
    assert.equal(session.brokenOffWith, "frame_too_large");
    assert.equal(gate.admits("x"), false);
    assert.equal(session.refusals.length, 1);
    const { body } = await metrics.text();
    assert.match(body, /^parlor_frames_received_total 1$/m);
  }
});

Deno.test("FrameGate tells at once of the first frame that it passes over", () => {
  const { clock, gate, session } = newGate();
  useUp(gate);
  assert.equal(gate.admits("x"), false);
  assert.deepEqual(session.refusals, [passedOver(1)]);
  assert.equal(session.isGone, false);
  assert.equal(clock.armed, 0);
});

Deno.test("FrameGate tells of the last of a burst, though nothing follows it", async () => {
  const { clock, gate, session } = newGate();
  useUp(gate);
  for (let count = 0; count < 1000; count++) {
    assert.equal(gate.admits("x"), false);
  }
  assert.deepEqual(session.refusals, [passedOver(1)]);
  await clock.advance(ANSWER_PAUSE_MS - 1);
  assert.equal(session.refusals.length, 1);
  await clock.advance(1);
  assert.deepEqual(session.refusals, [passedOver(1), passedOver(999)]);
  await clock.advance(10 * ANSWER_PAUSE_MS);
  assert.equal(session.refusals.length, 2);
  assert.equal(clock.armed, 0);
});

Deno.test("FrameGate answers a long flood once a pause, and each frame of it is told", async () => {
  const { clock, gate, session } = newGate();
  useUp(gate);
  const stepMs = 30;
  let passedOverCount = 0;
  for (let ms = 0; ms < 3000; ms += stepMs) {
    for (let count = 0; count < 1000; count++) {
      if (!gate.admits("x")) passedOverCount += 1;
    }
    await clock.advance(stepMs);
  }
  await clock.advance(ANSWER_PAUSE_MS);
  assert(session.refusals.length <= 3000 / ANSWER_PAUSE_MS + 1);
  const told = session.refusals.map(({ message }) =>
    Number(/^Too many frames: (\d+) passed over$/.exec(message ?? "")?.[1])
  );
  assert.equal(told.reduce((sum, count) => sum + count, 0), passedOverCount);
});

Deno.test("FrameGate answers at once when a pause has passed, and begins the next", async () => {
  const { clock, gate, session } = newGate();
  useUp(gate);
  gate.admits("x");
  await clock.advance(ANSWER_PAUSE_MS);
  const admitted = FRAMES_PER_SEC * ANSWER_PAUSE_MS / 1000;
  for (let count = 0; count < admitted; count++) {
    assert.equal(gate.admits("x"), true);
  }
  gate.admits("x");
  gate.admits("x");
  assert.deepEqual(session.refusals, [passedOver(1), passedOver(1)]);
  await clock.advance(ANSWER_PAUSE_MS);
  assert.equal(session.refusals.length, 3);
});

Deno.test("FrameGate says how long a large frame has to wait", async () => {
  const size = 16;
  const { clock, gate, session } = newGate(BYTES_BURST);
  gate.admits(new Uint8Array(BYTES_BURST));
  gate.admits(new Uint8Array(size));
  gate.admits(new Uint8Array(BYTES_PER_SEC));
  await clock.advance(ANSWER_PAUSE_MS);
  const waits = session.refusals.map(({ retryAfterMs }) => retryAfterMs);
  assert.deepEqual(waits, [ANSWER_PAUSE_MS, 1000 - ANSWER_PAUSE_MS]);
});

Deno.test("FrameGate counts each frame that it passes over once", async () => {
  const { clock, gate, metrics } = newGate();
  useUp(gate);
  for (let count = 0; count < 1000; count++) gate.admits("x");
  await clock.advance(ANSWER_PAUSE_MS);
  const { body } = await metrics.text();
  // The session counts one for each of the two answers.
  assert.match(body, /parlor_refusals_total\{code="rate_limited"\} 998$/m);
});

Deno.test("FrameGate tells nothing once it is disposed, and has counted the rest", async () => {
  const { clock, gate, metrics, session } = newGate();
  useUp(gate);
  for (let count = 0; count < 11; count++) gate.admits("x");
  assert.equal(clock.armed, 1);
  gate[Symbol.dispose]();
  gate[Symbol.dispose]();
  assert.equal(clock.armed, 0);
  await clock.advance(ANSWER_PAUSE_MS);
  assert.deepEqual(session.refusals, [passedOver(1)]);
  const { body } = await metrics.text();
  assert.match(body, /parlor_refusals_total\{code="rate_limited"\} 10$/m);
});

Deno.test("FrameGate keeps a pace of its own for each connection", () => {
  const first = newGate();
  for (let count = 0; count <= FRAMES_BURST; count++) first.gate.admits("x");
  assert.equal(first.gate.admits("x"), false);
  assert.equal(newGate().gate.admits("x"), true);
});
