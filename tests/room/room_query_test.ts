import assert from "node:assert/strict";
import { START_AT } from "../support/fake_clock.ts";
import { deviceStart, person, Stage } from "./fixture.ts";

const QUERY = { type: "query_room" } as const;

function newStage(options = {}): Stage {
  return new Stage({ start: deviceStart(), options });
}

Deno.test("answerRoomQuery tells one who asks of every other connection", () => {
  const stage = newStage({ sessionsPerUserMax: 2 });
  const a1 = stage.join("dev-a", { id: "a1" });
  stage.join("dev-a", { id: "a2" });
  stage.join("dev-b");
  stage.take();
  stage.pass(7).command(a1, QUERY);
  assert.deepEqual(stage.take(), ["record query dev-a", "send a1 room_info"]);
  assert.deepEqual(stage.effects.events.at(-1), {
    type: "room_info",
    roomId: "r",
    totalClients: 3,
    clients: [person("dev-a"), person("dev-b")],
  });
  assert.deepEqual(stage.effects.records.at(-1), {
    type: "room_queried",
    query: { id: "id1", roomId: "r", userId: "dev-a", at: START_AT + 7 },
  });
});

Deno.test("answerRoomQuery tells one who is alone so", () => {
  const stage = newStage();
  stage.command(stage.join("dev-a"), QUERY);
  const event = stage.effects.events.at(-1);
  assert(event?.type === "room_info");
  assert.deepEqual([event.totalClients, event.clients], [1, []]);
});

Deno.test("answerRoomQuery names at most 1000 others", () => {
  const stage = newStage({ membersMax: 2000 });
  const asker = stage.join("dev-0");
  for (const [others, named] of [[999, 999], [1000, 1000], [1001, 1000]]) {
    const { presence } = stage.room.state;
    for (let id = presence.sessionCount; id <= (others ?? 0); id++) {
      stage.join(`dev-${id}`);
    }
    stage.command(asker, QUERY);
    const event = stage.effects.events.at(-1);
    assert(event?.type === "room_info");
    assert.equal(event.totalClients, (others ?? 0) + 1);
    assert.equal(event.clients.length, named);
  }
});

Deno.test("answerRoomQuery answers also when nothing can be recorded", () => {
  const stage = newStage();
  const session = stage.join("dev-a");
  stage.take();
  stage.effects.isStorable = false;
  stage.command(session, QUERY);
  assert.deepEqual(stage.take(), ["send dev-a room_info"]);
});

Deno.test("answerRoomQuery refuses in rooms of other kinds", () => {
  const stage = new Stage();
  const ann = stage.join("ann");
  stage.take();
  stage.command(ann, QUERY);
  assert.deepEqual(stage.take(), ["send ann unknown_type"]);
});
