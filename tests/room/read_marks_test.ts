import assert from "node:assert/strict";
import fc from "fast-check";
import { canMark } from "../../src/room/read_marks.ts";
import type { LogEntry } from "../../src/wire/entry.ts";
import { chatStart, Stage } from "./fixture.ts";

/** A chat room in which ann said 1, 2 and 3. */
function stageWithTalk() {
  const stage = new Stage({ start: chatStart() });
  const ann = stage.join("ann");
  const bob = stage.join("bob");
  for (let count = 0; count < 3; count++) stage.say(ann);
  stage.take();
  return { ann, bob, stage };
}

/** The entries of a kind that a stage has recorded. */
function recorded<Kind extends "read" | "message">(
  stage: Stage,
  kind: Kind,
): LogEntry<Kind>[] {
  return stage.effects.records.flatMap((record) =>
    record.type === "entry" && record.entry.kind === kind
      ? [record.entry as LogEntry<Kind>]
      : []
  );
}

Deno.test("markRead logs who has read what, and tells all", () => {
  const { bob, stage } = stageWithTalk();
  stage.command(bob, { type: "read", seqs: [3, 1, 3] });
  assert.deepEqual(stage.take(), [
    "record read 4",
    "broadcast read 4 droppable",
  ]);
  const [mark] = recorded(stage, "read");
  assert.deepEqual([mark?.actor, mark?.payload], ["bob", { seqs: [1, 3] }]);
});

Deno.test("markRead marks the messages for those who page them later", () => {
  const { bob, stage } = stageWithTalk();
  stage.command(bob, { type: "read", seqs: [1, 3] });
  const read = stage.room.state.recent.after(0, 3).map((entry) =>
    entry.kind === "message" && entry.payload.read === true
  );
  assert.deepEqual(read, [true, false, true]);
});

Deno.test("markRead makes no entry of what changes nothing", () => {
  const { ann, bob, stage } = stageWithTalk();
  stage.command(ann, { type: "read", seqs: [1, 2, 3] });
  stage.command(bob, { type: "read", seqs: [0, -1, 4, 99] });
  assert.deepEqual(stage.take(), []);
  stage.command(bob, { type: "read", seqs: [1] });
  stage.take();
  // Number 4 is the mark itself.
  stage.command(bob, { type: "read", seqs: [1, 4] });
  assert.deepEqual(stage.take(), []);
});

Deno.test("markRead passes over a message that was taken back", () => {
  const { bob, stage } = stageWithTalk();
  stage.operate({ type: "delete_message", seq: 2 });
  stage.take();
  stage.command(bob, { type: "read", seqs: [2] });
  assert.deepEqual(stage.take(), []);
});

Deno.test("markRead marks nothing in a room that users do not make", () => {
  const stage = new Stage();
  const ann = stage.join("ann");
  const bob = stage.join("bob");
  stage.say(ann);
  stage.take();
  stage.command(bob, { type: "read", seqs: [1] });
  assert.deepEqual(stage.take(), []);
});

Deno.test("markRead tells a session that its marks cannot be kept", () => {
  const { bob, stage } = stageWithTalk();
  stage.effects.isStorable = false;
  stage.command(bob, { type: "read", seqs: [1] });
  assert.deepEqual(stage.take(), ["send bob storage_unavailable"]);
  stage.effects.isStorable = true;
  stage.command(bob, { type: "read", seqs: [1] });
  assert.equal(recorded(stage, "read").length, 1);
});

Deno.test("markRead trusts what was looked up, until it marked it itself", () => {
  const stage = new Stage({ start: { ...chatStart(), lastSeq: 40 } });
  const bob = stage.join("bob");
  assert(canMark(stage.room.state.recent, 7, "bob"));
  stage.command(bob, { type: "read", seqs: [7] });
  stage.operate({ type: "delete_message", seq: 8 });
  stage.take();
  stage.command(bob, { type: "read", seqs: [7, 8] });
  assert.deepEqual(stage.take(), []);
});

Deno.test("markRead marks each message once, never a reader's own, in any order", () => {
  const users = fc.constantFrom("ann", "bob", "cid");
  const step = fc.oneof(
    fc.record({ user: users }),
    fc.record({
      user: users,
      seqs: fc.array(fc.integer({ min: -1, max: 30 }), { minLength: 1 }),
    }),
  );
  fc.assert(fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
    const stage = new Stage({
      start: chatStart({ access: "open" }),
      options: { recentEntriesMax: 1000 },
    });
    const sessions = new Map(
      ["ann", "bob", "cid"].map((user) => [user, stage.join(user)]),
    );
    for (const one of steps) {
      const session = sessions.get(one.user);
      assert(session);
      if ("seqs" in one) {
        stage.command(session, { type: "read", seqs: one.seqs });
      } else stage.say(session);
    }
    const authors = new Map(
      recorded(stage, "message").map(({ seq, actor }) => [seq, actor]),
    );
    const marked = new Set<number>();
    for (const { actor, payload: { seqs } } of recorded(stage, "read")) {
      assert(seqs.length > 0);
      assert.deepEqual(seqs, seqs.toSorted((left, right) => left - right));
      for (const seq of seqs) {
        assert(authors.has(seq) && authors.get(seq) !== actor);
        assert(!marked.has(seq), `${seq} was marked twice`);
        marked.add(seq);
      }
    }
  }));
});
