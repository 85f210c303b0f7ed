import assert from "node:assert/strict";
import type { OfflineServer } from "../../../cli/transport.ts";
import {
  deviceMessageBody,
  historyBody,
  roomEndBody,
} from "../../support/canned_answers.ts";
import { FakeApi, freeAddress } from "../../support/fake_api.ts";
import { FakeCli } from "../../support/fake_cli.ts";
import { settle } from "../../support/fake_clock.ts";

const PATH = "/management/rooms/r1/messages";
const NEWEST = `GET ${PATH}?limit=1`;
const MESSAGES = [
  deviceMessageBody(2),
  deviceMessageBody(3, {
    payload: {
      from: "d2",
      identity: "phone",
      target: "d1",
      text: '{"to" : "d1"}',
    },
  }),
  deviceMessageBody(4, {
    payload: { from: "d2", identity: "phone", base64: "AQL/AA==" },
  }),
];
const LINES = `\
2026-01-01 08:00:00  2  d1 (sensor)  {"n":2}
2026-01-01 08:00:00  3  d2 (phone) → d1  {"to" : "d1"}
2026-01-01 08:00:00  4  d2 (phone)  hex 4 bytes: 01 02 ff 00
`;

function pageOf(...entries: unknown[]) {
  return { body: historyBody(entries) };
}

Deno.test("devices watch shows a room's traffic until the room ends", async () => {
  await using api = new FakeApi({
    [NEWEST]: pageOf(deviceMessageBody(1)),
    [`GET ${PATH}?after_seq=1&limit=200`]: pageOf(...MESSAGES),
    [`GET ${PATH}?after_seq=4&limit=200`]: pageOf(roomEndBody(5)),
  });
  const cli = new FakeCli({ env: api.env });
  const running = cli.run("devices", "watch", "r1");
  await until(() => cli.stdout.text !== "");
  assert.equal(cli.stdout.take(), LINES);
  await until(() => cli.clock.armed === 1);
  await cli.clock.advance(500);
  assert.deepEqual(await running, {
    code: 0,
    out: "2026-01-01 08:00:00  5  Error  The room has ended\n",
    err: "Watching room r1 after number 1: Ctrl-C leaves\n" +
      "Room r1 has ended\n",
  });
});

Deno.test("devices watch leaves on a signal, with 0", async () => {
  await using api = new FakeApi({
    [NEWEST]: pageOf(),
    [`GET ${PATH}?after_seq=0&limit=200`]: pageOf(),
  });
  const cli = new FakeCli({ env: api.env });
  const running = cli.run("devices", "watch", "r1", "--interval", "60000");
  await until(() => cli.clock.armed === 1 && api.seen.length === 2);
  cli.keyboard.send({ kind: "stop" });
  const { code, out } = await running;
  assert.deepEqual([code, out], [0, ""]);
});

Deno.test("devices watch --json prints a line an entry, as it came", async () => {
  const entries = [...MESSAGES, roomEndBody(5)];
  await using api = new FakeApi({
    [NEWEST]: pageOf(roomEndBody(5)),
    [`GET ${PATH}?after_seq=0&limit=200`]: pageOf(...entries),
  });
  const cli = new FakeCli({ env: api.env });
  const { code, out } = await cli.run(
    ..."devices watch r1 --since 0 --json".split(" "),
  );
  assert.equal(code, 0);
  const lines = out.trimEnd().split("\n");
  assert.deepEqual(lines.map((line) => JSON.parse(line)), entries);
});

Deno.test("devices watch colours JSON on a terminal, but not with NO_COLOR", async () => {
  const entries = [deviceMessageBody(1), roomEndBody(2)];
  await using api = new FakeApi({
    [NEWEST]: pageOf(roomEndBody(2)),
    [`GET ${PATH}?after_seq=0&limit=200`]: pageOf(...entries),
  });
  const terminal = { columns: 80, rows: 24 };
  const cli = new FakeCli({ env: api.env, terminal });
  const args = ["devices", "watch", "r1", "--since", "0"];
  const { out } = await cli.run(...args);
  assert(out.includes('{\x1b[36m"n"\x1b[39m:\x1b[33m1\x1b[39m}'), out);
  cli.stdout.isPlain = true;
  assert.equal((await cli.run(...args)).out.includes("\x1b"), false);
});

Deno.test("devices watch fails for a room that is not there", async () => {
  await using api = new FakeApi({
    [NEWEST]: {
      status: 404,
      body: { error: "Room r1 not found", code: "room_not_found" },
    },
  });
  const cli = new FakeCli({ env: api.env });
  assert.deepEqual(await cli.run("devices", "watch", "r1"), {
    code: 1,
    out: "",
    err: "The server refused: Room r1 not found\n",
  });
});

Deno.test("devices watch prints what a file has when no server runs", async () => {
  const opened: OfflineServer = {
    request: (_method, path) => {
      const entries = path.includes("after_seq") ? MESSAGES : [MESSAGES.at(-1)];
      return Promise.resolve(Response.json(pageOf(...entries).body));
    },
    close: () => Promise.resolve(),
  };
  const address = freeAddress();
  const cli = new FakeCli({
    env: { BIND_ADDRESS: address, DATABASE_URL: "sqlite:chat.db" },
    openOffline: () => Promise.resolve(opened),
  });
  cli.files.addText("chat.db", "");
  assert.deepEqual(await cli.run("devices", "watch", "r1", "--since", "1"), {
    code: 0,
    out: LINES,
    err: `No server runs at http://${address}: working on chat.db itself\n` +
      "No server runs: this is all that is stored\n",
  });
});

Deno.test("devices watch looks every 100 ms to 60 s", async () => {
  for (const interval of ["99", "60001", "1s"]) {
    const { code } = await new FakeCli()
      .run("devices", "watch", "r1", "--interval", interval);
    assert.equal(code, 2);
  }
});

/** Waits, turn by turn, for what a socket brings. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await settle();
}
