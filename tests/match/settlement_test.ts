import assert from "node:assert/strict";
import { Settlement } from "../../src/match/settlement.ts";
import { ChatError } from "../../src/wire/errors.ts";
import type { DurableRecord } from "../../src/wire/record.ts";
import { settle } from "../support/fake_clock.ts";
import { RecordingLog } from "../support/recording_log.ts";
import { newBook, newLink } from "./link_fixture.ts";

/** A settlement over a book in which some wait, each in a room of its own. */
function newSettlement(...userIds: string[]) {
  const world = newBook();
  const log = new RecordingLog();
  const state = { isDown: false, refusal: undefined as Error | undefined };
  const sizes: number[] = [];
  const ended: string[] = [];
  const rooms = new Set<string>();
  const settlement = new Settlement({
    ...world,
    rooms: {
      end: (roomId) => {
        if (state.refusal !== undefined) return Promise.reject(state.refusal);
        ended.push(roomId);
        rooms.delete(roomId);
        return Promise.resolve();
      },
      waitingRoomIds: () => rooms,
    },
    recorder: {
      accept: (records) => {
        if (state.isDown) return false;
        sizes.push(records.length);
        return true;
      },
    },
    push: {
      push: () => {
        throw new Error("The push is broken");
      },
    },
    log,
  });
  const links = userIds.map((userId) => {
    const link = newLink(userId);
    world.book.enter(link);
    rooms.add(`room ${userId}`);
    world.book.settleIn(link, `room ${userId}`);
    return link;
  });
  return { ...world, log, state, sizes, ended, rooms, settlement, links };
}

function record(id: string): DurableRecord {
  const link = newLink("a", { id }).toNew(null);
  return { type: "link_requested", link };
}

Deno.test("Settlement expires many in one record call, and ends their rooms", async () => {
  const { settlement, links, sizes, ended } = newSettlement("a", "b");
  settlement.expire(links);
  await settle();
  assert.deepEqual(sizes, [2]);
  assert.deepEqual(ended, ["room a", "room b"]);
  assert.equal(settlement.totals.expired, 2);
});

Deno.test("Settlement goes on when a user cannot be told", () => {
  const { settlement, links, log, expiry } = newSettlement("a", "b");
  settlement.expire(links);
  assert.deepEqual(links.map(({ status }) => status), ["expired", "expired"]);
  const line = "error Failed to tell a user of a heart link";
  assert.deepEqual(log.texts, [line, line]);
  expiry[Symbol.dispose]();
});

Deno.test("Settlement offers what it owes again, in order and in slices", () => {
  const { settlement, state, sizes } = newSettlement();
  state.isDown = true;
  for (let count = 0; count < 250; count++) {
    settlement.record([record(`${count}`)]);
  }
  settlement.recordOwed();
  assert.deepEqual(sizes, []);
  state.isDown = false;
  settlement.recordOwed();
  assert.deepEqual(sizes, [200, 50]);
  settlement.recordOwed();
  assert.equal(sizes.length, 2);
});

Deno.test("Settlement refuses a cancellation that cannot be recorded", async () => {
  const { settlement, links: [link], state, ended, clock } = newSettlement("a");
  assert(link);
  state.isDown = true;
  assert.throws(() => settlement.cancel(link), {
    code: "storage_unavailable",
  });
  assert.equal(link.status, "pending");
  state.isDown = false;
  settlement.cancel(link);
  await settle();
  assert.deepEqual(ended, ["room a"]);
  assert.equal(clock.armed, 0);
});

Deno.test("Settlement ends no room of a request that is open", async () => {
  const { settlement, rooms, ended, expiry } = newSettlement("a");
  rooms.add("orphan");
  assert.equal(await settlement.endOrphans(), 1);
  assert.deepEqual(ended, ["orphan"]);
  assert.equal(await settlement.endOrphans(), 0);
  expiry[Symbol.dispose]();
});

Deno.test("Settlement does not mind a room that has ended already", async () => {
  const { settlement, rooms, state, log } = newSettlement();
  rooms.add("orphan");
  state.refusal = new ChatError("room_ended");
  assert.equal(await settlement.endOrphans(), 0);
  assert.deepEqual(log.texts, []);
  state.refusal = new ChatError("busy");
  assert.equal(await settlement.endOrphans(), 0);
  assert.deepEqual(log.texts, ["warn Cannot end a waiting room yet"]);
});
