import assert from "node:assert/strict";
import fc from "fast-check";
import { Speech } from "../../src/room/speech.ts";
import type { Dialect } from "../../src/wire/dialect.ts";
import type { RoomEvent } from "../../src/wire/event.ts";
import { FakeSession } from "../support/fake_session.ts";

/** A dialect in which an event is a short word; it counts what it encodes. */
class WordDialect implements Dialect {
  readonly name: string;
  readonly encoded: string[] = [];

  constructor(name = "words") {
    this.name = name;
  }

  decode(): { ok: false; code: "bad_json" } {
    return { ok: false, code: "bad_json" };
  }

  encode(event: RoomEvent): string {
    const word = event.type === "room_stats"
      ? `${event.currentUsers}`
      : event.type;
    this.encoded.push(word);
    return word;
  }
}

/** A broadcast with a number in it. */
function stats(currentUsers: number): RoomEvent {
  return { type: "room_stats", currentUsers, peakUsers: 0 };
}

const KICKED: RoomEvent = { type: "you_are_kicked" };

/** A turn before which these sessions listened. */
function newSpeech(...names: string[]) {
  const dialect = new WordDialect();
  const sessions = names.map((name) => new FakeSession(name, { dialect }));
  const audience = new Set(sessions);
  const speech = new Speech(audience);
  function broadcast(event: RoomEvent, except?: FakeSession): void {
    speech.broadcast(event, [dialect], except && { except });
  }
  function guest(name: string): FakeSession {
    return new FakeSession(name, { dialect });
  }
  return { audience, broadcast, dialect, guest, sessions, speech };
}

/** What a session is told in the turn. */
function told(speech: Speech, session: FakeSession): readonly string[] {
  const packet = speech.hasView(session)
    ? speech.ownPart(session).packet
    : speech.sharedPacket(session.dialect);
  return packet?.texts ?? [];
}

Deno.test("Speech says broadcasts to all who listen, in one shared packet", () => {
  const { broadcast, dialect, speech } = newSpeech("ann", "bob");
  broadcast(stats(1));
  broadcast(stats(2));
  assert.deepEqual(speech.sharedPacket(dialect)?.texts, ["1", "2"]);
  assert.equal(speech.sharedPacket(dialect), speech.sharedPacket(dialect));
  assert.equal(speech.broadcastCount, 2);
  assert.equal(speech.broadcastLength, 2);
});

Deno.test("Speech is empty until something is said, or someone comes or goes", () => {
  const { speech, dialect } = newSpeech();
  assert(speech.isEmpty);
  assert.equal(speech.sharedPacket(dialect), null);
  const { broadcast, speech: said } = newSpeech();
  broadcast(stats(1));
  assert(!said.isEmpty);
  const { sessions: [ann], speech: left } = newSpeech("ann");
  assert(ann);
  left.dismiss(ann, undefined);
  assert(!left.isEmpty);
});

Deno.test("Speech encodes a broadcast once for each dialect, however many hear it", () => {
  const words = new WordDialect();
  const others = new WordDialect("others");
  const names = Array.from({ length: 20 }, (_, index) => `u${index}`);
  const sessions = names.map((name, index) =>
    new FakeSession(name, { dialect: index % 2 === 0 ? words : others })
  );
  const speech = new Speech(new Set(sessions));
  const [ann, bob] = sessions;
  assert(ann && bob);
  speech.send(ann, KICKED);
  speech.broadcast(stats(1), [words, others]);
  speech.dismiss(bob, "user_kicked");
  speech.broadcast(stats(2), [words, others]);
  for (const session of sessions) told(speech, session);
  assert.deepEqual(words.encoded, ["you_are_kicked", "1", "2"]);
  assert.deepEqual(others.encoded, ["1", "2"]);
});

Deno.test("Speech encodes nothing for a dialect that nobody speaks", () => {
  const speech = new Speech(new Set());
  speech.broadcast(stats(1), []);
  assert.equal(speech.broadcastLength, 0);
});

Deno.test("Speech encodes a broadcast for a dialect that joins after it, when asked", () => {
  const { broadcast, speech } = newSpeech("ann");
  broadcast(stats(1));
  const others = new WordDialect("others");
  assert.deepEqual(speech.sharedPacket(others)?.texts, ["1"]);
  assert.deepEqual(others.encoded, ["1"]);
});

Deno.test("Speech puts what one session is told among the broadcasts, in order", () => {
  const { broadcast, sessions: [ann, bob], speech } = newSpeech("ann", "bob");
  assert(ann && bob);
  speech.send(ann, { type: "pong", timestamp: null });
  broadcast(stats(1));
  speech.send(ann, KICKED);
  speech.send(ann, KICKED);
  broadcast(stats(2));
  speech.send(ann, { type: "pong", timestamp: null });
  const own = ["pong", "1", "you_are_kicked", "you_are_kicked", "2", "pong"];
  assert.deepEqual(told(speech, ann), own);
  assert.deepEqual(told(speech, bob), ["1", "2"]);
});

Deno.test("Speech says a broadcast to all but one", () => {
  const { broadcast, sessions: [ann, bob], speech } = newSpeech("ann", "bob");
  assert(ann && bob);
  broadcast(stats(1), ann);
  broadcast(stats(2));
  assert.deepEqual(told(speech, ann), ["2"]);
  assert.deepEqual(told(speech, bob), ["1", "2"]);
});

Deno.test("Speech lets a session that came hear what follows its coming", () => {
  const { audience, broadcast, guest, speech } = newSpeech("ann");
  const cid = guest("cid");
  broadcast(stats(1));
  speech.send(cid, { type: "pong", timestamp: null });
  speech.admit(cid);
  audience.add(cid);
  broadcast(stats(2));
  assert.deepEqual(told(speech, cid), ["pong", "2"]);
});

Deno.test("Speech lets a session that went hear what came before, and its last words", () => {
  const { audience, broadcast, sessions: [ann], speech } = newSpeech("ann");
  assert(ann);
  broadcast(stats(1));
  speech.send(ann, KICKED);
  speech.dismiss(ann, "user_kicked");
  audience.delete(ann);
  broadcast(stats(2));
  assert.deepEqual(told(speech, ann), ["1", "you_are_kicked"]);
  assert.equal(speech.ownPart(ann).close, "user_kicked");
});

Deno.test("Speech lets a session that came and went hear what was between", () => {
  const { audience, broadcast, guest, speech } = newSpeech("ann");
  const cid = guest("cid");
  broadcast(stats(1));
  speech.admit(cid);
  audience.add(cid);
  broadcast(stats(2));
  speech.dismiss(cid, undefined);
  audience.delete(cid);
  broadcast(stats(3));
  assert.deepEqual(told(speech, cid), ["2"]);
  assert.equal(speech.ownPart(cid).close, undefined);
});

Deno.test("Speech tells a session that never listened only what is for it", () => {
  const { broadcast, guest, speech } = newSpeech("ann");
  const cid = guest("cid");
  broadcast(stats(1));
  speech.send(cid, { type: "error", code: "room_full" });
  speech.dismiss(cid, "room_full");
  broadcast(stats(2));
  assert.deepEqual(told(speech, cid), ["error"]);
  assert.equal(speech.ownPart(cid).close, "room_full");
});

Deno.test("Speech closes a session for the first reason", () => {
  const { sessions: [ann], speech } = newSpeech("ann");
  assert(ann);
  speech.dismiss(ann, undefined);
  speech.dismiss(ann, "user_banned");
  speech.dismiss(ann, "room_ended");
  assert.deepEqual(speech.ownPart(ann), { packet: null, close: "user_banned" });
});

Deno.test("Speech marks what a listener that lags may miss", () => {
  const { dialect, sessions: [ann], speech } = newSpeech("ann");
  assert(ann);
  speech.broadcast(stats(1), [dialect], { droppable: true });
  speech.broadcast(stats(2), [dialect]);
  speech.send(ann, KICKED);
  const own = speech.ownPart(ann).packet;
  assert.deepEqual(own?.urgent?.texts, ["2", "you_are_kicked"]);
  assert.deepEqual(speech.sharedPacket(dialect)?.urgent?.texts, ["2"]);
});

Deno.test("Speech numbers the entries that may be missed", () => {
  const { dialect, speech } = newSpeech("ann");
  for (const seq of [4, 5]) {
    const payload = { nickname: "Ann", content: "hi", isAdmin: false };
    const place = { roomId: "r", seq, id: "i", at: 0, actor: "ann" };
    const entry = { ...place, kind: "message", payload } as const;
    speech.broadcast({ type: "entry", entry }, [dialect], { droppable: true });
  }
  const missable = speech.sharedPacket(dialect)?.missable;
  assert.deepEqual(missable, { from: 4, to: 5 });
});

/** What may happen within a turn. */
type Step =
  | { readonly kind: "broadcast"; readonly except: number | null }
  | { readonly kind: "send" | "come" | "go"; readonly who: number };

const who = fc.nat(4);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("broadcast"), except: fc.option(who) }),
  fc.record({ kind: fc.constantFrom("send", "come", "go"), who }),
);

Deno.test("Speech tells each session what it would have heard one by one", () => {
  fc.assert(fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
    const dialect = new WordDialect();
    const people = [0, 1, 2, 3, 4].map((index) =>
      new FakeSession(`u${index}`, { dialect })
    );
    const audience = new Set(people.slice(0, 3));
    const heard = people.map((): string[] => []);
    const gone = new Set<FakeSession>();
    const speech = new Speech(audience);
    for (const [index, one] of steps.entries()) {
      if (one.kind === "broadcast") {
        const except = one.except === null ? undefined : people[one.except];
        speech.broadcast(stats(index), [dialect], except && { except });
        for (const [place, session] of people.entries()) {
          const hears = audience.has(session) && session !== except;
          if (hears) heard[place]?.push(`${index}`);
        }
        continue;
      }
      const session = people[one.who];
      assert(session);
      if (one.kind === "send") {
        speech.send(session, stats(index));
        heard[one.who]?.push(`${index}`);
      } else if (one.kind === "come") {
        // A session comes once: its connection ends when it goes.
        if (gone.has(session) || audience.has(session)) continue;
        speech.admit(session);
        audience.add(session);
      } else {
        speech.dismiss(session, undefined);
        audience.delete(session);
        gone.add(session);
      }
    }
    for (const [place, session] of people.entries()) {
      const isTold = audience.has(session) || speech.hasView(session);
      const texts = isTold ? told(speech, session) : [];
      assert.deepEqual(texts, heard[place]);
    }
  }));
});
