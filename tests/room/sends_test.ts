import assert from "node:assert/strict";
import type { TurnContext } from "../../src/room/room_effects.ts";
import { RoomState } from "../../src/room/room_state.ts";
import { newTally } from "../../src/room/room_tally.ts";
import {
  accepted,
  type SendDraft,
  Sends,
  unkept,
} from "../../src/room/sends.ts";
import { START_AT } from "../support/fake_clock.ts";
import { RecordingEffects } from "../support/recording_effects.ts";
import { countingIds, newPenalty, newStart, ROOM_OPTIONS } from "./fixture.ts";

const RECEIPT = { id: "id1", seq: 1, at: START_AT };

/** A room in which bob is muted, and that remembers two sends. */
function newSends() {
  const start = newStart({ mutes: [newPenalty("bob", START_AT + 9)] });
  const options = { ...ROOM_OPTIONS, sendsMax: 2 };
  const state = new RoomState(start, options, countingIds());
  const effects = new RecordingEffects();
  const tally = newTally();
  const context: TurnContext = { now: START_AT, effects };
  return { context, effects, sends: new Sends(state, tally), state, tally };
}

function draft(clientMsgId: string): SendDraft {
  const payload = { nickname: "Ann", content: "hi", isAdmin: false };
  return {
    kind: "message",
    actor: "ann",
    payload: { ...payload, clientMsgId },
  };
}

Deno.test("Sends gives a send its number, and knows it when it is repeated", () => {
  const { context, sends, state, tally } = newSends();
  assert.equal(sends.repeated("ann", "m1", START_AT), undefined);
  const entry = sends.keep(draft("m1"), context);
  assert(entry);
  assert.deepEqual(accepted(entry), {
    type: "accepted",
    receipt: RECEIPT,
    isRepeated: false,
  });
  assert.equal(state.lastMessageAt, START_AT);
  assert.equal(tally.repeated, 0);
  assert.deepEqual(sends.repeated("ann", "m1", START_AT + 599_999), {
    type: "accepted",
    receipt: RECEIPT,
    isRepeated: true,
  });
  assert.equal(tally.repeated, 1);
  assert.equal(sends.repeated("ann", "m1", START_AT + 600_000), undefined);
  assert.equal(sends.repeated("bob", "m1", START_AT), undefined);
  assert.equal(sends.repeated("ann", undefined, START_AT), undefined);
});

Deno.test("Sends knows two kinds of sends by one set of names", () => {
  const { context, sends } = newSends();
  const payload = {
    identity: "sensor",
    sessionId: "s1",
    text: "1",
    clientMsgId: "m1",
  };
  sends.keep({ kind: "relay", actor: "ann", payload }, context);
  assert(sends.repeated("ann", "m1", START_AT));
});

Deno.test("Sends changes nothing when a send cannot be kept", () => {
  const { context, effects, sends, state } = newSends();
  effects.isStorable = false;
  assert.equal(sends.keep(draft("m1"), context), undefined);
  assert.deepEqual([state.lastSeq, state.lastMessageAt], [0, null]);
  assert.equal(sends.repeated("ann", "m1", START_AT), undefined);
  assert.equal(sends.slowed("ann", false, START_AT), undefined);
  assert.deepEqual(unkept(), {
    type: "error",
    code: "storage_unavailable",
    retryAfterMs: 5000,
  });
});

Deno.test("Sends makes a user wait after a send, unless they are an admin", () => {
  const { context, sends } = newSends();
  sends.keep(draft("m1"), context);
  const at = START_AT + 2999;
  assert.deepEqual(sends.slowed("ann", false, at), {
    type: "error",
    code: "rate_limited",
    retryAfterMs: 1,
  });
  assert.equal(sends.waitMs({ userId: "ann", isAdmin: false }, at), 1);
  assert.equal(sends.slowed("ann", true, at), undefined);
  assert.equal(sends.slowed("bob", false, at), undefined);
  assert.equal(sends.slowed("ann", false, at + 1), undefined);
  sends.noteSaid("bob", at);
  assert.equal(sends.waitMs({ userId: "bob", isAdmin: false }, at), 3000);
});

Deno.test("Sends tells a muted user so until the mute ends", () => {
  const { sends } = newSends();
  const until = START_AT + 9;
  assert.deepEqual(sends.muted("bob", until - 1), {
    type: "you_are_muted",
    until,
  });
  assert.equal(sends.muted("bob", until), undefined);
  assert.equal(sends.muted("ann", START_AT), undefined);
});

Deno.test("Sends forgets the oldest early when it knows too many, and counts it", () => {
  const { sends, tally } = newSends();
  for (const name of ["m1", "m2"]) sends.remember("ann", name, RECEIPT);
  assert.equal(tally.evictedSends, 0);
  sends.remember("ann", "m3", RECEIPT);
  assert.equal(tally.evictedSends, 1);
  assert.equal(sends.repeated("ann", "m1", START_AT), undefined);
  assert(sends.repeated("ann", "m3", START_AT));
});
