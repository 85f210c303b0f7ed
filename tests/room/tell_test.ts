import assert from "node:assert/strict";
import { tell } from "../../src/room/tell.ts";
import { newMessage, Stage } from "./fixture.ts";

Deno.test("tell names the sessions of whoever caused an entry", () => {
  const stage = new Stage({ options: { sessionsPerUserMax: 2 } });
  const ann = stage.join("ann");
  const again = stage.join("ann", { id: "ann2" });
  stage.join("bob");
  stage.take();
  const { effects, room } = stage;
  tell(newMessage(1), room.state, effects, { droppable: true });
  tell({ ...newMessage(2), actor: "cid" }, room.state, effects);
  tell({ ...newMessage(3), actor: null }, room.state, effects);
  assert.deepEqual(stage.take(), [
    "broadcast message 1 droppable",
    "broadcast message 2",
    "broadcast message 3",
  ]);
  const authors = effects.events.slice(-3).map((event) =>
    effects.told.get(event)?.authors
  );
  assert.deepEqual(authors, [[ann, again], [], []]);
});
