import assert from "node:assert/strict";
import { closed, created, entry, opened, said, T0 } from "./fixture.ts";
import { testOutbox } from "./outbox_fixture.ts";

testOutbox(
  "selectChatBetween gives messages by number, ends included",
  async (test) => {
    await test.apply(
      created(),
      ...[1, 2, 3].map((seq) => said(seq)),
      entry("system", 4, { message: "x" }),
      said(5, "茶 \0 \uD800", { at: T0 - 1 }),
      said(6),
      said(2, "elsewhere", { roomId: "room-2" }),
      entry("delete", 7, { seq: 3 }),
    );
    const lines = await test.outbox.chatBetween("room-1", 2, 5);
    assert.deepEqual(lines, [
      {
        seq: 2,
        id: "room-1/2",
        userId: "ann",
        nickname: "Ann",
        content: "message 2",
        at: T0 + 2000,
      },
      {
        seq: 5,
        id: "room-1/5",
        userId: "ann",
        nickname: "Ann",
        content: "茶 \0 \uD800",
        at: T0 - 1,
      },
    ]);
    assert.deepEqual(await test.outbox.chatBetween("room-1", 3, 4), []);
    assert.deepEqual(await test.outbox.chatBetween("room-3", 1, 9), []);
  },
);

testOutbox(
  "chatLineOf says what a message is beside its text, until it is deleted",
  async (test) => {
    const file = {
      messageType: "image",
      fileUrl: "/tools/uploads/room-1/cat.png",
      fileName: "cat.png",
      senderType: "bot",
    } as const;
    const said = { nickname: "Ann", content: "", isAdmin: false, ...file };
    await test.apply(
      created(),
      entry("message", 1, said),
      entry("message", 2, said),
      entry("delete", 3, { seq: 2 }),
    );
    const expected = [{
      seq: 1,
      id: "room-1/1",
      userId: "ann",
      nickname: "Ann",
      content: "",
      at: T0 + 1000,
      ...file,
    }];
    assert.deepEqual(await test.outbox.chatBetween("room-1", 1, 9), expected);
    assert.deepEqual(await test.outbox.newestChat("room-1", 9), expected);
  },
);

testOutbox(
  "selectNewestChat gives the newest messages, newest first",
  async (test) => {
    await test.apply(
      created(),
      ...[1, 2, 3].map((seq) => said(seq)),
      entry("delete", 4, { seq: 2 }),
    );
    const seqs = async (limit: number) => {
      const lines = await test.outbox.newestChat("room-1", limit);
      return lines.map(({ seq, id }) => `${seq} ${id}`);
    };
    assert.deepEqual(await seqs(9), ["3 room-1/3", "1 room-1/1"]);
    assert.deepEqual(await seqs(1), ["3 room-1/3"]);
  },
);

testOutbox(
  "selectStaysBetween gives stays by their order of ending",
  async (test) => {
    await test.apply(
      created(),
      opened({ id: "a" }),
      opened({ id: "b", userId: "bob", nickname: "Bob", joinedAt: T0 + 5 }),
      opened({ id: "open" }),
      opened({ id: "c", roomId: "room-2" }),
      closed({ id: "b", closeCode: 4503 }),
      closed({ id: "c", roomId: "room-2" }),
      // The clock may step back: what was told first ended first.
      closed({ id: "a", leftAt: T0 + 9 }),
    );
    const { outbox } = test;
    const [bob, ann, ...rest] = await outbox.staysBetween("room-1", 1, 9);
    assert.deepEqual(bob, {
      id: "b",
      userId: "bob",
      nickname: "Bob",
      joinedAt: T0 + 5,
      leftAt: T0 + 60_000,
      closeCode: 4503,
    });
    assert.equal(ann?.id, "a");
    assert.deepEqual(rest, []);
    const ids = async (from: number, to: number) => {
      const stays = await outbox.staysBetween("room-1", from, to);
      return stays.map(({ id }) => id);
    };
    assert.deepEqual(await ids(1, 1), ["b"]);
    assert.deepEqual(await ids(2, 2), ["a"]);
    assert.deepEqual(await ids(3, 9), []);
  },
);

testOutbox(
  "selectNewestStays gives ended stays, the last to begin first",
  async (test) => {
    await test.apply(
      created(),
      ...["a", "b", "c", "d"].map((id, index) => {
        return opened({ id, joinedAt: T0 + index });
      }),
      closed({ id: "c" }),
      closed({ id: "b" }),
      closed({ id: "a" }),
    );
    const ids = async (limit: number) => {
      const stays = await test.outbox.newestStays("room-1", limit);
      return stays.map(({ id }) => id);
    };
    assert.deepEqual(await ids(9), ["c", "b", "a"]);
    assert.deepEqual(await ids(2), ["c", "b"]);
  },
);

testOutbox(
  "selectSyncedRoom gives a room's facts, ended or not",
  async (test) => {
    await test.apply(
      created({ adminUserIds: ["zoe", "ann"] }),
      opened({ peakUsers: 3 }),
      said(1),
      entry("end", 2, { reason: "closed" }),
    );
    assert.deepEqual(await test.outbox.syncedRoom("room-1"), {
      name: "Tea house",
      adminUserIds: ["ann", "zoe"],
      createdAt: T0,
      lastMessageAt: T0 + 1000,
      peakUsers: 3,
      totalJoins: 1,
    });
    assert.equal(await test.outbox.syncedRoom("room-2"), undefined);
  },
);
