import assert from "node:assert/strict";
import { BurstWindow, isGathered } from "../../src/room/burst_window.ts";
import { LivePlace } from "../../src/web/live_place.ts";
import type { LogEntry } from "../../src/wire/entry.ts";
import { LIVE_TYPES } from "../../src/wire/live.ts";
import { START_AT } from "../support/fake_clock.ts";
import { liveMessage } from "./fixture.ts";

function like(seq: number, count = 1): LogEntry<"live"> {
  const payload = liveMessage("like", { count, text: `like ${seq}` });
  const head = { roomId: "r", id: `id${seq}`, at: START_AT + seq };
  return { ...head, seq, kind: "live", actor: null, payload };
}

Deno.test("isGathered() is true of likes and members, and of nothing else", () => {
  assert.deepEqual(LIVE_TYPES.filter(isGathered), ["like", "member"]);
});

Deno.test("BurstWindow tells two of a type as their sum, with the last one's words", () => {
  const window = new BurstWindow();
  window.note("like", like(3, 5), START_AT);
  window.note("like", like(7, 2), START_AT + 10);
  assert.deepEqual(window.close(), [{
    type: "live_burst",
    burst: {
      type: "like",
      fromSeq: 3,
      toSeq: 7,
      id: "id7",
      at: START_AT + 7,
      messages: 2,
      count: 7,
      text: "like 7",
    },
  }]);
});

Deno.test("BurstWindow tells a single one as it is", () => {
  const window = new BurstWindow();
  const entry = like(3, 5);
  window.note("like", entry, START_AT);
  assert.deepEqual(window.close(), [{ type: "entry", entry }]);
});

Deno.test("BurstWindow tells each type by itself", () => {
  const window = new BurstWindow();
  window.note("like", like(1), START_AT);
  window.note("member", like(2), START_AT);
  window.note("like", like(3), START_AT);
  const [single, burst] = window.close();
  assert(burst?.type === "live_burst" && burst.burst.type === "like");
  assert(single?.type === "entry" && single.entry.seq === 2);
});

Deno.test("BurstWindow tells sums so that a page takes none for a repeat", () => {
  for (
    const types of [
      ["like", "member", "member", "like"],
      ["member", "like", "like", "member"],
      ["like", "member", "like", "member"],
    ] as const
  ) {
    const window = new BurstWindow();
    const place = new LivePlace();
    place.enter({ epoch: "e", lastSeq: 9, recovered: false });
    types.forEach((type, index) => {
      window.note(type, like(10 + index), START_AT);
    });
    for (const event of window.close()) {
      assert(event.type === "live_burst");
      const { fromSeq, toSeq } = event.burst;
      assert(place.note({ seq: toSeq, "from_seq": fromSeq }), types.join());
    }
    assert.equal(place.query(), "?since=13&epoch=e");
  }
});

Deno.test("BurstWindow closes a second after its first message, and opens anew", () => {
  const window = new BurstWindow();
  assert.equal(window.dueAt, undefined);
  window.note("like", like(1), START_AT);
  window.note("member", like(2), START_AT + 900);
  assert.equal(window.dueAt, START_AT + 1000);
  window.close();
  assert.equal(window.dueAt, undefined);
  assert.deepEqual(window.close(), []);
  window.note("like", like(3), START_AT + 1500);
  assert.equal(window.dueAt, START_AT + 2500);
});

Deno.test("BurstWindow stays open no longer when the clock is set back", () => {
  const window = new BurstWindow();
  window.note("like", like(1), START_AT);
  assert.equal(window.isDue(START_AT), false);
  assert.equal(window.isDue(START_AT + 999), false);
  assert.equal(window.isDue(START_AT + 1000), true);
  assert.equal(window.isDue(START_AT - 3_600_000), true);
  window.note("like", like(2), START_AT - 3_600_000);
  assert.equal(window.dueAt, START_AT - 3_599_000);
  window.close();
  assert.equal(window.isDue(START_AT + 1000), false);
});
