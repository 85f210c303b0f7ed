import assert from "node:assert/strict";
import { UserPresence } from "../../src/presence/user_presence.ts";

const ANN = { userId: "ann", nickname: "Ann" };

function at(ms: number) {
  return { now: 1_000_000 + ms, monotonic: ms };
}

function connection(id: string, roomId: string | null = null) {
  return { ...ANN, id, roomId };
}

Deno.test("UserPresence tells whether others see a difference", () => {
  const ann = new UserPresence(ANN, at(0));
  assert.deepEqual(
    [
      ann.open(connection("s1"), at(0)),
      ann.open(connection("s2"), at(0)),
      ann.open(connection("s3", "r1"), at(0)),
      ann.open(connection("s4", "r1"), at(0)),
      ann.open({ ...connection("s5"), nickname: "安" }, at(0)),
      ann.act(at(1)),
      ann.fallSilent(),
      ann.fallSilent(),
      ann.act(at(2)),
      ann.choose("online"),
      ann.choose("busy"),
      ann.fallSilent(),
      ann.close("s4", at(3)),
      ann.close("s4", at(3)),
      ann.turnTo("r9"),
    ],
    [
      true,
      false,
      true,
      false,
      true,
      false,
      true,
      false,
      true,
      false,
      true,
      false,
      false,
      false,
      false,
    ],
  );
});

Deno.test("UserPresence is offline without a connection, whatever is chosen", () => {
  const ann = new UserPresence(ANN, at(0));
  assert.equal(ann.status, "offline");
  assert.equal(ann.choose("busy"), false);
  ann.open(connection("s1"), at(1));
  assert.equal(ann.status, "online");
  ann.choose("busy");
  assert.equal(ann.close("s1", at(2)), true);
  assert.equal(ann.status, "offline");
  ann.open(connection("s2"), at(3));
  assert.equal(ann.status, "online");
});

Deno.test("UserPresence was seen last at what it did last, never before", () => {
  const ann = new UserPresence(ANN, at(0));
  ann.open(connection("s1"), at(5));
  ann.act({ now: 0, monotonic: 9 });
  assert.equal(ann.facts().lastSeenAt, at(5).now);
  assert.equal(ann.activeAt, 9);
  ann.close("s1", at(20));
  assert.deepEqual(ann.row(), {
    userId: "ann",
    nickname: "Ann",
    lastSeenAt: at(20).now,
    roomId: null,
    isOnline: false,
  });
});

Deno.test("UserPresence goes back to the room entered before", () => {
  const ann = new UserPresence(ANN, at(0));
  for (const [id, roomId] of [["a", "r1"], ["b", "r2"], ["c", "r3"]] as const) {
    ann.open(connection(id, roomId), at(0));
  }
  ann.turnTo("r1");
  assert.equal(ann.facts().roomId, "r1");
  assert.equal(ann.close("a", at(1)), true);
  assert.equal(ann.facts().roomId, "r3");
  assert.equal(ann.close("b", at(1)), false);
  assert.equal(ann.facts().roomId, "r3");
});
