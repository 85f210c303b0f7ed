import assert from "node:assert/strict";
import { Metrics } from "../../src/base/metrics.ts";
import { ANSWER_PAUSE_MS, FrameGate } from "../../src/edge/frame_gate.ts";
import { FRAMES_BURST, FRAMES_PER_SEC } from "../../src/edge/inbound_budget.ts";
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

function newGate() {
  const clock = new FakeClock();
  const metrics = new Metrics();
  const session = new Told();
  const gate = new FrameGate({ session, frameBytesMax, clock, metrics });
  return { clock, gate, metrics, session };
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

Deno.test("FrameGate answers a flood now and then, and counts every frame of it", async () => {
  const { clock, gate, metrics, session } = newGate();
  for (let count = 0; count < FRAMES_BURST; count++) {
    assert.equal(gate.admits("x"), true);
  }
  for (let count = 0; count < 1000; count++) {
    assert.equal(gate.admits("x"), false);
  }
  const refusal: Refusal = {
    type: "error",
    code: "rate_limited",
    retryAfterMs: ANSWER_PAUSE_MS,
  };
  assert.deepEqual(session.refusals, [refusal]);
  assert.equal(session.isGone, false);
  const { body } = await metrics.text();
  // The one that was answered is counted where it is told.
  assert.match(body, /parlor_refusals_total\{code="rate_limited"\} 999/);
  const admitted = FRAMES_PER_SEC * ANSWER_PAUSE_MS / 1000;
  await clock.advance(ANSWER_PAUSE_MS);
  for (let count = 0; count < admitted; count++) {
    assert.equal(gate.admits("x"), true);
  }
  assert.equal(gate.admits("x"), false);
  assert.equal(gate.admits("x"), false);
  assert.deepEqual(session.refusals, [refusal, refusal]);
});

Deno.test("FrameGate keeps a pace of its own for each connection", () => {
  const first = newGate();
  for (let count = 0; count <= FRAMES_BURST; count++) first.gate.admits("x");
  assert.equal(first.gate.admits("x"), false);
  assert.equal(newGate().gate.admits("x"), true);
});
