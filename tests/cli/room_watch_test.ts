import assert from "node:assert/strict";
import { ANSWER_BYTES_MAX } from "../../cli/answer_body.ts";
import { ApiClient } from "../../cli/api_client.ts";
import { UnreachableError } from "../../cli/http_transport.ts";
import { RoomWatch, type RoomWatchOptions } from "../../cli/room_watch.ts";
import type { Transport } from "../../cli/transport.ts";
import { deviceMessageBody, roomEndBody } from "../support/canned_answers.ts";
import { FakeCli } from "../support/fake_cli.ts";
import { settle } from "../support/fake_clock.ts";

const GREETING = "Watching room r1 after number 2: Ctrl-C leaves";

/** A server with one log, which it pages as the real one does. */
class FakeLog implements Transport {
  /** How many entries there are; all but an end are device messages. */
  count: number;
  hasEnded = false;
  /** Answers in place of the server what it does not leave to it. */
  fault: ((limit: number) => Response | undefined) | undefined;
  /** The queries so far. */
  readonly asked: string[] = [];

  constructor(count: number) {
    this.count = count;
  }

  request(_method: string, path: string): Promise<Response> {
    const query = new URL(path, "http://a").searchParams;
    this.asked.push(`${query}`);
    const limit = Number(query.get("limit"));
    return Promise.try(() => this.fault?.(limit) ?? this.#page(query));
  }

  #page(query: URLSearchParams): Response {
    const limit = Number(query.get("limit"));
    const after = query.get("after_seq");
    const from = after === null ? this.count - limit : Number(after);
    const seqs = Array.from({ length: this.count }, (_, index) => index + 1);
    const found = seqs.filter((seq) => seq > from);
    const entries = found.slice(0, limit).map((seq) =>
      this.hasEnded && seq === this.count
        ? roomEndBody(seq)
        : deviceMessageBody(seq)
    );
    const hasMore = found.length > limit;
    return Response.json({ room_id: "r1", entries, has_more: hasMore });
  }
}

/** A watch of that log, and what it showed and said. */
function watchOf(log: FakeLog, options: Partial<RoomWatchOptions> = {}) {
  const cli = new FakeCli();
  const shown: number[] = [];
  const notes: string[] = [];
  const watch = new RoomWatch(cli, {
    api: new ApiClient(log, cli.clock),
    roomId: "r1",
    intervalMs: 500,
    worksOnFile: () => false,
    show: (entries) => shown.push(...entries.map(({ seq }) => seq)),
    note: (text) => notes.push(text),
    ...options,
  });
  return { cli, shown, notes, running: watch.run() };
}

function unreachable(): Response {
  throw new UnreachableError("Cannot reach it", true);
}

function notFound(): Response {
  const body = { error: "Room r1 not found", code: "room_not_found" };
  return Response.json(body, { status: 404 });
}

Deno.test("RoomWatch shows what comes, from the newest entry on", async () => {
  const log = new FakeLog(2);
  const { cli, shown, notes, running } = watchOf(log);
  await settle();
  log.count = 4;
  await cli.clock.advance(499);
  assert.deepEqual(shown, []);
  await cli.clock.advance(1);
  assert.deepEqual(shown, [3, 4]);
  log.count = 5;
  await cli.clock.advance(500);
  assert.deepEqual(shown, [3, 4, 5]);
  cli.keyboard.send({ kind: "stop" });
  await running;
  assert.deepEqual(notes, [GREETING]);
  assert.deepEqual(log.asked, [
    "limit=1",
    "after_seq=2&limit=200",
    "after_seq=2&limit=200",
    "after_seq=4&limit=200",
  ]);
});

Deno.test("RoomWatch begins at 0 in a room without entries", async () => {
  const log = new FakeLog(0);
  const { cli, shown, running } = watchOf(log);
  await settle();
  log.count = 1;
  await cli.clock.advance(500);
  assert.deepEqual(shown, [1]);
  cli.keyboard.send({ kind: "stop" });
  await running;
});

Deno.test("RoomWatch shows what was said since a number, page by page", async () => {
  const log = new FakeLog(450);
  const { cli, shown, running } = watchOf(log, { sinceSeq: 10 });
  await settle();
  assert.equal(shown.length, 440);
  assert.deepEqual([shown[0], shown.at(-1)], [11, 450]);
  assert.deepEqual(log.asked.slice(1), [
    "after_seq=10&limit=200",
    "after_seq=210&limit=200",
    "after_seq=410&limit=200",
  ]);
  cli.keyboard.send({ kind: "stop" });
  await running;
});

Deno.test("RoomWatch leaves at once, whatever it waits for", async () => {
  const waits: ((log: FakeLog) => void)[] = [
    () => {},
    (log) => log.fault = unreachable,
    (log) => log.request = () => new Promise(() => {}),
  ];
  for (const begin of waits) {
    const log = new FakeLog(2);
    const { cli, running } = watchOf(log);
    await settle();
    begin(log);
    await cli.clock.advance(500);
    cli.keyboard.send({ kind: "stop" });
    await running;
    assert.equal(cli.clock.armed, 0);
    assert.equal(cli.keyboard.isListening, false);
  }
});

Deno.test("RoomWatch leaves while its first request is under way", async () => {
  const log = new FakeLog(2);
  log.request = () => new Promise(() => {});
  const { cli, running } = watchOf(log);
  cli.keyboard.send({ kind: "stop" });
  await running;
});

Deno.test("RoomWatch leaves when nobody reads any more", async () => {
  const log = new FakeLog(2);
  const { cli, shown, running } = watchOf(log);
  await settle();
  cli.stdout.isOpen = false;
  log.count = 3;
  await cli.clock.advance(500);
  await running;
  assert.deepEqual(shown, [3]);
});

Deno.test("RoomWatch ends with its room, the last entries shown", async () => {
  const log = new FakeLog(2);
  const { cli, shown, notes, running } = watchOf(log);
  await settle();
  log.count = 4;
  log.hasEnded = true;
  await cli.clock.advance(500);
  await running;
  assert.deepEqual(shown, [3, 4]);
  assert.deepEqual(notes, [GREETING, "Room r1 has ended"]);
  assert.equal(cli.clock.armed, 0);
});

Deno.test("RoomWatch ends at once in a room that has ended", async () => {
  const log = new FakeLog(4);
  log.hasEnded = true;
  const fresh = watchOf(log);
  await fresh.running;
  assert.deepEqual([fresh.shown, fresh.notes], [[], ["Room r1 has ended"]]);
  const past = watchOf(log, { sinceSeq: 9 });
  await past.running;
  assert.deepEqual([past.shown, past.notes], [[], ["Room r1 has ended"]]);
  const since = watchOf(log, { sinceSeq: 2 });
  await since.running;
  assert.deepEqual(since.shown, [3, 4]);
});

Deno.test("RoomWatch ends when the server knows the room no more", async () => {
  const log = new FakeLog(2);
  const { cli, notes, running } = watchOf(log);
  await settle();
  log.fault = notFound;
  await cli.clock.advance(500);
  await running;
  assert.deepEqual(notes, [
    GREETING,
    "Room r1 has ended: the server knows it no more",
  ]);
});

Deno.test("RoomWatch tells a loss once, and shows what it missed", async () => {
  const log = new FakeLog(2);
  const { cli, shown, notes, running } = watchOf(log);
  await settle();
  log.fault = unreachable;
  await cli.clock.advance(5000);
  const lost = [GREETING, "Lost, trying again: Cannot reach it"];
  assert.deepEqual(notes, lost);
  log.fault = undefined;
  log.count = 3;
  await cli.clock.advance(10_000);
  assert.deepEqual(notes, [...lost, "The server is back"]);
  assert.deepEqual(shown, [3]);
  log.fault = unreachable;
  await cli.clock.advance(500);
  assert.equal(notes.length, 4);
  cli.keyboard.send({ kind: "stop" });
  await running;
});

Deno.test("RoomWatch asks a lost server less and less often", async () => {
  const log = new FakeLog(2);
  const { cli, running } = watchOf(log);
  await settle();
  log.fault = unreachable;
  await cli.clock.advance(500);
  log.asked.length = 0;
  const askedAfter = async (ms: number) => {
    await cli.clock.advance(ms);
    return log.asked.splice(0).length;
  };
  for (const waitMs of [500, 1000, 2000, 4000, 8000, 10_000, 10_000]) {
    assert.equal(await askedAfter(waitMs - 1), 0);
    assert.equal(await askedAfter(1), 1);
  }
  cli.keyboard.send({ kind: "stop" });
  await running;
});

Deno.test("RoomWatch takes a proxy's words for a loss", async () => {
  const answers = [
    new Response("Bad Gateway", { status: 502 }),
    new Response("404 page not found", { status: 404 }),
    Response.json({ error: "Busy", code: "busy" }, { status: 503 }),
    Response.json({ error: "Slow down", code: "rate" }, { status: 429 }),
  ];
  for (const answer of answers) {
    const log = new FakeLog(2);
    const { cli, notes, running } = watchOf(log);
    await settle();
    log.fault = () => answer;
    await cli.clock.advance(500);
    assert.match(notes.at(-1) ?? "", /^Lost, trying again: The server /);
    cli.keyboard.send({ kind: "stop" });
    await running;
  }
});

Deno.test("RoomWatch fails when its first request does", async () => {
  for (const fault of [unreachable, notFound]) {
    const log = new FakeLog(2);
    log.fault = fault;
    const { cli, notes, running } = watchOf(log);
    await assert.rejects(running, /Cannot reach it|Room r1 not found/);
    assert.deepEqual([notes, cli.keyboard.isListening], [[], false]);
  }
});

Deno.test("RoomWatch fails for what does not pass by itself", async () => {
  const log = new FakeLog(2);
  const { cli, running } = watchOf(log);
  await settle();
  log.fault = () => Response.json({ error: "No" }, { status: 401 });
  const failing = assert.rejects(running, /refused the key/);
  await cli.clock.advance(500);
  await failing;
  assert.equal(cli.clock.armed, 0);
});

Deno.test("RoomWatch asks for fewer entries where a page is too large", async () => {
  const log = new FakeLog(80);
  log.fault = (limit) => limit > 50 ? hugeAnswer() : undefined;
  const { cli, shown, running } = watchOf(log, { sinceSeq: 0 });
  while (shown.length < 80) await settle();
  assert.deepEqual(log.asked, [
    "limit=1",
    "after_seq=0&limit=200",
    "after_seq=0&limit=100",
    "after_seq=0&limit=50",
    "after_seq=50&limit=50",
  ]);
  cli.keyboard.send({ kind: "stop" });
  await running;
});

/** An answer that is larger than may be. */
function hugeAnswer(): Response {
  const chunk = new Uint8Array(2 ** 20);
  let left = ANSWER_BYTES_MAX / chunk.length + 1;
  return new Response(
    new ReadableStream({
      pull: (control) => left-- > 0 ? control.enqueue(chunk) : control.close(),
    }),
  );
}

Deno.test("RoomWatch shows all of a file and says that no server runs", async () => {
  const log = new FakeLog(250);
  const { shown, notes, running } = watchOf(log, {
    sinceSeq: 0,
    worksOnFile: () => true,
  });
  await running;
  assert.equal(shown.length, 250);
  assert.deepEqual(notes, ["No server runs: this is all that is stored"]);
});
