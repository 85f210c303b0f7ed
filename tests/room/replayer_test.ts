import assert from "node:assert/strict";
import { Metrics } from "../../src/base/metrics.ts";
import { LogWindow } from "../../src/room/log_window.ts";
import { Replayer, type ReplaySource } from "../../src/room/replayer.ts";
import type { RoomInput } from "../../src/room/room_input.ts";
import { RoomState } from "../../src/room/room_state.ts";
import { settle } from "../support/fake_clock.ts";
import { FakeSession } from "../support/fake_session.ts";
import { PERSONAL } from "../support/personal_dialect.ts";
import { RecordingLog } from "../support/recording_log.ts";
import { FakeReader, FakeRecorder } from "./actor_world.ts";
import { countingIds, newMessage, newStart, ROOM_OPTIONS } from "./fixture.ts";

/** A room whose log has so many entries, in the database. */
class FakeSource implements ReplaySource {
  readonly id = "r";
  readonly inputs: RoomInput[] = [];
  readonly log: LogWindow;
  readonly reader: FakeReader;
  readonly #recorder = new FakeRecorder();
  readonly #state: RoomState;

  constructor(lastSeq: number) {
    const start = newStart({ lastSeq });
    this.#state = new RoomState(start, ROOM_OPTIONS, countingIds());
    const before = range(1, lastSeq).map((seq) => newMessage(seq));
    this.reader = new FakeReader(this.#recorder, before);
    this.log = new LogWindow(this.#state, this.reader);
  }

  offer(input: RoomInput): boolean {
    this.inputs.push(input);
    return true;
  }

  /** Adds an entry to the log's end. */
  append(): void {
    const entry = newMessage(this.#state.lastSeq + 1);
    this.#recorder.accept([{ type: "entry", entry }]);
    this.#state.recent.push(entry);
  }

  /** After which number each read began. */
  get reads(): number[] {
    return this.reader.reads.map(({ afterSeq }) => afterSeq);
  }
}

function newReplayer(runningMax = 2) {
  const log = new RecordingLog();
  const metrics = new Metrics();
  return { log, metrics, replayer: new Replayer({ log, metrics, runningMax }) };
}

/** The numbers from one to another. */
function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

Deno.test("Replayer sends the log after a number in pages, then says how far", async () => {
  const { metrics, replayer } = newReplayer();
  const source = new FakeSource(127);
  const session = new FakeSession("ann");
  replayer.start(source, session, 7);
  await settle();
  assert.deepEqual(session.seqs, range(8, 127));
  assert.deepEqual(session.packets.map((packet) => packet.length), [
    50,
    50,
    20,
  ]);
  assert.deepEqual(source.reads, [7, 57, 107]);
  assert.deepEqual(source.inputs, [
    { kind: "replayed", session, throughSeq: 127 },
  ]);
  const { body } = await metrics.text();
  assert.match(body, /^parlor_replays_total 1$/m);
  assert.match(body, /^parlor_deliveries_total 120$/m);
});

Deno.test("Replayer sends what comes while it reads, too", async () => {
  const { replayer } = newReplayer();
  const source = new FakeSource(60);
  const session = new FakeSession("ann");
  source.reader.hold();
  replayer.start(source, session, 0);
  await settle();
  source.append();
  source.append();
  source.reader.release();
  await settle();
  assert.deepEqual(session.seqs, range(1, 62));
  assert.deepEqual(source.inputs, [
    { kind: "replayed", session, throughSeq: 62 },
  ]);
});

Deno.test("Replayer says at once that nothing is missing", async () => {
  const { replayer } = newReplayer();
  const source = new FakeSource(9);
  const session = new FakeSession("ann");
  replayer.start(source, session, 9);
  await settle();
  assert.deepEqual(session.packets, []);
  assert.deepEqual(source.inputs, [
    { kind: "replayed", session, throughSeq: 9 },
  ]);
});

Deno.test("Replayer sends entries that no listener may miss", async () => {
  const { replayer } = newReplayer();
  const session = new FakeSession("ann");
  const kept: (number | undefined)[] = [];
  session.onDeliver = ({ urgent }) => void kept.push(urgent?.frames.length);
  replayer.start(new FakeSource(3), session, 0);
  await settle();
  assert.deepEqual(kept, [3]);
});

Deno.test("Replayer reads the next page when the session has read the last", async () => {
  const { replayer } = newReplayer();
  const source = new FakeSource(60);
  const session = new FakeSession("ann");
  session.stall();
  replayer.start(source, session, 0);
  await settle();
  assert.deepEqual(source.reads, [0]);
  assert.deepEqual(source.inputs, []);
  session.read();
  await settle();
  assert.deepEqual(session.seqs, range(1, 60));
  assert.equal(source.inputs.length, 1);
});

Deno.test("Replayer stops for a session that is closed", async () => {
  const { replayer } = newReplayer(1);
  const source = new FakeSource(60);
  const session = new FakeSession("ann");
  session.stall();
  replayer.start(source, session, 0);
  await settle();
  session.close("slow_consumer");
  await settle();
  assert.deepEqual(source.reads, [0]);
  assert.deepEqual(source.inputs, []);
  const next = new FakeSession("bob");
  replayer.start(source, next, 50);
  await settle();
  assert.deepEqual(next.seqs, range(51, 60));
});

Deno.test("Replayer reads no more pages at a time than its bound", async () => {
  const { replayer } = newReplayer(2);
  const source = new FakeSource(1);
  const sessions = ["a", "b", "c", "d", "e"].map((name) =>
    new FakeSession(name)
  );
  source.reader.hold();
  for (const session of sessions) replayer.start(source, session, 0);
  await settle();
  assert.equal(source.reads.length, 2);
  source.reader.release();
  await settle();
  assert.equal(source.reads.length, 5);
  assert.deepEqual(sessions.map(({ seqs }) => seqs), [[1], [1], [1], [1], [1]]);
  assert.equal(source.inputs.length, 5);
});

Deno.test("Replayer keeps nobody waiting for sessions that do not read", async () => {
  const { replayer } = newReplayer(1);
  const source = new FakeSource(60);
  const stalled = new FakeSession("a");
  const reader = new FakeSession("b");
  stalled.stall();
  replayer.start(source, stalled, 0);
  replayer.start(source, reader, 0);
  await settle();
  assert.deepEqual(stalled.seqs, range(1, 50));
  assert.deepEqual(reader.seqs, range(1, 60));
  stalled.read();
  await settle();
  assert.deepEqual(stalled.seqs, range(1, 60));
  assert.equal(source.inputs.length, 2);
});

Deno.test("Replayer says that the log cannot be read, and serves the next", async () => {
  const { log, replayer } = newReplayer(1);
  const source = new FakeSource(3);
  const [ann, bob] = [new FakeSession("ann"), new FakeSession("bob")];
  const failure = new Error("Cannot read");
  source.reader.failure = failure;
  replayer.start(source, ann, 0);
  replayer.start(source, bob, 0);
  await settle();
  source.reader.failure = undefined;
  replayer.start(source, bob, 0);
  await settle();
  assert.deepEqual(source.inputs, [
    { kind: "replay_failed", session: ann },
    { kind: "replay_failed", session: bob },
    { kind: "replayed", session: bob, throughSeq: 3 },
  ]);
  const text = "warn Failed to read the log for a session that resumes";
  assert.deepEqual(log.texts, [text, text]);
  assert.deepEqual(log.lines[0]?.fields, {
    event: "replay_failed",
    room: "r",
    error: failure,
  });
});

Deno.test("Replayer gives up on a log with a hole rather than skip it", async () => {
  const { replayer } = newReplayer();
  const source = new FakeSource(3);
  source.reader.read = () => Promise.resolve([]);
  const session = new FakeSession("ann");
  replayer.start(source, session, 0);
  await settle();
  assert.deepEqual(session.packets, []);
  assert.deepEqual(source.inputs, [{ kind: "replay_failed", session }]);
});

Deno.test("Replayer tells a session which entries are its own", async () => {
  const { replayer } = newReplayer();
  const source = new FakeSource(2);
  const sessions = ["ann", "bob"].map((user) =>
    new FakeSession(user, { dialect: PERSONAL })
  );
  for (const session of sessions) replayer.start(source, session, 0);
  await settle();
  const own = sessions.map(({ frames }) =>
    frames.map((frame) => frame["is_own"])
  );
  assert.deepEqual(own, [[true, true], [false, false]]);
});

Deno.test("Replayer goes past entries that a dialect has no word for", async () => {
  const { replayer } = newReplayer();
  const source = new FakeSource(120);
  const dialect = { ...PERSONAL, encode: () => null };
  const session = new FakeSession("ann", { dialect });
  replayer.start(source, session, 0);
  await settle();
  assert.deepEqual(session.packets, []);
  assert.deepEqual(source.inputs, [
    { kind: "replayed", session, throughSeq: 120 },
  ]);
});
