import assert from "node:assert/strict";
import {
  type EntryDraft,
  type RoomOptions,
  type RoomStart,
  RoomState,
} from "../../src/room/room_state.ts";
import { START_AT } from "../support/fake_clock.ts";
import { RecordingEffects } from "../support/recording_effects.ts";
import { closedRecord } from "../support/records.ts";
import {
  chatStart,
  countingIds,
  deviceStart,
  newPenalty,
  newStart,
  ROOM_OPTIONS,
} from "./fixture.ts";

const DRAFT: EntryDraft = {
  kind: "system",
  actor: null,
  payload: { message: "m" },
};

function newState(more: Parameters<typeof newStart>[0] = {}): RoomState {
  return new RoomState(newStart(more), ROOM_OPTIONS, countingIds());
}

Deno.test("RoomState gives an entry the next number, and keeps it", () => {
  const state = newState({ lastSeq: 41 });
  const effects = new RecordingEffects();
  const entry = state.append(DRAFT, { now: START_AT + 5, effects });
  assert.deepEqual(entry, {
    roomId: "r",
    seq: 42,
    id: "id1",
    at: START_AT + 5,
    ...DRAFT,
  });
  assert.deepEqual(effects.records, [{ type: "entry", entry }]);
  assert.equal(state.lastSeq, 42);
  assert.equal(state.recent.get(42), entry);
});

Deno.test("RoomState leaves no gap when an entry cannot be kept", () => {
  const state = newState({ lastSeq: 41 });
  const effects = new RecordingEffects();
  effects.isStorable = false;
  assert.equal(state.append(DRAFT, { now: START_AT, effects }), undefined);
  assert.equal(state.lastSeq, 41);
  assert.equal(state.recent.get(42), undefined);
  effects.isStorable = true;
  assert.equal(state.append(DRAFT, { now: START_AT, effects })?.seq, 42);
});

Deno.test("RoomState keeps other facts in the same write as an entry", () => {
  const state = newState();
  const effects = new RecordingEffects();
  const closed = closedRecord("r");
  const context = { now: START_AT, effects };
  const entry = state.append(DRAFT, context, [closed]);
  assert.deepEqual(effects.records, [{ type: "entry", entry }, closed]);
});

Deno.test("RoomState throws when an entry that is required cannot be kept", () => {
  const state = newState();
  const effects = new RecordingEffects();
  const context = { now: START_AT, effects };
  assert.equal(state.require(DRAFT, context).seq, 1);
  effects.isStorable = false;
  assert.throws(() => state.require(DRAFT, context), {
    name: "ChatError",
    code: "storage_unavailable",
    retryAfterMs: 5000,
  });
  assert.equal(state.lastSeq, 1);
});

Deno.test("RoomState goes by the server's habits unless the room has its own", () => {
  const plain = newState();
  assert.equal(plain.chatIntervalMs, 3000);
  assert.equal(plain.membersMax, 10);
  const own = newState({ slowModeSecs: 60, membersMax: 2 });
  assert.equal(own.chatIntervalMs, 60_000);
  assert.equal(own.membersMax, 2);
  assert.equal(newState({ slowModeSecs: 0 }).chatIntervalMs, 0);
});

Deno.test("RoomState starts as the database knows the room", () => {
  const state = newState({
    bans: [newPenalty("bob", null)],
    mutes: [newPenalty("cid", START_AT + 1)],
    adminUserIds: ["adm", "ann"],
    peakUsers: 7,
    totalJoins: 70,
    lastMessageAt: 5,
    emptySinceAt: 6,
    pinned: "Hello",
  });
  assert(state.bans.has("bob") && !state.bans.has("cid"));
  assert(state.mutes.has("cid") && !state.mutes.has("bob"));
  assert.deepEqual([...state.adminUserIds], ["adm", "ann"]);
  assert.deepEqual([state.peakUsers, state.totalJoins], [7, 70]);
  assert.deepEqual([state.lastMessageAt, state.emptySinceAt], [5, 6]);
  assert.equal(state.chat, null);
  const { chat } = chatStart();
  assert(chat);
  assert.equal(newState({ chat }).chat, chat);
  assert.deepEqual(state.settings, {
    name: "Room",
    slowModeSecs: null,
    membersMax: null,
    pinned: "Hello",
  });
  assert(!state.isEnded);
});

Deno.test("RoomState slows no device down unless the room does", () => {
  assert.equal(newState(deviceStart()).chatIntervalMs, 0);
  const own = newState({ ...deviceStart(), slowModeSecs: 2 });
  assert.equal(own.chatIntervalMs, 2000);
  assert.deepEqual(own.device, { originId: null });
  assert.deepEqual(newState(deviceStart("ABCD1234")).device, {
    originId: "ABCD1234",
  });
  assert.equal(newState().device, null);
});

/** How many entries of so many characters a room holds, up to a number. */
function heldCount(
  start: Partial<RoomStart>,
  count: number,
  chars = 60_000,
): number {
  const options = { ...ROOM_OPTIONS, recentEntriesMax: 1000 };
  const state = new RoomState(newStart(start), options, countingIds());
  const context = { now: START_AT, effects: new RecordingEffects() };
  const message = "x".repeat(chars);
  for (let index = 0; index < count; index++) {
    state.append(
      { kind: "system", actor: null, payload: { message } },
      context,
    );
  }
  return state.recent.after(0, count).length;
}

Deno.test("RoomState holds 64 KiB of a device room's log, and 8 MiB of another's", () => {
  assert.equal(heldCount(deviceStart(), 10), 1);
  assert.equal(heldCount(deviceStart(), 10, 70_000), 0);
  assert.equal(heldCount(deviceStart(), 100, 3000), 20);
  assert.equal(heldCount(chatStart(), 10), 10);
  assert.equal(heldCount({}, 200), 139);
});

Deno.test("RoomState has a bound of its own on a user's sessions in chat and device rooms", () => {
  const options = { ...ROOM_OPTIONS, sessionsPerUserMax: 1 };
  const many = {
    ...options,
    chatSessionsPerUserMax: 3,
    deviceSessionsPerUserMax: 100,
  };
  function boundOf(start: RoomStart, given: RoomOptions): number {
    return new RoomState(start, given, countingIds()).sessionsPerUserMax;
  }
  assert.equal(boundOf(newStart({}), many), 1);
  assert.equal(boundOf(newStart(chatStart()), many), 3);
  assert.equal(boundOf(newStart(chatStart()), options), 1);
  assert.equal(boundOf(newStart(deviceStart()), many), 100);
  assert.equal(boundOf(newStart(deviceStart()), options), 1);
});

Deno.test("RoomState gives entries numbers in a row, and keeps them in one write", () => {
  const state = newState({ lastSeq: 41 });
  const effects = new RecordingEffects();
  const writes: number[] = [];
  effects.record = ({ length }) => {
    writes.push(length);
    return true;
  };
  const entries = state.appendAll([DRAFT, DRAFT], { now: START_AT, effects });
  assert.deepEqual(entries.map(({ id, seq }) => [id, seq]), [
    ["id1", 42],
    ["id2", 43],
  ]);
  assert.deepEqual(writes, [2]);
  assert.deepEqual(state.recent.after(41, 9), entries);
});

Deno.test("RoomState keeps as many entries as can be kept, from the first on", () => {
  const state = newState();
  const effects = new RecordingEffects();
  let left = 2;
  effects.record = ({ length }) => length === 1 && left-- > 0;
  const context = { now: START_AT, effects };
  const entries = state.appendAll([DRAFT, DRAFT, DRAFT, DRAFT], context);
  assert.deepEqual(entries.map(({ seq }) => seq), [1, 2]);
  assert.equal(state.lastSeq, 2);
  assert.deepEqual(state.appendAll([DRAFT], context), []);
  assert.equal(state.lastSeq, 2);
});
