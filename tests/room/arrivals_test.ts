import assert from "node:assert/strict";
import { ARRIVALS_TOLD_MAX } from "../../src/room/arrivals.ts";
import { Stage, type StageOptions } from "./fixture.ts";

function newStage(options: StageOptions["options"] = {}): Stage {
  const habits = { membersMax: 100, sessionsPerUserMax: 2, ...options };
  return new Stage({ options: habits, areArrivalsHeard: true });
}

/** Fills a room with so many others. */
function crowd(stage: Stage, count: number): void {
  for (let index = 0; index < count; index++) stage.join(`u${index}`);
  stage.take();
}

/** The words about who came and went. */
function arrivals(stage: Stage): string[] {
  return stage.take().filter((word) => /arrived|departed/.test(word));
}

Deno.test("tellArrival tells all of a user once the newcomer listens", () => {
  const stage = newStage();
  stage.join("ann");
  assert.deepEqual(stage.take(), [
    "record opened ann",
    "send ann welcome",
    "admit ann",
    "broadcast arrived ann droppable",
  ]);
});

Deno.test("tellDeparture tells the others of a user whose last session is gone", () => {
  const stage = newStage();
  const ann = stage.join("ann");
  stage.take();
  stage.leave(ann);
  assert.deepEqual(stage.take(), [
    "record closed ann 1000",
    "dismiss ann",
    "broadcast departed ann droppable",
  ]);
});

Deno.test("tellSelf tells a further session of a user alone", () => {
  const stage = newStage();
  const ann = stage.join("ann");
  stage.take();
  stage.join("ann", { id: "ann2" });
  assert.deepEqual(arrivals(stage), ["send ann2 arrived ann"]);
  stage.leave(ann);
  assert.deepEqual(arrivals(stage), []);
});

Deno.test("tellSelf tells a session that takes another's place alone", () => {
  const stage = newStage({ sessionsPerUserMax: 1 });
  stage.join("ann");
  stage.take();
  stage.join("ann", { id: "ann2" });
  assert.deepEqual(arrivals(stage), ["send ann2 arrived ann"]);
});

Deno.test("tellArrival tells nobody else in a room of many", () => {
  const stage = newStage();
  crowd(stage, ARRIVALS_TOLD_MAX - 1);
  const ann = stage.join("ann");
  assert.deepEqual(arrivals(stage), ["broadcast arrived ann droppable"]);
  const bob = stage.join("bob");
  assert.deepEqual(arrivals(stage), ["send bob arrived bob"]);
  stage.join("cid");
  stage.take();
  stage.leave(bob);
  assert.deepEqual(arrivals(stage), []);
  stage.leave(ann);
  assert.deepEqual(arrivals(stage), ["broadcast departed ann droppable"]);
});

Deno.test("tellArrival tells the others at once of a user who still catches up", () => {
  const stage = new Stage({
    start: { lastSeq: 60 },
    areArrivalsHeard: true,
  });
  const resume = { sinceSeq: 1, epoch: "epoch-1" };
  const ann = stage.join("ann", { resume });
  assert.deepEqual(stage.take().slice(1), [
    "send ann welcome",
    "replay ann after 1",
    "broadcast arrived ann droppable",
  ]);
  stage.handle({ kind: "replayed", session: ann, throughSeq: 60 });
  assert.deepEqual(stage.take(), ["admit ann", "send ann arrived ann"]);
});

Deno.test("tellDeparture tells of a user who was put out, and of nobody at the end", () => {
  const stage = newStage();
  stage.join("ann");
  stage.join("bob");
  stage.operate({ type: "kick", userId: "ann" });
  stage.take();
  stage.operate({ type: "end", reason: "closed" });
  assert.deepEqual(arrivals(stage), []);
  const kicked = newStage();
  kicked.join("ann");
  kicked.take();
  kicked.operate({ type: "kick", userId: "ann" });
  assert.deepEqual(arrivals(kicked), ["broadcast departed ann droppable"]);
});
