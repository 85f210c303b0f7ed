import assert from "node:assert/strict";
import { SETTINGS } from "../src/settings.ts";
import { RawSocket } from "./support/raw_socket.ts";
import { runProgram, ServerProcess } from "./support/server_process.ts";
import {
  askApi,
  createRoom,
  KEY_HEADERS,
  TEST_KEY,
} from "./support/test_app.ts";
import { TempFolder } from "./support/temp_folder.ts";
import { joinRoom, roomUrl } from "./support/ws_client.ts";

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  Deno.test(`serve stops at ${signal}: sessions closed, all in the database, exit 0`, async () => {
    using folder = new TempFolder();
    const cwd = folder.path;
    let roomId: string;
    {
      await using server = await ServerProcess.start({ cwd });
      roomId = await createRoom(server.url);
      await using ann = await joinRoom(server.url, roomId, "ann");
      ann.sendChat("last words", "m-1");
      await ann.expectAck("m-1");
      const startedAt = performance.now();
      server.kill(signal);
      const { reason } = await ann.expectClosed(4001);
      assert.match(reason, /^shutting_down; retry_after_ms=\d+$/);
      const { code } = await server.exited();
      const tookMs = performance.now() - startedAt;
      assert.equal(code, 0, server.errorText);
      assert(tookMs < 10_000, `${tookMs}`);
      assert.match(server.lines.at(-1) ?? "", /"event":"server_stopped"/);
      assert.equal(server.errorText, "");
    }
    // Nothing waits in the journal: without it all is there.
    Deno.removeSync(folder.file("parlor.db.journal"), { recursive: true });
    await using server = await ServerProcess.start({ cwd });
    const room = `/management/rooms/${roomId}`;
    const messages = await askApi(server.url, `GET ${room}/messages`);
    assert.equal(messages.body.entries[0].payload.content, "last words");
    const sessions = await askApi(server.url, `GET ${room}/sessions`);
    assert.equal(sessions.body.records[0].close_code, 4001);
    await server.stop();
  });
}

Deno.test("serve ends at once at a second signal, and the journal holds the rest", async () => {
  using folder = new TempFolder();
  const cwd = folder.path;
  let roomId: string;
  {
    await using server = await ServerProcess.start({
      cwd,
      // Rounds that would take most of a minute, were they not cut short.
      env: { SHUTDOWN_TIMEOUT_SECS: "60" },
    });
    roomId = await createRoom(server.url);
    await using ann = await joinRoom(server.url, roomId, "ann");
    const others = [];
    for (let number = 1; number <= 9; number++) {
      others.push(await joinRoom(server.url, roomId, `u${number}`));
    }
    for (let number = 1; number <= 10; number++) {
      ann.sendChat(`${number}`, `n${number}`);
    }
    await ann.expectAck("n10");
    server.kill("SIGTERM");
    await ann.expectClosed(4001);
    server.kill("SIGTERM");
    assert.equal((await server.exited()).code, 1);
    for (const other of others) await other.closed();
    assert(!server.lines.some((line) => line.includes("server_stopped")));
  }
  await using server = await ServerProcess.start({ cwd });
  const path = `/management/rooms/${roomId}/messages?after_seq=0`;
  const { body } = await askApi(server.url, `GET ${path}`);
  const seqs = body.entries.map(({ seq }: { seq: number }) => seq);
  assert.deepEqual(seqs, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  await server.stop();
});

Deno.test("serve stops at a signal that comes while it starts", async () => {
  using folder = new TempFolder();
  await using server = new ServerProcess({ cwd: folder.path });
  await server.expectLine("open_mode_noticed");
  server.kill("SIGTERM");
  assert.equal((await server.exited()).code, 0);
  assert.match(server.lines.at(-1) ?? "", /"event":"server_stopped"/);
});

Deno.test("serve makes a key when none is set, shows it once and keeps it out of the log", async () => {
  using folder = new TempFolder();
  await using server = await ServerProcess.start({
    cwd: folder.path,
    env: { ADMIN_API_KEY: "", LOG_LEVEL: "debug" },
  });
  const shown = await server.expectLine("ADMIN_API_KEY is not set");
  const [key = ""] = /\S+$/.exec(shown) ?? [];
  assert.match(key, /^[0-9a-f-]{36}$/);
  const refused = await askApi(server.url, "GET /management/rooms");
  assert.equal(refused.status, 401);
  const headers = { "X-Api-Key": key };
  const allowed = await askApi(server.url, "GET /management/rooms", {
    headers,
  });
  assert.equal(allowed.status, 200);
  await server.stop();
  const withKey = server.lines.filter((line) => line.includes(key));
  assert.deepEqual(withKey, [shown]);
});

Deno.test("serve keeps a key that is set out of all that it prints", async () => {
  using folder = new TempFolder();
  await using server = await ServerProcess.start({
    cwd: folder.path,
    env: { LOG_LEVEL: "debug" },
  });
  await askApi(server.url, "GET /management/rooms");
  await server.stop();
  const text = server.lines.join("\n");
  assert(!text.includes(KEY_HEADERS["X-Api-Key"]), text);
  assert(!text.includes("ADMIN_API_KEY is not set"), text);
});

/** Any text but one with a NUL is a path, and a line of ASCII says anything. */
const ANY_TEXT = new Set([
  "JOURNAL_DIR",
  "CLEANUP_LOG_FILE",
  "UPLOAD_DIR",
  "LIVE_DEFAULT_SOURCE",
  "LIVE_SOURCES_FILE",
  "DOUYIN_SDK_VERSION",
  "DOUYIN_USER_AGENT",
]);

Deno.test("serve names every bad setting, and starts nothing", async () => {
  using folder = new TempFolder();
  const env = Object.fromEntries(SETTINGS.map(({ name }) => [name, "?"]));
  const { code, stdout } = await runProgram({ cwd: folder.path, env });
  assert.equal(code, 1);
  const lines = stdout.trimEnd().split("\n");
  const named = lines.map((line) =>
    /^Cannot read (\w+): want .+, got .+$/.exec(line)?.[1]
  );
  const wanted = SETTINGS.map(({ name }) => name)
    .filter((name) => !ANY_TEXT.has(name));
  assert.deepEqual(named, wanted);
  assert(lines.includes(
    'Cannot read WS_BATCH_SIZE: want an integer in 1..10000, got "?"',
  ));
  assert(lines.includes(
    "Cannot read AUTH_SECRET: want at least 32 characters, got 1 characters",
  ));
  assert.deepEqual(folder.names(), []);
});

Deno.test("serve stops in time though a client never answers its close", async () => {
  using folder = new TempFolder();
  await using server = await ServerProcess.start({ cwd: folder.path });
  const roomId = await createRoom(server.url);
  const names = { "user_id": "mute", nickname: "Mute" };
  using _mute = await RawSocket.upgrade(roomUrl(server.url, roomId, names));
  const startedAt = performance.now();
  await server.stop();
  assert(performance.now() - startedAt < 10_000);
});

Deno.test("serve stops in time though a request never ends", async () => {
  using folder = new TempFolder();
  await using server = await ServerProcess.start({
    cwd: folder.path,
    env: { SHUTDOWN_TIMEOUT_SECS: "2" },
  });
  const { hostname, port, host } = new URL(server.url);
  using request = await Deno.connect({ hostname, port: Number(port) });
  const head = [
    "POST /management/rooms HTTP/1.1",
    `Host: ${host}`,
    `X-Api-Key: ${TEST_KEY}`,
    "Content-Length: 100",
    "Expect: 100-continue",
  ];
  const bytes = new TextEncoder().encode(`${head.join("\r\n")}\r\n\r\n`);
  await request.write(bytes);
  // Once it is told to go on, the server waits for the body.
  await request.read(new Uint8Array(100));
  await server.stop();
  assert.match(server.lines.at(-1) ?? "", /"event":"server_stopped"/);
  assert.equal(server.errorText, "");
});

Deno.test("serve says when the port is in use, and exits 1", async () => {
  using folder = new TempFolder();
  using other = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const address = `127.0.0.1:${other.addr.port}`;
  const { code, stdout } = await runProgram({
    cwd: folder.path,
    env: {
      BIND_ADDRESS: address,
      DATABASE_URL: "sqlite:parlor.db",
      LOG_FORMAT: "json",
    },
  });
  assert.equal(code, 1);
  const last = JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
  assert.equal(last.level, "error");
  assert.equal(last.event, "start_failed");
  assert.equal(
    last.message,
    `Cannot start: Cannot listen on ${address}: Address already in use (os error 98)`,
  );
  // What it opened it has closed again.
  await using server = await ServerProcess.start({ cwd: folder.path });
  await server.stop();
});

Deno.test("serve says when another process holds the database, and exits 1", async () => {
  using folder = new TempFolder();
  await using server = await ServerProcess.start({ cwd: folder.path });
  const { code, stdout } = await runProgram({
    cwd: folder.path,
    env: {
      BIND_ADDRESS: "127.0.0.1:0",
      DATABASE_URL: "sqlite:parlor.db",
      LOG_FORMAT: "json",
    },
  });
  assert.equal(code, 1);
  const last = JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
  assert.equal(
    last.message,
    'Cannot start: Cannot open the database: another process holds it: "parlor.db"',
  );
  await server.stop();
});

Deno.test("serve warns of the open mode, and not where tokens are needed", async () => {
  using folder = new TempFolder();
  const cases = [
    [{}, /but a room admin's/],
    [{ TRUST_USER_IDS: "true" }, /an admin's too/],
    [{ AUTH_SECRET: "s".repeat(32) }, undefined],
  ] as const;
  for (const [env, wanted] of cases) {
    await using server = await ServerProcess.start({ cwd: folder.path, env });
    await server.stop();
    const warnings = server.lines.filter((line) =>
      line.includes("open_mode_noticed")
    );
    assert.equal(warnings.length, wanted === undefined ? 0 : 1);
    if (wanted !== undefined) assert.match(warnings[0] ?? "", wanted);
  }
});

Deno.test("serve reads .env, and warns of a name that is nearly a setting", async () => {
  using folder = new TempFolder();
  Deno.writeTextFileSync(
    folder.file(".env"),
    "WS_BATCHSIZE=5\nLOG_LEVEL=debug\n",
  );
  await using server = await ServerProcess.start({ cwd: folder.path });
  await server.expectLine("did you mean WS_BATCH_SIZE?");
  await server.stop();
  assert(server.lines.some((line) => line.includes('"level":"debug"')));
});
