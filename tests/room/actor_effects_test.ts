import assert from "node:assert/strict";
import { ActorEffects } from "../../src/room/actor_effects.ts";
import { RoomVoice } from "../../src/room/room_voice.ts";
import { WakeAlarm } from "../../src/room/wake_alarm.ts";
import { FakeSession } from "../support/fake_session.ts";
import { PERSONAL } from "../support/personal_dialect.ts";
import { ActorWorld } from "./actor_world.ts";

function newEffects(world: ActorWorld): ActorEffects {
  return new ActorEffects({
    source: world.actor,
    voice: new RoomVoice(world.metrics),
    alarm: new WakeAlarm(world.clock, () => {}),
    world,
  });
}

Deno.test("ActorEffects begins replays once the turn's words are out, once", async () => {
  using world = new ActorWorld({ start: { lastSeq: 2 } });
  const effects = newEffects(world);
  const ann = new FakeSession("ann");
  effects.replay(ann, 0);
  await world.settle();
  assert.deepEqual(ann.seqs, []);
  effects.afterTurn();
  effects.afterTurn();
  await world.settle();
  assert.deepEqual(ann.seqs, [1, 2]);
});

Deno.test("ActorEffects sends a receipt itself once all is synced, if there is a word for it", () => {
  using world = new ActorWorld();
  world.recorder.isSynced = true;
  const effects = newEffects(world);
  const silent = { ...PERSONAL, encode: () => null };
  const sessions = [PERSONAL, silent].map((dialect) =>
    new FakeSession("ann", { dialect })
  );
  const receipt = { clientMsgId: "m1", id: "i", seq: 1 };
  for (const session of sessions) {
    effects.acknowledge(session, {
      type: "ack",
      durability: "fsync",
      ...receipt,
    });
  }
  assert.deepEqual(sessions.map(({ heard }) => heard), [[], []]);
  world.recorder.sync(true);
  assert.deepEqual(sessions.map(({ heard }) => heard), [["Ack"], []]);
});
