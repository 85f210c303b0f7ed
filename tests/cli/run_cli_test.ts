import assert from "node:assert/strict";
import type { OfflineServer } from "../../cli/transport.ts";
import { roomBody } from "../support/canned_answers.ts";
import { FakeApi, freeAddress } from "../support/fake_api.ts";
import { FakeCli } from "../support/fake_cli.ts";

Deno.test("runCli answers 0 when the command is done", async () => {
  const { code, out } = await new FakeCli().run("version");
  assert.deepEqual([code, out], [0, "parlor 9.8.7\n"]);
});

Deno.test("runCli answers 1 and one line when the command fails", async () => {
  const cli = new FakeCli({ env: { PARLOR_URL: `http://${freeAddress()}` } });
  const { code, out, err } = await cli.run("rooms", "list");
  assert.deepEqual([code, out], [1, ""]);
  assert.match(err, /^Cannot reach http:\/\/127\.0\.0\.1:\d+: nothing .*\n$/);
});

Deno.test("runCli answers 2 for what it does not understand", async () => {
  const mistakes: readonly (readonly [args: string[], err: RegExp])[] = [
    [["roms"], /^Unknown command "roms": did you mean `rooms`\?\n$/],
    [["rooms", "drop"], /^Unknown command "drop"/],
    [["x\x1b[2J"], /^Unknown command "x\\x1b\[2J": see parlor help\n$/],
    [
      ["rooms", "list", "--wrong"],
      /--wrong.*\nSee parlor rooms list --help\n$/,
    ],
    [["rooms", "list", "-w"], /-w.*\nSee parlor rooms list --help\n$/],
    [["rooms", "list", "extra"], /"extra"\nSee parlor rooms list --help\n$/],
    [["rooms", "show"], /room\nSee parlor rooms show --help\n$/],
    [["rooms", "show", ""], /room: want some text\nSee /],
    [["send", "r1"], /text\nSee parlor send --help\n$/],
    [["history", "r1", "--limit", "201"], /want an integer in 1\.\.200\n/],
    [["flush", "--room"], /--room\nSee parlor flush --help\n$/],
    [["rooms", "list", "--url", "ftp://a"], /want an address such as/],
    [["completions", "tcsh"], /tcsh.*bash\|zsh\|fish/],
    [["help", "nothing"], /^Unknown command "nothing"/],
  ];
  for (const [args, expected] of mistakes) {
    const { code, out, err } = await new FakeCli().run(...args);
    assert.deepEqual([args, code, out], [args, 2, ""]);
    assert.match(err, expected);
  }
});

Deno.test("runCli shows on stderr which words may follow, and answers 2", async () => {
  for (const args of [[], ["rooms"]]) {
    const { code, out, err } = await new FakeCli().run(...args);
    assert.deepEqual([code, out], [2, ""]);
    assert.match(err, /^USAGE\n[^]*\nCOMMANDS\n/);
  }
});

Deno.test("runCli never shows a stack", async () => {
  const cli = new FakeCli({ env: { PARLOR_URL: "http://a" } });
  const broken = Object.assign(cli, {
    fetch: () => {
      throw Object.assign(new Error("x"), { stack: "at secret.ts:1" });
    },
  });
  const { code, err } = await broken.run("rooms", "list");
  assert.equal(code, 1);
  assert.doesNotMatch(err, /secret\.ts/);
});

Deno.test("runCli closes the file when a command fails on it", async () => {
  let isClosed = false;
  const opened: OfflineServer = {
    request: () =>
      Promise.resolve(Response.json({ error: "no" }, {
        status: 404,
      })),
    close: () => Promise.resolve(void (isClosed = true)),
  };
  const cli = new FakeCli({
    env: { BIND_ADDRESS: freeAddress(), DATABASE_URL: "sqlite:chat.db" },
    openOffline: () => Promise.resolve(opened),
  });
  cli.files.addText("chat.db", "");
  const { code, err } = await cli.run("rooms", "close", "r1");
  assert.equal(code, 1);
  assert.match(err, /working on chat\.db itself\nThe server refused: no\n$/);
  assert.equal(isClosed, true);
});

Deno.test("runCli answers 1 when the file does not close", async () => {
  const opened: OfflineServer = {
    request: () => Promise.resolve(Response.json([])),
    close: () => Promise.reject(new Error("Cannot flush\x07")),
  };
  const cli = new FakeCli({
    env: { BIND_ADDRESS: freeAddress(), DATABASE_URL: "sqlite:chat.db" },
    openOffline: () => Promise.resolve(opened),
  });
  cli.files.addText("chat.db", "");
  const { code, err } = await cli.run("rooms", "list");
  assert.equal(code, 1);
  assert.match(err, /\nCannot flush\\x07\n$/);
});

Deno.test("runCli takes text that begins with a dash behind --", async () => {
  await using api = new FakeApi({
    "POST /management/rooms/r1/messages": { body: { id: "m", seq: 1 } },
  });
  const cli = new FakeCli({ env: api.env });
  const { code } = await cli.run("send", "r1", "--", "--help");
  assert.equal(code, 0);
  assert.deepEqual(api.seen[0]?.body, { content: "--help" });
});

Deno.test("runCli proposes commands, flags and values", async () => {
  const proposals: readonly (readonly [words: string[], out: string])[] = [
    [["ro"], "rooms\n"],
    [["rooms", ""], "list\nshow\ncreate\nclose\n"],
    [["rooms", "list", "--l"], "--limit\n"],
    [["completions", "z"], "zsh\n"],
    [["nothing", ""], ""],
  ];
  for (const [words, expected] of proposals) {
    const { code, out } = await new FakeCli().run("__complete", "--", ...words);
    assert.deepEqual([words, code, out], [words, 0, expected]);
  }
});

Deno.test("runCli neutralises what users wrote in text and in JSON", async () => {
  await using api = new FakeApi({
    "GET /management/rooms": {
      body: [roomBody({ room_name: "\x1b]0;x\x07\x9b2J" })],
    },
  });
  const cli = new FakeCli({ env: api.env });
  for (const args of [[], ["--json"]]) {
    const { out } = await cli.run("rooms", "list", ...args);
    assert.doesNotMatch(out.replaceAll("\n", ""), /\p{Cc}/u);
  }
});
