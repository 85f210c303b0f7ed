import assert from "node:assert/strict";
import type { SourceEnd } from "../../../../src/live/source.ts";
import {
  DouyinConnection,
  type PushPlan,
} from "../../../../src/live/sources/douyin/douyin_connection.ts";
import { GiftBook } from "../../../../src/live/sources/douyin/gift_message.ts";
import { Unpacker } from "../../../../src/live/sources/douyin/unpack.ts";
import type {
  UpstreamEvents,
  UpstreamOptions,
} from "../../../../src/live/sources/upstream_socket.ts";
import {
  chatFrame,
  messageBytes,
  pushBytes,
  responseBytes,
} from "../../../support/douyin_frames.ts";
import { FakeClock, settle } from "../../../support/fake_clock.ts";

const PLAN: PushPlan = { url: "ws://host/", headers: { cookie: "ttwid=1" } };

/** A connection over a socket that a test holds, and all it says, as words. */
class World {
  readonly clock = new FakeClock();
  readonly words: string[] = [];
  readonly dialled: UpstreamOptions[] = [];
  readonly plan = Promise.withResolvers<PushPlan | SourceEnd>();
  signal: AbortSignal | undefined;
  keep: (() => void) | undefined;
  /** What the connection does when the socket says something. */
  socket: UpstreamEvents | undefined;
  readonly connection = new DouyinConnection({
    plan: (signal) => {
      this.signal = signal;
      return this.plan.promise;
    },
    dial: (options, events) => {
      this.dialled.push(options);
      this.socket = events;
      return this.#fakeSocket();
    },
    clock: this.clock,
    gifts: new GiftBook(),
    unpacker: new Unpacker(),
  }, {
    onOpen: () => void this.words.push("open"),
    onMessages: (messages, keep) => {
      this.words.push(`messages ${messages.length}`);
      this.keep = keep;
    },
    onAlive: () => void this.words.push("alive"),
    onFault: (fault) => void this.words.push(`fault ${fault}`),
    onEnd: ({ fault, code }) => void this.words.push(`end ${fault} ${code}`),
  });

  /** A world whose connection is open; its first words are taken. */
  static async open(): Promise<World> {
    const world = new World();
    void world.connection.open();
    world.plan.resolve(PLAN);
    await settle();
    world.socket?.onOpen();
    assert.deepEqual(world.words.splice(0), ["send 3a026862", "open"]);
    return world;
  }

  #fakeSocket() {
    const { words } = this;
    return {
      pause: () => void words.push("pause"),
      resume: () => void words.push("resume"),
      ping: (payload?: Uint8Array) =>
        void words.push(`ping ${Uint8Array.from(payload ?? []).toHex()}`),
      sendText: (text: string) => void words.push(`text ${text}`),
      sendBinary: (bytes: Uint8Array) =>
        void words.push(`send ${Uint8Array.from(bytes).toHex()}`),
      close: () => void words.push("close"),
      cut: () => void words.push("cut"),
    };
  }
}

/** A frame that asks for a heartbeat at this interval. */
function heartbeatFrame(heartbeatS: number): Uint8Array {
  return pushBytes(responseBytes([], { heartbeatS }));
}

/** A frame that takes turns to unpack. */
function largeFrame(): Uint8Array {
  const filler = messageBytes("Filler", new Uint8Array(100_000));
  const fillers = new Array<Uint8Array>(10).fill(filler);
  return pushBytes(responseBytes(fillers));
}

/** Waits some turns of the event loop. */
async function someTurns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await settle();
}

Deno.test("DouyinConnection dials where it is told, with its bounds", async () => {
  const { dialled, clock } = await World.open();
  assert.deepEqual(dialled, [{
    ...PLAN,
    protocols: [],
    frameBytesMax: 16 * 1024 * 1024,
    handshakeMsMax: 10_000,
    clock,
  }]);
});

Deno.test("DouyinConnection sends a heartbeat at once and every 10 s", async () => {
  const { clock, words, socket } = await World.open();
  await clock.advance(9_999);
  assert.deepEqual(words, []);
  await clock.advance(1);
  await clock.advance(10_000);
  assert.deepEqual(words, ["send 3a026862", "send 3a026862"]);
  socket?.onEnd({ fault: "closed", code: 1006 });
  assert.equal(clock.armed, 0);
});

Deno.test("DouyinConnection sends heartbeats as the platform asks, within 10 s and 60 s", async () => {
  for (const [asked, everyMs] of [[3, 10_000], [25, 25_000], [999, 60_000]]) {
    const { clock, words, socket } = await World.open();
    socket?.onBinary(heartbeatFrame(asked ?? 0));
    await clock.advance(10_000);
    words.splice(0);
    await clock.advance((everyMs ?? 0) - 1);
    assert.deepEqual(words, []);
    await clock.advance(1);
    assert.deepEqual(words, ["send 3a026862"]);
    socket?.onEnd({ fault: "closed" });
  }
});

Deno.test("DouyinConnection acks when the messages are kept", async () => {
  const world = await World.open();
  world.socket?.onBinary(
    chatFrame(["a"], { needAck: true, internalExt: "e", logId: 5 }),
  );
  assert.deepEqual(world.words, ["messages 1"]);
  world.keep?.();
  assert.equal(world.words[1], "send 10053a0361636b420165");
  world.socket?.onEnd({ fault: "closed" });
});

Deno.test("DouyinConnection passes on signs of life and faults", async () => {
  const { words, socket, connection } = await World.open();
  socket?.onPong();
  socket?.onText("hello");
  connection.ping();
  assert.deepEqual(words, ["alive", "fault malformed", "ping 3a026862"]);
  socket?.onEnd({ fault: "closed" });
});

Deno.test("DouyinConnection reads nothing while it is paused", async () => {
  const { words, socket, connection } = await World.open();
  connection.pause();
  connection.resume();
  assert.deepEqual(words, ["pause", "resume"]);
  socket?.onEnd({ fault: "closed" });
});

Deno.test("DouyinConnection that was paused early is paused when it dials", async () => {
  const world = new World();
  void world.connection.open();
  world.connection.pause();
  world.plan.resolve(PLAN);
  await settle();
  assert.deepEqual(world.words, ["pause"]);
});

Deno.test("DouyinConnection stays paused until both reasons are gone", async () => {
  const world = await World.open();
  const { words, socket, connection } = world;
  socket?.onBinary(largeFrame());
  for (let frame = 0; frame < 65; frame++) socket?.onBinary(chatFrame(["x"]));
  assert.deepEqual(words.splice(0), ["pause"]);
  connection.pause();
  assert.deepEqual(words.splice(0), ["pause"]);
  await someTurns();
  // What was read waits too, and still is too much.
  assert.deepEqual(words, []);
  connection.resume();
  assert.deepEqual(words.splice(0), ["pause"]);
  while (words.length < 1 + 65 + 1) await settle();
  assert.equal(words.filter((word) => word === "resume").length, 1);
  socket?.onEnd({ fault: "closed" });
});

Deno.test("DouyinConnection that is held back ends once it may go on", async () => {
  const { words, socket, connection } = await World.open();
  connection.pause();
  socket?.onBinary(chatFrame(["a"]));
  socket?.onEnd({ fault: "closed", code: 1006 });
  await someTurns();
  assert.deepEqual(words.splice(0), ["pause"]);
  connection.resume();
  while (words.length < 3) await settle();
  assert.deepEqual(words, ["resume", "messages 1", "end closed 1006"]);
});

Deno.test("DouyinConnection that is closed or cut passes nothing more on", async () => {
  for (const how of ["close", "cut"] as const) {
    const { words, socket, connection } = await World.open();
    socket?.onBinary(largeFrame());
    socket?.onBinary(chatFrame(["behind"]));
    connection[how]();
    await someTurns();
    assert.deepEqual(words, [how]);
    socket?.onEnd({ fault: "closed" });
    assert.deepEqual(words, [how, "end closed undefined"]);
  }
});

Deno.test("DouyinConnection ends after what came before the end", async () => {
  const { words, socket } = await World.open();
  socket?.onBinary(largeFrame());
  socket?.onBinary(chatFrame(["last"]));
  socket?.onEnd({ fault: "closed", code: 1006 });
  assert.deepEqual(words, []);
  while (words.length < 3) await settle();
  assert.deepEqual(words, ["alive", "messages 1", "end closed 1006"]);
});

Deno.test("DouyinConnection that is cut forgets what waits", async () => {
  const { words, socket, connection } = await World.open();
  socket?.onBinary(largeFrame());
  connection.cut();
  socket?.onEnd({ fault: "closed" });
  assert.deepEqual(words, ["cut", "end closed undefined"]);
  await settle();
  assert.equal(words.length, 2);
});

Deno.test("DouyinConnection says goodbye", async () => {
  const { words, socket, connection } = await World.open();
  connection.close();
  assert.deepEqual(words, ["close"]);
  socket?.onEnd({ fault: "closed", code: 1000 });
  assert.deepEqual(words, ["close", "end closed 1000"]);
});

Deno.test("DouyinConnection ends with what was wrong before it dialled", async () => {
  const { connection, plan, words, dialled } = new World();
  void connection.open();
  plan.resolve({ fault: "signer_failed", code: 500 });
  await settle();
  assert.deepEqual(words, ["end signer_failed 500"]);
  assert.deepEqual(dialled, []);
});

Deno.test("DouyinConnection that is given up early dials nobody", async () => {
  for (const how of ["close", "cut"] as const) {
    const world = new World();
    void world.connection.open();
    world.connection[how]();
    assert.deepEqual(world.words, ["end closed undefined"]);
    assert.equal(world.signal?.aborted, true);
    world.plan.resolve(PLAN);
    await settle();
    assert.deepEqual(world.dialled, []);
    assert.equal(world.words.length, 1);
  }
});
