import assert from "node:assert/strict";
import { settle } from "../../support/fake_clock.ts";
import {
  AUTHORITY,
  CERTIFICATES,
  SERVER_KEY,
} from "../../support/live_certificates.ts";
import { startLiveUpstream } from "../../support/live_upstream.ts";
import { closeFrame } from "../../support/live_upstream_wire.ts";
import { GarbageServer } from "../../support/garbage_server.ts";
import { OPCODE } from "../../support/raw_socket.ts";
import { pause } from "../../support/within.ts";
import { DialledSocket } from "./upstream_world.ts";

Deno.test("dialUpstream opens, brings text and binary, and sends both", async () => {
  await using upstream = startLiveUpstream();
  const dialled = await new DialledSocket(upstream.url("r?a=1"), {
    headers: { "X-Key": "k" },
    protocols: ["live.v1"],
  }).open();
  const connection = await upstream.connection("r");
  assert.equal(connection.request.headers.get("x-key"), "k");
  assert.equal(connection.request.query.get("a"), "1");
  assert.equal(
    connection.request.headers.get("sec-websocket-extensions"),
    null,
  );
  connection.send("你好");
  assert.equal(await dialled.text(), "你好");
  connection.sendBinary(new Uint8Array([1, 2, 255]));
  const told = await dialled.told.take((t) => t.kind === "binary", "binary");
  assert.deepEqual(told, { kind: "binary", bytes: [1, 2, 255] });
  dialled.socket.sendText("hello");
  assert.equal(await connection.texts.take(() => true, "text"), "hello");
  dialled.socket.sendBinary(new Uint8Array([9, 8]));
  const bytes = await connection.binaries.take(() => true, "binary");
  assert.deepEqual([...bytes], [9, 8]);
  dialled.socket.close();
  await dialled.ended();
});

Deno.test("dialUpstream disarms the handshake's timer once it is open", async () => {
  await using upstream = startLiveUpstream();
  const dialled = await new DialledSocket(upstream.url("r")).open();
  assert.equal(dialled.clock.armed, 0);
  await dialled.clock.advance(60_000);
  assert.equal(upstream.openCount("r"), 1);
  dialled.socket.cut();
  await dialled.ended();
});

Deno.test("dialUpstream joins a fragmented text", async () => {
  await using upstream = startLiveUpstream();
  const dialled = await new DialledSocket(upstream.url("r")).open();
  const connection = await upstream.connection("r");
  const bytes = new TextEncoder().encode("直播间");
  connection.sendFrame(OPCODE.text, bytes.slice(0, 4), { isFinal: false });
  connection.sendFrame(OPCODE.ping, "between");
  connection.sendFrame(OPCODE.continuation, bytes.slice(4));
  assert.equal(await dialled.text(), "直播间");
  dialled.socket.cut();
  await dialled.ended();
});

Deno.test("dialUpstream tells of pongs and of pings, and answers these", async () => {
  await using upstream = startLiveUpstream();
  const dialled = await new DialledSocket(upstream.url("r")).open();
  const connection = await upstream.connection("r");
  dialled.socket.ping(new TextEncoder().encode("are you there"));
  assert.equal(
    await connection.pings.take(() => true, "ping"),
    "are you there",
  );
  await dialled.told.take(({ kind }) => kind === "pong", "pong");
  connection.sendFrame(OPCODE.ping, "and you");
  await dialled.told.take(({ kind }) => kind === "pong", "ping");
  dialled.socket.cut();
  await dialled.ended();
});

Deno.test("dialUpstream says with which code and words the other side left", async () => {
  await using upstream = startLiveUpstream();
  for (const code of [1000, 1001, 1008, 1012, 1013, 4000]) {
    const dialled = await new DialledSocket(upstream.url("r")).open();
    (await upstream.connection("r")).close(code, "bye");
    assert.deepEqual(await dialled.ended(), {
      fault: "closed",
      code,
      detail: "bye",
    });
    await settle();
    assert.equal(dialled.endCount, 1);
  }
});

Deno.test("dialUpstream takes a connection that broke off for one that closed with 1006", async () => {
  await using upstream = startLiveUpstream();
  const dialled = await new DialledSocket(upstream.url("r")).open();
  (await upstream.connection("r")).drop();
  assert.deepEqual(await dialled.ended(), { fault: "closed", code: 1006 });
});

Deno.test("dialUpstream takes a message of frameBytesMax and no larger one", async () => {
  await using upstream = startLiveUpstream();
  const options = { frameBytesMax: 1000 };
  const dialled = await new DialledSocket(upstream.url("r"), options).open();
  const connection = await upstream.connection("r");
  for (const size of [999, 1000]) {
    connection.send("x".repeat(size));
    assert.equal((await dialled.text()).length, size);
  }
  connection.send("x".repeat(1001));
  assert.equal((await dialled.ended()).fault, "frame_too_large");
  assert.equal(await connection.goodbyes.take(() => true, "goodbye"), 1009);
});

Deno.test("dialUpstream counts fragments together", async () => {
  await using upstream = startLiveUpstream();
  const options = { frameBytesMax: 1000 };
  const dialled = await new DialledSocket(upstream.url("r"), options).open();
  const connection = await upstream.connection("r");
  connection.sendFrame(OPCODE.text, "x".repeat(600), { isFinal: false });
  connection.sendFrame(OPCODE.continuation, "x".repeat(600));
  assert.equal((await dialled.ended()).fault, "frame_too_large");
});

Deno.test("dialUpstream leaves with 1007 when text is no UTF-8", async () => {
  await using upstream = startLiveUpstream();
  const dialled = await new DialledSocket(upstream.url("r")).open();
  const connection = await upstream.connection("r");
  connection.sendFrame(OPCODE.text, new Uint8Array([0xff, 0xfe]));
  const { fault, code } = await dialled.ended();
  assert.deepEqual({ fault, code }, { fault: "closed", code: 1007 });
  assert.equal(await connection.goodbyes.take(() => true, "goodbye"), 1007);
});

Deno.test("dialUpstream leaves with 1002 when a frame is none", async () => {
  await using upstream = startLiveUpstream();
  const dialled = await new DialledSocket(upstream.url("r")).open();
  const connection = await upstream.connection("r");
  connection.sendBytes(new Uint8Array([0xf1, 0x00]));
  const { fault, code } = await dialled.ended();
  assert.deepEqual({ fault, code }, { fault: "closed", code: 1002 });
});

Deno.test("dialUpstream says with which status a handshake was refused", async () => {
  await using upstream = startLiveUpstream();
  for (const status of [200, 302, 401, 404, 429, 503]) {
    upstream.misbehave({ kind: "refuse", status }, { times: 1 });
    const dialled = new DialledSocket(upstream.url("r"));
    assert.deepEqual(await dialled.ended(), {
      fault: "handshake_refused",
      code: status,
    });
    assert.equal(dialled.clock.armed, 0);
  }
  assert.equal(upstream.triedCount("elsewhere"), 0);
});

Deno.test("dialUpstream gives up on a handshake after handshakeMsMax", async () => {
  await using upstream = startLiveUpstream();
  upstream.misbehave({ kind: "slow" });
  const dialled = new DialledSocket(upstream.url("r"));
  await upstream.tried("r", 1);
  await dialled.clock.advance(9999);
  assert.equal(dialled.endCount, 0);
  await dialled.clock.advance(1);
  assert.deepEqual(await dialled.ended(), { fault: "connect_timeout" });
});

Deno.test("dialUpstream waits for a handshake that is slow", async () => {
  await using upstream = startLiveUpstream();
  upstream.misbehave({ kind: "slow", afterMs: 50 });
  const dialled = await new DialledSocket(upstream.url("r")).open();
  dialled.socket.sendText("at last");
  const connection = await upstream.connection("r");
  assert.equal(await connection.texts.take(() => true, "text"), "at last");
  dialled.socket.cut();
  await dialled.ended();
});

Deno.test("dialUpstream says that nobody listens, or that what does is no HTTP", async () => {
  const upstream = startLiveUpstream();
  const { port } = upstream;
  await upstream[Symbol.asyncDispose]();
  const url = `ws://127.0.0.1:${port}/r`;
  assert.equal((await new DialledSocket(url).ended()).fault, "connect_failed");
  await using _garbage = new GarbageServer(port);
  assert.equal((await new DialledSocket(url).ended()).fault, "connect_failed");
});

Deno.test("dialUpstream says that a server picked no subprotocol", async () => {
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) => Deno.upgradeWebSocket(request).response,
  );
  const url = `ws://127.0.0.1:${server.addr.port}/`;
  const dialled = new DialledSocket(url, { protocols: ["live.v1"] });
  const { fault } = await dialled.ended();
  assert.equal(fault, "handshake_refused");
});

Deno.test("dialUpstream ends, and does not throw, when no request can be made", async () => {
  const attempts = [
    new DialledSocket("not a url"),
    new DialledSocket("ws://localhost/", { protocols: ["no good"] }),
    new DialledSocket("ws://localhost/", { headers: { "X": "a\r\nb" } }),
  ];
  assert.deepEqual(attempts.map(({ endCount }) => endCount), [0, 0, 0]);
  for (const dialled of attempts) {
    assert.equal((await dialled.ended()).fault, "connect_failed");
    assert.equal(dialled.clock.armed, 0);
  }
});

Deno.test("dialUpstream opens TLS to a server whose name is right", async () => {
  const tls = { cert: CERTIFICATES.right, key: SERVER_KEY };
  await using upstream = startLiveUpstream({ tls });
  const options = { ca: AUTHORITY };
  const dialled = await new DialledSocket(upstream.url("r"), options).open();
  (await upstream.connection("r")).send("secret");
  assert.equal(await dialled.text(), "secret");
  dialled.socket.close();
  assert.equal((await dialled.ended()).code, 1000);
});

Deno.test("dialUpstream refuses a wrong name, an unknown authority and an old certificate", async () => {
  const cases = [
    { cert: CERTIFICATES.wrongName, ca: AUTHORITY },
    { cert: CERTIFICATES.expired, ca: AUTHORITY },
    { cert: CERTIFICATES.right, ca: CERTIFICATES.right },
  ];
  for (const { cert, ca } of cases) {
    await using upstream = startLiveUpstream({
      tls: { cert, key: SERVER_KEY },
    });
    const dialled = new DialledSocket(upstream.url("r"), { ca });
    assert.equal((await dialled.ended()).fault, "tls_failed");
    assert.equal(upstream.triedCount("r"), 0);
  }
});

Deno.test("dialUpstream says that TLS failed when the server speaks none", async () => {
  const upstream = startLiveUpstream();
  const { port } = upstream;
  await upstream[Symbol.asyncDispose]();
  await using _garbage = new GarbageServer(port);
  const dialled = new DialledSocket(`wss://127.0.0.1:${port}/r`);
  assert.equal((await dialled.ended()).fault, "tls_failed");
});

Deno.test("UpstreamSocket reads nothing while it is paused", async () => {
  await using upstream = startLiveUpstream();
  const dialled = await new DialledSocket(upstream.url("r")).open();
  const connection = await upstream.connection("r");
  dialled.socket.pause();
  const sent = 400;
  const text = "x".repeat(100_000);
  for (let count = 0; count < sent; count++) connection.send(text);
  await pause(300);
  const { length } = dialled.told.untaken;
  assert(length < sent / 2, `${length} of ${sent} came while paused`);
  dialled.socket.resume();
  for (let count = 0; count < sent; count++) {
    assert.equal((await dialled.text()).length, text.length);
  }
  dialled.socket.cut();
  await dialled.ended();
});

Deno.test("UpstreamSocket stays paused when it was before it opened", async () => {
  await using upstream = startLiveUpstream();
  const dialled = new DialledSocket(upstream.url("r"));
  dialled.socket.pause();
  await dialled.open();
  const connection = await upstream.connection("r");
  connection.send("held");
  await pause(100);
  assert.deepEqual(dialled.told.untaken, []);
  dialled.socket.resume();
  assert.equal(await dialled.text(), "held");
  dialled.socket.cut();
  await dialled.ended();
});

Deno.test("UpstreamSocket.cut ends at once what is open, paused, half-open or opening", async () => {
  await using upstream = startLiveUpstream();
  const open = await new DialledSocket(upstream.url("open")).open();
  const paused = await new DialledSocket(upstream.url("paused")).open();
  upstream.send("paused", "x".repeat(500_000));
  paused.socket.pause();
  upstream.misbehave({ kind: "half_open" }, { liveId: "half" });
  const half = await new DialledSocket(upstream.url("half")).open();
  upstream.misbehave({ kind: "slow" }, { liveId: "slow" });
  const slow = new DialledSocket(upstream.url("slow"));
  await upstream.tried("slow", 1);
  const fresh = new DialledSocket(`ws://127.0.0.1:${upstream.port}/fresh`);
  for (const dialled of [open, paused, half, slow, fresh]) {
    dialled.told.takeAll();
    dialled.socket.cut();
    assert.deepEqual(await dialled.ended(), { fault: "closed", code: 1006 });
    assert.deepEqual(dialled.told.untaken, []);
    dialled.socket.cut();
    dialled.socket.close();
    dialled.socket.ping();
    dialled.socket.sendText("too late");
    await settle();
    assert.equal(dialled.endCount, 1);
    assert.equal(dialled.clock.armed, 0);
  }
});

Deno.test("UpstreamSocket.close says goodbye, also when it is paused", async () => {
  await using upstream = startLiveUpstream();
  for (const isPaused of [false, true]) {
    const dialled = await new DialledSocket(upstream.url("r")).open();
    const connection = await upstream.connection("r");
    if (isPaused) dialled.socket.pause();
    connection.send("unheard");
    dialled.told.takeAll();
    dialled.socket.close();
    await dialled.ended();
    assert.equal(await connection.goodbyes.take(() => true, "goodbye"), 1000);
  }
});

Deno.test("UpstreamSocket.close uses force within a second on what does not answer", async () => {
  await using upstream = startLiveUpstream();
  upstream.misbehave({ kind: "half_open" });
  const dialled = await new DialledSocket(upstream.url("r")).open();
  await upstream.connection("r");
  dialled.socket.close();
  const startedAt = performance.now();
  assert.deepEqual(await dialled.ended(), { fault: "closed", code: 1006 });
  assert(performance.now() - startedAt < 10_000);
});

Deno.test("UpstreamSocket gives up on a server that takes nothing of what is sent", async () => {
  await using upstream = startLiveUpstream();
  upstream.misbehave({ kind: "half_open" });
  const dialled = await new DialledSocket(upstream.url("r")).open();
  const text = "x".repeat(500_000);
  for (let count = 0; count < 100; count++) {
    dialled.socket.sendText(text);
    await settle();
  }
  assert.equal((await dialled.ended()).fault, "half_open");
});

Deno.test("UpstreamSocket tells nothing that comes after a goodbye", async () => {
  await using upstream = startLiveUpstream();
  const dialled = await new DialledSocket(upstream.url("r")).open();
  const connection = await upstream.connection("r");
  connection.sendBytes(closeFrame(1000));
  connection.send("too late");
  assert.equal((await dialled.ended()).code, 1000);
  assert.deepEqual(dialled.told.untaken, []);
});
