import assert from "node:assert/strict";
import { PeopleWatch } from "../../src/room/people_watch.ts";
import { chatStart, person, Stage } from "./fixture.ts";

Deno.test("PeopleWatch sees users come and go, and not their further sessions", () => {
  const stage = new Stage({ options: { sessionsPerUserMax: 2 } });
  const watch = new PeopleWatch(stage.room.state);
  assert(!watch.hasChanged());
  const ann = stage.join("ann");
  assert(watch.hasChanged());
  assert(!watch.hasChanged());
  const again = stage.join("ann", { id: "ann2" });
  stage.leave(ann);
  assert(!watch.hasChanged());
  stage.leave(again);
  assert(watch.hasChanged());
});

Deno.test("PeopleWatch sees who came and went between two looks", () => {
  const stage = new Stage();
  const watch = new PeopleWatch(stage.room.state);
  stage.leave(stage.join("ann"));
  assert(watch.hasChanged());
});

Deno.test("PeopleWatch sees other participants, and not what is said", () => {
  const stage = new Stage({ start: chatStart({ isWaiting: true }) });
  const watch = new PeopleWatch(stage.room.state);
  stage.post("ann", { type: "chat", content: "hi" });
  assert(!watch.hasChanged());
  const newcomer = person("bob");
  stage.operate({ type: "open", newcomer, records: [] });
  assert(watch.hasChanged());
  assert(!watch.hasChanged());
});
