import assert from "node:assert/strict";
import fc from "fast-check";
import { Speech } from "../../src/room/speech.ts";
import type { Dialect } from "../../src/wire/dialect.ts";
import type { RoomEvent } from "../../src/wire/event.ts";
import type { Frame } from "../../src/wire/packet.ts";
import { FakeSession } from "../support/fake_session.ts";
import { newMessage } from "./fixture.ts";

/** A dialect in which an event is a short word; it counts what it encodes. */
class WordDialect implements Dialect {
  readonly name: string;
  readonly isPersonal: boolean;
  readonly encoded: string[] = [];

  constructor(name = "words", { isPersonal = false } = {}) {
    this.name = name;
    this.isPersonal = isPersonal;
  }

  decode(): { ok: false; code: "bad_json" } {
    return { ok: false, code: "bad_json" };
  }

  encode(event: RoomEvent, readerId?: string): string | null {
    if (event.type === "arrived") return null;
    const word = wordOf(event, readerId);
    this.encoded.push(word);
    return word;
  }
}

/** An entry is its number, with a mark for whoever caused it. */
function wordOf(event: RoomEvent, readerId: string | undefined): string {
  if (event.type === "room_stats") return `${event.currentUsers}`;
  if (event.type !== "entry") return event.type;
  const { actor, seq } = event.entry;
  return actor === readerId ? `own ${seq}` : `${seq}`;
}

/** A broadcast with a number in it. */
function stats(currentUsers: number): RoomEvent {
  return { type: "room_stats", currentUsers, peakUsers: 0 };
}

/** A message that a user said. */
function message(seq: number, actor: string): RoomEvent {
  return { type: "entry", entry: { ...newMessage(seq), actor } };
}

const ARRIVED: RoomEvent = {
  type: "arrived",
  user: { userId: "ann", nickname: "Ann" },
};

const KICKED: RoomEvent = { type: "you_are_kicked", code: "user_kicked" };

/** A turn before which these sessions listened. */
function newSpeech(...names: string[]) {
  const dialect = new WordDialect();
  const sessions = names.map((name) => new FakeSession(name, { dialect }));
  const audience = new Set(sessions);
  const speech = new Speech(audience);
  function broadcast(event: RoomEvent, except?: FakeSession): void {
    speech.broadcast(event, [dialect], except && { except: [except] });
  }
  function guest(name: string): FakeSession {
    return new FakeSession(name, { dialect });
  }
  return { audience, broadcast, dialect, guest, sessions, speech };
}

/** What a session is told in the turn. */
function told(speech: Speech, session: FakeSession): readonly Frame[] {
  const packet = speech.hasView(session)
    ? speech.ownPart(session).packet
    : speech.sharedPacket(session.dialect);
  return packet?.frames ?? [];
}

Deno.test("Speech says broadcasts to all who listen, in one shared packet", () => {
  const { broadcast, dialect, speech } = newSpeech("ann", "bob");
  broadcast(stats(1));
  broadcast(stats(2));
  assert.deepEqual(speech.sharedPacket(dialect)?.frames, ["1", "2"]);
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

Deno.test("Speech encodes a broadcast twice in a personal dialect, however many hear it", () => {
  const personal = new WordDialect("personal", { isPersonal: true });
  const sessions = Array.from({ length: 20 }, (_, index) => {
    const userId = index < 3 ? "ann" : `u${index}`;
    return new FakeSession(userId, { dialect: personal });
  });
  const authors = sessions.slice(0, 3);
  const speech = new Speech(new Set(sessions));
  speech.broadcast(message(1, "ann"), [personal], { authors });
  const heard = sessions.flatMap((session) => told(speech, session));
  const others = sessions.slice(3).map(() => "1");
  assert.deepEqual(heard, ["own 1", "own 1", "own 1", ...others]);
  assert.deepEqual(personal.encoded, ["1", "own 1"]);
  assert(!sessions.slice(3).some((session) => speech.hasView(session)));
});

Deno.test("Speech gives an author the shared packet of a dialect that is not personal", () => {
  const { dialect, sessions: [ann], speech } = newSpeech("ann", "bob");
  assert(ann);
  speech.broadcast(message(1, "ann"), [dialect], { authors: [ann] });
  assert(!speech.hasView(ann));
  assert.deepEqual(told(speech, ann), ["1"]);
  assert.deepEqual(dialect.encoded, ["1"]);
});

Deno.test("Speech says nothing that no dialect in use has a word for", () => {
  const { broadcast, dialect, sessions: [ann], speech } = newSpeech("ann");
  assert(ann);
  broadcast(ARRIVED);
  speech.send(ann, ARRIVED);
  assert(speech.isEmpty);
  assert.equal(speech.broadcastCount, 0);
  assert.equal(speech.sharedPacket(dialect), null);
});

Deno.test("Speech passes over what one dialect has no word for", () => {
  const words = new WordDialect();
  const chatty = new WordDialect("chatty");
  chatty.encode = (event) => event.type;
  const ann = new FakeSession("ann", { dialect: words });
  const bob = new FakeSession("bob", { dialect: chatty });
  const speech = new Speech(new Set([ann, bob]));
  speech.broadcast(ARRIVED, [words, chatty]);
  assert.equal(speech.sharedPacket(words), null);
  assert.deepEqual(told(speech, bob), ["arrived"]);
  speech.broadcast(stats(1), [words, chatty]);
  speech.send(ann, KICKED);
  assert.deepEqual(told(speech, ann), ["1", "you_are_kicked"]);
});

Deno.test("Speech encodes nothing for a dialect that nobody speaks", () => {
  const speech = new Speech(new Set());
  speech.broadcast(stats(1), []);
  assert.equal(speech.broadcastLength, 0);
  assert(speech.isEmpty);
});

Deno.test("Speech encodes a broadcast for a dialect that joins after it, when asked", () => {
  const { broadcast, speech } = newSpeech("ann");
  broadcast(stats(1));
  const others = new WordDialect("others");
  assert.deepEqual(speech.sharedPacket(others)?.frames, ["1"]);
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
  assert.deepEqual(own?.urgent?.frames, ["2", "you_are_kicked"]);
  assert.deepEqual(speech.sharedPacket(dialect)?.urgent?.frames, ["2"]);
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

Deno.test("Speech numbers an entry that one session is told", () => {
  const { sessions: [ann], speech } = newSpeech("ann");
  assert(ann);
  const payload = { nickname: "Bob", content: "hi", isAdmin: false };
  const place = { roomId: "r", seq: 6, id: "i", at: 0, actor: "bob" };
  const entry = { ...place, kind: "message", payload } as const;
  speech.send(ann, KICKED);
  assert.equal(speech.ownPart(ann).packet?.isNumbered, false);
  speech.send(ann, { type: "entry", entry });
  const { packet } = speech.ownPart(ann);
  assert.equal(packet?.isNumbered, true);
  assert.equal(packet?.missable, null);
});

/** What may happen within a turn. */
type Step =
  | { readonly kind: "broadcast"; readonly except: number | null }
  | { readonly kind: "message" | "send" | "come" | "go"; readonly who: number };

const who = fc.nat(4);
const kind = fc.constantFrom("message", "send", "come", "go");
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("broadcast"), except: fc.option(who) }),
  fc.record({ kind, who }),
);

/** Five people; the first two are one user, and every other one is personal. */
class Turn {
  readonly #dialects = [
    new WordDialect("personal", { isPersonal: true }),
    new WordDialect(),
  ];
  readonly people = [0, 0, 2, 3, 4].map((user, index) => {
    const dialect = this.#dialects[index % 2] ?? new WordDialect();
    return new FakeSession(`u${user}`, { id: `s${index}`, dialect });
  });
  readonly audience = new Set(this.people.slice(0, 3));
  readonly speech = new Speech(this.audience);
  /** What each would have heard one by one. */
  readonly heard = this.people.map((): string[] => []);
  readonly #gone = new Set<FakeSession>();

  take(one: Step, index: number): void {
    if (one.kind === "broadcast") return this.#broadcast(one.except, index);
    const session = this.people[one.who];
    assert(session);
    switch (one.kind) {
      case "message":
        return this.#message(session, index);
      case "send":
        this.speech.send(session, stats(index));
        this.heard[one.who]?.push(`${index}`);
        return;
      case "come":
        // A session comes once: its connection ends when it goes.
        if (this.#gone.has(session) || this.audience.has(session)) return;
        this.speech.admit(session);
        this.audience.add(session);
        return;
      case "go":
        this.speech.dismiss(session, undefined);
        this.audience.delete(session);
        this.#gone.add(session);
    }
  }

  #broadcast(place: number | null, index: number): void {
    const except = place === null ? [] : this.people.slice(place, place + 1);
    this.speech.broadcast(stats(index), this.#inUse, { except });
    for (const [place, session] of this.people.entries()) {
      const hears = this.audience.has(session) && !except.includes(session);
      if (hears) this.heard[place]?.push(`${index}`);
    }
  }

  #message({ userId }: FakeSession, seq: number): void {
    const isHere = (one: FakeSession) => !this.#gone.has(one);
    const authors = this.people.filter((one) =>
      one.userId === userId && isHere(one)
    );
    this.speech.broadcast(message(seq, userId), this.#inUse, { authors });
    for (const [place, session] of this.people.entries()) {
      if (!this.audience.has(session)) continue;
      const isOwn = session.userId === userId && session.dialect.isPersonal;
      this.heard[place]?.push(isOwn ? `own ${seq}` : `${seq}`);
    }
  }

  get #inUse(): WordDialect[] {
    return this.#dialects.filter((dialect) =>
      [...this.audience].some((session) => session.dialect === dialect)
    );
  }
}

Deno.test("Speech tells each session what it would have heard one by one, its own as own", () => {
  fc.assert(fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
    const turn = new Turn();
    for (const [index, one] of steps.entries()) turn.take(one, index);
    const { audience, heard, people, speech } = turn;
    for (const [place, session] of people.entries()) {
      const isTold = audience.has(session) || speech.hasView(session);
      const texts = isTold ? told(speech, session) : [];
      assert.deepEqual(texts, heard[place]);
    }
  }));
});

Deno.test("Speech knows how much it says to the session that is told most alone", () => {
  const { sessions: [ann, bob], speech } = newSpeech("ann", "bob");
  assert(ann && bob);
  speech.send(ann, KICKED);
  speech.send(bob, stats(12));
  assert.equal(speech.asideLengthMax, KICKED.type.length);
  speech.send(ann, stats(12));
  assert.equal(speech.asideLengthMax, KICKED.type.length + 2);
  speech.send(bob, ARRIVED);
  assert.equal(speech.broadcastLength, 0);
});

Deno.test("Speech gives what comes late no number: it is between no two others", () => {
  const { dialect, speech } = newSpeech("ann");
  speech.broadcast(message(2, "ann"), [dialect], { droppable: true });
  const late = { droppable: true, isLate: true };
  speech.broadcast(message(1, "ann"), [dialect], late);
  const packet = speech.sharedPacket(dialect);
  assert.deepEqual(packet?.frames, ["2", "1"]);
  assert.deepEqual(packet.missable, { from: 2, to: 2 });
});
