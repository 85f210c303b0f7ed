import assert from "node:assert/strict";
import type {
  FeedFault,
  SourceConnection,
  SourceEnd,
  SourceMessage,
} from "../../../../src/live/source.ts";
import { readSources } from "../../../../src/live/sources/sources_file.ts";
import type { WebsocketSource } from "../../../../src/live/sources/websocket/websocket_source.ts";
import { FakeClock } from "../../../support/fake_clock.ts";
import { Inbox } from "../../../support/inbox.ts";
import {
  type LiveUpstream,
  startLiveUpstream,
} from "../../../support/live_upstream.ts";
import { OPCODE } from "../../../support/raw_socket.ts";
import { within } from "../../../support/within.ts";

type Told =
  | { readonly kind: "open" | "alive" }
  | { readonly kind: "messages"; readonly messages: readonly SourceMessage[] }
  | { readonly kind: "fault"; readonly fault: FeedFault };

/** A source as a file describes it, and a connection of it. */
class SourceWorld {
  readonly clock = new FakeClock();
  readonly told = new Inbox<Told>();
  readonly source: WebsocketSource;
  readonly #ended = Promise.withResolvers<SourceEnd>();

  constructor(upstream: LiveUpstream, fields: Record<string, unknown> = {}) {
    const demo = { type: "websocket", url: upstream.url(), ...fields };
    const text = JSON.stringify({ sources: { demo } });
    const ports = { clock: this.clock, fetch, env: () => "s3cret" };
    const source = readSources(text, ports).get("demo");
    assert(source !== undefined);
    this.source = source;
  }

  connect(liveId: string): SourceConnection {
    return this.source.connect(liveId, {
      onOpen: () => this.told.put({ kind: "open" }),
      onMessages: (messages) => this.told.put({ kind: "messages", messages }),
      onAlive: () => this.told.put({ kind: "alive" }),
      onFault: (fault) => this.told.put({ kind: "fault", fault }),
      onEnd: (end) => this.#ended.resolve(end),
    });
  }

  async open(): Promise<void> {
    await this.told.take(({ kind }) => kind === "open", "open");
  }

  async messages(): Promise<readonly SourceMessage[]> {
    const told = await this.told.take(
      ({ kind }) => kind === "messages",
      "messages",
    );
    return told.kind === "messages" ? told.messages : [];
  }

  async fault(): Promise<FeedFault | undefined> {
    const told = await this.told.take(({ kind }) => kind === "fault", "fault");
    return told.kind === "fault" ? told.fault : undefined;
  }

  async alive(): Promise<void> {
    await this.told.take(({ kind }) => kind === "alive", "a sign of life");
  }

  async ended(): Promise<SourceEnd> {
    return await within(this.#ended.promise, { what: "the end" });
  }
}

Deno.test("WebsocketSource brings the messages of a room", async () => {
  await using upstream = startLiveUpstream();
  const world = new SourceWorld(upstream, {
    headers: { "X-Key": "env:KEY" },
    subprotocol: "live.v1",
  });
  const connection = world.connect("room_1");
  await world.open();
  const served = await upstream.connection("room_1");
  assert.equal(served.request.headers.get("x-key"), "s3cret");
  assert.equal(served.request.headers.get("sec-websocket-protocol"), "live.v1");
  served.send({ type: "chat", id: 7, content: "你好", timestamp: 1700000000 });
  const [message] = await world.messages();
  assert.equal(message?.type, "chat");
  assert.equal(message?.id, "7");
  assert.equal(message?.sentAt, 1700000000000);
  assert.equal(message?.data["content"], "你好");
  connection.close();
  assert.equal((await world.ended()).fault, "closed");
});

Deno.test("WebsocketSource tells of what it cannot read, and stays", async () => {
  await using upstream = startLiveUpstream();
  const world = new SourceWorld(upstream);
  const connection = world.connect("r");
  const served = await upstream.connection("r");
  served.send('{"type":');
  assert.equal(await world.fault(), "malformed");
  served.sendBinary(new Uint8Array([0xff, 0xfe]));
  assert.equal(await world.fault(), "malformed");
  served.send({ type: "lottery" });
  assert.equal(await world.fault(), "unknown_type");
  served.send([{ type: "follow", id: 1 }, 7, { type: "follow", id: 2 }]);
  assert.deepEqual((await world.messages()).map(({ id }) => id), ["1", "2"]);
  assert.equal(await world.fault(), "malformed");
  served.sendBinary(new TextEncoder().encode('{"type":"follow","id":3}'));
  assert.deepEqual((await world.messages()).map(({ id }) => id), ["3"]);
  connection.cut();
  await world.ended();
});

Deno.test("WebsocketSource takes empty frames, pings and pongs for signs of life", async () => {
  await using upstream = startLiveUpstream();
  const world = new SourceWorld(upstream);
  const connection = world.connect("r");
  const served = await upstream.connection("r");
  served.send("[]");
  await world.alive();
  served.sendFrame(OPCODE.ping, "");
  await world.alive();
  await world.open();
  connection.ping();
  await world.alive();
  assert.equal(served.pings.all.length, 1);
  connection.cut();
  await world.ended();
});

Deno.test("WebsocketSource sends its heartbeat as long as it is open", async () => {
  await using upstream = startLiveUpstream();
  const world = new SourceWorld(upstream, {
    heartbeat: { text: "ping", every_seconds: 20 },
  });
  const connection = world.connect("r");
  await world.open();
  const served = await upstream.connection("r");
  await world.clock.advance(19_999);
  assert.deepEqual(served.texts.all, []);
  for (let beat = 0; beat < 3; beat++) {
    await world.clock.advance(beat === 0 ? 1 : 20_000);
    assert.equal(await served.texts.take(() => true, "heartbeat"), "ping");
  }
  connection.close();
  await world.ended();
  assert.equal(world.clock.armed, 0);
});

Deno.test("WebsocketSource refuses a frame beyond its bound", async () => {
  await using upstream = startLiveUpstream();
  const world = new SourceWorld(upstream, { frame_bytes_max: 1024 });
  world.connect("r");
  const served = await upstream.connection("r");
  served.send({ type: "chat", content: "x".repeat(900) });
  assert.equal((await world.messages()).length, 1);
  served.send({ type: "chat", content: "x".repeat(1024) });
  assert.equal((await world.ended()).fault, "frame_too_large");
});

Deno.test("WebsocketSource.check takes every room for live that it cannot ask about", async () => {
  await using upstream = startLiveUpstream();
  const { source } = new SourceWorld(upstream);
  const status = await source.check("r", new AbortController().signal);
  assert.deepEqual(status, { kind: "live" });
});

Deno.test("WebsocketSource.check reads a room's status", async () => {
  await using upstream = startLiveUpstream();
  const { source, clock } = new SourceWorld(upstream, {
    status: {
      url: upstream.statusUrl(),
      field: "room.status",
      live: [0, "on"],
      ended: [2, false],
    },
  });
  const cases: [unknown, unknown][] = [
    [0, { kind: "live" }],
    ["0", { kind: "live" }],
    ["on", { kind: "live" }],
    [2, { kind: "ended" }],
    [false, { kind: "ended" }],
    [4, { kind: "abnormal", code: 4 }],
    ["off", { kind: "unknown", fault: "status_unknown" }],
    [null, { kind: "unknown", fault: "status_unknown" }],
    [{}, { kind: "unknown", fault: "status_unknown" }],
  ];
  for (const [told, expected] of cases) {
    upstream.setStatus("r", told);
    const status = await source.check("r", new AbortController().signal);
    assert.deepEqual(status, expected, JSON.stringify(told));
  }
  assert.equal(clock.armed, 0);
});

Deno.test("WebsocketSource.check knows nothing when the answer is none", async () => {
  await using upstream = startLiveUpstream();
  const { signal } = new AbortController();
  upstream.misbehave({ kind: "refuse", status: 503 });
  const status = { field: "error", live: ["not now"] };
  const refused = new SourceWorld(upstream, {
    status: { ...status, url: upstream.statusUrl().replace("/status", "") },
  });
  assert.deepEqual(await refused.source.check("r", signal), {
    kind: "unknown",
    fault: "status_unknown",
  });
  const gone = startLiveUpstream();
  await gone[Symbol.asyncDispose]();
  const nobody = new SourceWorld(upstream, {
    status: { ...status, url: gone.statusUrl() },
  });
  assert.deepEqual(await nobody.source.check("r", signal), {
    kind: "unknown",
    fault: "connect_failed",
  });
});

Deno.test("WebsocketSource.check throws when it is to stop, and only then", async () => {
  await using upstream = startLiveUpstream();
  const { source } = new SourceWorld(upstream, {
    status: { url: upstream.statusUrl(), field: "room.status", live: [0] },
  });
  await assert.rejects(source.check("r", AbortSignal.abort()));
});
