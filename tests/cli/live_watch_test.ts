import assert from "node:assert/strict";
import { ApiClient } from "../../cli/api_client.ts";
import { UnreachableError } from "../../cli/http_transport.ts";
import { LiveView } from "../../cli/live_view.ts";
import { LiveWatch } from "../../cli/live_watch.ts";
import { Report } from "../../cli/report.ts";
import type { Transport } from "../../cli/transport.ts";
import { FakeCli } from "../support/fake_cli.ts";
import { settle } from "../support/fake_clock.ts";
import { FakeTextSockets } from "../support/fake_text_sockets.ts";
import {
  itemBody,
  linkBody,
  linkDetailBody,
  messageBody,
  snapshotBody,
  statsBody,
  waitingBody,
} from "../support/live_bodies.ts";

const GREETING = "Watching live room 77: Ctrl-C leaves\n";

/** A server that knows the live room, unless it is told otherwise. */
class FakeServer implements Transport {
  answer: () => Response = () => Response.json(linkDetailBody());
  asked = 0;

  request(): Promise<Response> {
    this.asked++;
    return Promise.try(this.answer);
  }
}

interface WatchOptions {
  readonly isJson?: boolean;
  readonly isTerminal?: boolean;
  /** To the first request too. */
  readonly answer?: () => Response;
}

/** A watch, and what it shows. */
function watchOf(options: WatchOptions = {}) {
  const { isJson = false, isTerminal = false, answer } = options;
  const sockets = new FakeTextSockets();
  const server = new FakeServer();
  if (answer !== undefined) server.answer = answer;
  const terminal = { columns: 100, rows: 24 };
  const cli = new FakeCli({
    openSocket: sockets.open,
    ...(isTerminal ? { terminal } : {}),
  });
  const view = new LiveView(cli, { report: new Report(cli, isJson), isJson });
  const watch = new LiveWatch(cli, {
    api: new ApiClient(server, cli.clock),
    serverUrl: "http://parlor:3000/base",
    liveId: "77",
    view,
  });
  return { cli, sockets, server, view, running: watch.run() };
}

type Watch = ReturnType<typeof watchOf>;

async function leave({ cli, sockets, running }: Watch): Promise<void> {
  cli.keyboard.send({ kind: "stop" });
  await running;
  assert.equal(cli.clock.armed, 0);
  assert.equal(cli.keyboard.isListening, false);
  assert(sockets.all.every(({ isClosed }) => isClosed));
}

/** What the lines say behind the time. */
function linesOf({ cli }: Watch): string[] {
  const lines = cli.stdout.take().trimEnd().split("\n");
  return lines.map((line) => line.slice("2026-01-01 08:00:00  ".length));
}

function unreachable(): Response {
  throw new UnreachableError("Cannot reach it", true);
}

function notFound(): Response {
  const body = {
    success: false,
    exists: false,
    code: "live_not_found",
    message: "No such live room here",
  };
  return Response.json(body, { status: 404 });
}

Deno.test("LiveWatch shows what was said last, then what comes", async () => {
  const watch = watchOf();
  await settle();
  const { cli, sockets } = watch;
  assert.equal(sockets.last.url, "ws://parlor:3000/base/ws/live/77");
  sockets.last.say(snapshotBody());
  sockets.last.say(messageBody(3));
  sockets.last.say({
    ...messageBody(9, { type: "like", count: 31 }),
    "from_seq": 4,
    conflated: 5,
  });
  sockets.last.say({ type: "system", seq: 10, at: 0, message: "be kind" });
  assert.equal(
    cli.stdout.text,
    `\
2026-01-01 08:00:00  1  chat 小安 (9007199254740993)  n1
2026-01-01 08:00:00  2  chat 小安 (9007199254740993)  n2
2026-01-01 08:00:00  live
2026-01-01 08:00:00  3  chat 小安 (9007199254740993)  n3
2026-01-01 08:00:00  9  like 小安 (9007199254740993)  ×31 in 5 messages
1970-01-01 08:00:00  10  system  be kind
`,
  );
  assert.equal(cli.stderr.text, GREETING);
  await leave(watch);
});

Deno.test("LiveWatch says once how the link stands", async () => {
  const watch = watchOf();
  await settle();
  const { sockets } = watch;
  sockets.last.say(snapshotBody({ messages: [] }));
  const says = [
    linkBody({ quality: 50 }),
    waitingBody(),
    waitingBody({ quality: 20 }),
    linkBody(),
  ];
  for (const status of says) sockets.last.say({ type: "live_status", status });
  assert.deepEqual(linesOf(watch), [
    "live",
    "waiting: closed (1006), attempt 3, next try 2026-01-01 08:00:08",
    "live",
  ]);
  await leave(watch);
});

Deno.test("LiveWatch has the numbers at the foot of a terminal alone", async () => {
  for (const isTerminal of [true, false]) {
    const watch = watchOf({ isTerminal });
    await settle();
    const { cli, sockets, view } = watch;
    sockets.last.say(snapshotBody({ messages: [] }));
    cli.stdout.take();
    const stats = statsBody({ messages: 121 });
    sockets.last.say({ type: "live_stats", stats, watchers: 3 });
    sockets.last.say(messageBody(3));
    await leave(watch);
    view[Symbol.dispose]();
    const foot = "messages 121  chats 30  gifts 4  likes 500  viewers 12  " +
      "in all 43.6万  watching 3";
    const line = "2026-01-01 08:00:00  3  chat 小安 (9007199254740993)  n3\n";
    assert.equal(
      cli.stdout.text,
      isTerminal ? `\r\x1b[2K${foot}\r\x1b[2K${line}${foot}\r\x1b[2K` : line,
    );
  }
});

Deno.test("LiveWatch prints each frame as it came where JSON is asked for", async () => {
  const watch = watchOf({ isJson: true, isTerminal: true });
  await settle();
  const frames = [
    snapshotBody(),
    messageBody(3, { content: "\x9b" }),
    { type: "live_stats", stats: statsBody(), watchers: 3 },
    { type: "poll", question: "?" },
  ];
  for (const frame of frames) watch.sockets.last.say(frame);
  const out = watch.cli.stdout.text;
  assert.equal(out.includes("\x9b"), false);
  const lines = out.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(lines, frames);
  await leave(watch);
});

Deno.test("LiveWatch connects again and goes on behind what it showed", async () => {
  const watch = watchOf();
  await settle();
  const { cli, sockets } = watch;
  sockets.last.say(snapshotBody());
  sockets.last.say(messageBody(3));
  sockets.last.say(messageBody(5));
  sockets.last.say(messageBody(4, { type: "like", count: 1 }));
  linesOf(watch);
  sockets.last.end(4001, "The server is stopping");
  await cli.clock.advance(499);
  assert.equal(sockets.all.length, 1);
  await cli.clock.advance(1);
  assert.equal(sockets.all.length, 2);
  assert.match(sockets.last.url, /\/ws\/live\/77\?since=5&epoch=e1$/);
  sockets.last.say(snapshotBody({ recovered: true, messages: [] }));
  sockets.last.say(messageBody(6));
  assert.deepEqual(linesOf(watch), ["6  chat 小安 (9007199254740993)  n6"]);
  assert.equal(
    cli.stderr.text,
    `${GREETING}Lost, trying again: the connection ended with 4001 ` +
      "The server is stopping\nThe server is back\n",
  );
  await leave(watch);
});

/** The numbers of the lines that are shown. */
function numbersOf(watch: Watch): string[] {
  return linesOf(watch).map((line) => line.split(" ")[0] ?? "").filter(Boolean);
}

Deno.test("LiveWatch goes on before a number that was told of late, and shows nothing twice", async () => {
  for (const isJson of [false, true]) {
    const watch = watchOf({ isJson });
    await settle();
    const { cli, sockets } = watch;
    sockets.last.say(snapshotBody({ "last_seq": 0, messages: [] }));
    sockets.last.say(messageBody(2));
    sockets.last.end();
    await cli.clock.advance(500);
    assert.match(sockets.last.url, /\?since=0&epoch=e1$/);
    cli.stdout.take();
    sockets.last.say(snapshotBody({ recovered: true, messages: [] }));
    sockets.last.say(messageBody(1, { type: "like", count: 1 }));
    sockets.last.say(messageBody(2));
    sockets.last.say({ type: "system", seq: 3, at: 0, message: "be kind" });
    sockets.last.say({ type: "system", seq: 3, at: 0, message: "be kind" });
    if (isJson) {
      const frames = cli.stdout.take().trimEnd().split("\n");
      const seqs = frames.map((frame) => JSON.parse(frame).seq);
      assert.deepEqual(seqs, [undefined, 1, 3]);
    } else assert.deepEqual(numbersOf(watch), ["1", "3"]);
    sockets.last.end();
    await cli.clock.advance(500);
    assert.match(sockets.last.url, /\?since=3&epoch=e1$/);
    await leave(watch);
  }
});

Deno.test("LiveWatch takes a sum, and a gap, for all that they stand for", async () => {
  const watch = watchOf();
  await settle();
  const { cli, sockets } = watch;
  sockets.last.say(snapshotBody());
  sockets.last.say(messageBody(4));
  const sum = messageBody(5, { type: "like", count: 2 });
  sockets.last.say({ ...sum, "from_seq": 3, conflated: 2 });
  sockets.last.say({ type: "gap", from: 6, to: 8 });
  sockets.last.end();
  await cli.clock.advance(500);
  assert.match(sockets.last.url, /\?since=8&epoch=e1$/);
  await leave(watch);
});

Deno.test("LiveWatch shows of a list what is new", async () => {
  const cases: [number[], string[]][] = [
    [[1, 2, 3], ["3"]],
    [[2, 3], ["3"]],
    [[4, 5], ["4", "5"]],
    [[1], []],
    [[], []],
  ];
  for (const [seqs, shown] of cases) {
    const watch = watchOf();
    await settle();
    const { cli, sockets } = watch;
    sockets.last.say(snapshotBody());
    linesOf(watch);
    sockets.last.end();
    await cli.clock.advance(500);
    const messages = seqs.map((seq) => itemBody(seq));
    sockets.last.say(snapshotBody({ messages }));
    assert.deepEqual(numbersOf(watch), shown);
    sockets.last.end();
    await cli.clock.advance(500);
    const since = seqs.at(-1) ?? 2;
    assert(sockets.last.url.endsWith(`?since=${since}&epoch=e1`));
    await leave(watch);
  }
});

Deno.test("LiveWatch begins anew in another room", async () => {
  const watch = watchOf();
  await settle();
  const { cli, sockets } = watch;
  sockets.last.say(snapshotBody());
  linesOf(watch);
  sockets.last.end(4003);
  await cli.clock.advance(500);
  sockets.last.say(snapshotBody({ epoch: "e2", messages: [itemBody(1)] }));
  assert.equal(linesOf(watch).length, 1);
  assert.match(cli.stderr.text, /The room is another one/);
  sockets.last.end();
  await cli.clock.advance(500);
  assert.match(sockets.last.url, /\?since=1&epoch=e2$/);
  sockets.last.say(
    snapshotBody({ epoch: "e2", recovered: true, messages: [] }),
  );
  linesOf(watch);
  sockets.last.say(messageBody(2));
  assert.equal(linesOf(watch).length, 1);
  await leave(watch);
});

Deno.test("LiveWatch tells what it was not sent, and what the server refuses", async () => {
  const watch = watchOf();
  await settle();
  const { cli, sockets } = watch;
  sockets.last.say({ type: "gap", from: 3, to: 9 });
  sockets.last.say({ type: "error", code: "busy", message: "Too\x1b busy" });
  assert.equal(
    cli.stderr.text,
    `${GREETING}Numbers 3 to 9 were not sent\n` +
      "The server says: Too\\x1b busy\n",
  );
  await leave(watch);
});

Deno.test("LiveWatch tries less and less often, and says so once", async () => {
  const watch = watchOf();
  await settle();
  const { cli, sockets, server } = watch;
  server.answer = unreachable;
  sockets.last.end();
  await settle();
  server.asked = 0;
  for (const waitMs of [500, 1000, 2000, 4000, 8000, 10_000, 10_000]) {
    await cli.clock.advance(waitMs - 1);
    assert.equal(server.asked, 0);
    await cli.clock.advance(1);
    assert.equal(server.asked, 1);
    server.asked = 0;
  }
  assert.equal(sockets.all.length, 1);
  assert.equal(
    cli.stderr.text,
    `${GREETING}Lost, trying again: the connection ended with 1006\n`,
  );
  await leave(watch);
});

Deno.test("LiveWatch waits longer also where a connection brings nothing", async () => {
  const watch = watchOf();
  await settle();
  const { cli, sockets } = watch;
  for (const waitMs of [500, 1000, 2000]) {
    const count = sockets.all.length;
    sockets.last.end();
    await cli.clock.advance(waitMs - 1);
    assert.equal(sockets.all.length, count);
    await cli.clock.advance(1);
    assert.equal(sockets.all.length, count + 1);
  }
  await leave(watch);
});

Deno.test("LiveWatch ends when the server knows the room no more", async () => {
  const { cli, sockets, server, running } = watchOf();
  await settle();
  server.answer = notFound;
  sockets.last.end(4003);
  await cli.clock.advance(500);
  await running;
  assert.match(
    cli.stderr.text,
    /Live room 77 is over: the server knows it no more\n$/,
  );
  assert.equal(cli.clock.armed, 0);
});

Deno.test("LiveWatch fails where the server says not to come back", async () => {
  const { cli, sockets, running } = watchOf();
  await settle();
  const failing = assert.rejects(running, {
    message: "Cannot watch any longer: the connection ended with 4503 banned",
  });
  sockets.last.end(4503, "banned");
  await failing;
  assert.equal(cli.clock.armed, 0);
});

Deno.test("LiveWatch fails when its first request does", async () => {
  for (const answer of [unreachable, notFound]) {
    const { cli, sockets, running } = watchOf({ answer });
    await assert.rejects(running, /Cannot reach it|No such live room here/);
    assert.deepEqual([cli.stderr.text, sockets.all.length], ["", 0]);
    assert.equal(cli.keyboard.isListening, false);
  }
});

Deno.test("LiveWatch fails for what is no frame", async () => {
  const { cli, sockets, running } = watchOf();
  await settle();
  const failing = assert.rejects(running, /Cannot understand a frame/);
  sockets.last.say("<html>");
  await failing;
  assert.equal(sockets.last.isClosed, true);
  assert.equal(cli.clock.armed, 0);
});

Deno.test("LiveWatch leaves at once, whatever it waits for", async () => {
  const waits: ((watch: Watch) => void)[] = [
    ({ server }) => server.answer = unreachable,
    ({ server }) => server.request = () => new Promise(() => {}),
    () => {},
  ];
  for (const begin of waits) {
    const watch = watchOf();
    await settle();
    begin(watch);
    watch.sockets.last.end();
    await watch.cli.clock.advance(500);
    await leave(watch);
  }
});

Deno.test("LiveWatch leaves when nobody reads", async () => {
  const { cli, sockets, running } = watchOf();
  await settle();
  cli.stdout.isOpen = false;
  sockets.last.say(snapshotBody());
  await running;
  assert.equal(sockets.last.isClosed, true);
});
