import assert from "node:assert/strict";
import fc from "fast-check";
import {
  JoinNotice,
  NOTICE_WINDOW_MS,
  noticeEvent,
} from "../../src/room/join_notice.ts";
import { FakeSession } from "../support/fake_session.ts";

const ann = new FakeSession("ann");
const bob = new FakeSession("bob");

Deno.test("JoinNotice tells one join by name once its second is over", () => {
  const notice = new JoinNotice();
  assert.equal(notice.dueAt, undefined);
  notice.noteJoin(ann, 5000);
  assert.equal(notice.dueAt, 6000);
  assert.equal(notice.take(5999), undefined);
  assert.deepEqual(notice.take(6000), { kind: "joined", session: ann });
  assert.equal(notice.dueAt, undefined);
  assert.equal(notice.take(9000), undefined);
});

Deno.test("JoinNotice tells one leave by name", () => {
  const notice = new JoinNotice();
  notice.noteLeave(ann, 0);
  assert.deepEqual(notice.take(1000), { kind: "left", session: ann });
});

Deno.test("JoinNotice counts two joins, two leaves, or one of each", () => {
  const pairs = [
    (notice: JoinNotice) => {
      notice.noteJoin(ann, 0);
      notice.noteJoin(bob, 1);
    },
    (notice: JoinNotice) => {
      notice.noteLeave(ann, 0);
      notice.noteLeave(bob, 999);
    },
    (notice: JoinNotice) => {
      notice.noteJoin(ann, 0);
      notice.noteLeave(ann, 1);
    },
  ];
  for (const note of pairs) {
    const notice = new JoinNotice();
    note(notice);
    assert.equal(notice.dueAt, 1000);
    assert.deepEqual(notice.take(1000), { kind: "stats" });
  }
});

Deno.test("JoinNotice starts over after each window", () => {
  const notice = new JoinNotice();
  notice.noteJoin(ann, 0);
  notice.noteJoin(bob, 0);
  notice.take(1000);
  notice.noteLeave(bob, 1000);
  assert.equal(notice.dueAt, 2000);
  assert.deepEqual(notice.take(2000), { kind: "left", session: bob });
});

Deno.test("noticeEvent says who it was", () => {
  const user = { userId: "ann", nickname: "Ann" };
  assert.deepEqual(noticeEvent({ kind: "joined", session: ann }), {
    type: "user_joined",
    user,
  });
  assert.deepEqual(noticeEvent({ kind: "left", session: ann }), {
    type: "user_left",
    user,
  });
});

Deno.test("JoinNotice tells all that happened, at most once a second", () => {
  const change = fc.record({
    afterMs: fc.integer({ min: 0, max: 900 }),
    isJoin: fc.boolean(),
    session: fc.constantFrom(ann, bob),
  });
  fc.assert(fc.property(fc.array(change, { maxLength: 100 }), (changes) => {
    const notice = new JoinNotice();
    let now = 0;
    let toldAt = -Infinity;
    let untold: string[] = [];

    function tell(at: number): void {
      const told = notice.take(at);
      if (told === undefined) return;
      assert(at - toldAt >= NOTICE_WINDOW_MS);
      toldAt = at;
      const isOne = untold.length === 1;
      const word = told.kind === "stats"
        ? "stats"
        : `${told.kind} ${told.session.userId}`;
      assert.equal(word, isOne ? untold[0] : "stats");
      untold = [];
    }

    for (const { afterMs, isJoin, session } of changes) {
      const dueAt = notice.dueAt ?? Infinity;
      now += afterMs;
      if (dueAt <= now) tell(dueAt);
      if (isJoin) notice.noteJoin(session, now);
      else notice.noteLeave(session, now);
      untold.push(`${isJoin ? "joined" : "left"} ${session.userId}`);
    }
    tell(now + NOTICE_WINDOW_MS);
    assert.deepEqual(untold, []);
  }));
});
