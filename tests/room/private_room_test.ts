import assert from "node:assert/strict";
import fc from "fast-check";
import type { FakeSession } from "../support/fake_session.ts";
import { PERSONAL } from "../support/personal_dialect.ts";
import { ActorWorld } from "./actor_world.ts";
import { chatStart, person } from "./fixture.ts";

Deno.test("RoomActor tells each what is their own, and no stranger anything", async () => {
  const users = ["ann", "bob", "eve"];
  const step = fc.record({
    who: fc.constantFrom(...users),
    how: fc.constantFrom("say", "post", "come", "go", "read", "type", "turn"),
    isPersonal: fc.boolean(),
  });
  const steps = fc.array(step, { maxLength: 40 });
  await fc.assert(fc.asyncProperty(steps, async (all) => {
    using world = new ActorWorld({
      start: chatStart(),
      options: { sessionsPerUserMax: 2 },
    });
    const { actor } = world;
    const sessions: FakeSession[] = [];
    for (const { who, how, isPersonal } of all) {
      const session = sessions.findLast((one) => one.userId === who);
      if (how === "come") {
        const dialect = isPersonal ? { dialect: PERSONAL } : {};
        const id = `${who}${sessions.length}`;
        sessions.push(world.join(who, { id, sinceSeq: 0, ...dialect }));
      } else if (how === "post") {
        const post = { type: "chat", content: who } as const;
        actor.post(person(who), post).catch(() => {});
      } else if (how === "turn") {
        world.slice();
      } else if (session !== undefined) {
        act(world, session, how);
      }
    }
    await world.settle();
    for (const { closedWith, dialect, frames, userId } of sessions) {
      if (userId === "eve") {
        assert.equal(closedWith, "not_participant");
        assert.deepEqual(frames.map(({ type }) => type), ["Error"]);
      }
      for (const { type, payload, ...frame } of frames) {
        if (type !== "Message") continue;
        const { from, content } = payload as { from: string; content: string };
        assert.equal(from, content);
        const isOwn = dialect.isPersonal ? from === userId : undefined;
        assert.equal(frame["is_own"], isOwn);
      }
    }
    const entries = world.recorder.entries("r");
    assert(entries.every(({ actor }) => actor !== "eve"));
  }));
});

/** What a session does in a step. */
function act(world: ActorWorld, session: FakeSession, how: string): void {
  const { actor } = world;
  switch (how) {
    case "say":
      return void world.say(session, session.userId);
    case "go":
      return void actor.offer({ kind: "leave", session, closeCode: 1000 });
    case "read": {
      const seqs = [actor.state.lastSeq, 1, 2, 3];
      return void actor.submit(session, { type: "read", seqs });
    }
    case "type": {
      const notice = { type: "typing", isTyping: true } as const;
      return void actor.submit(session, { type: "notice", notice });
    }
  }
}
