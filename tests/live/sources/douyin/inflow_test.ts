import assert from "node:assert/strict";
import { nextTurn } from "../../../../src/base/turn.ts";
import { GiftBook } from "../../../../src/live/sources/douyin/gift_message.ts";
import {
  Inflow,
  type InflowOptions,
} from "../../../../src/live/sources/douyin/inflow.ts";
import { Unpacker } from "../../../../src/live/sources/douyin/unpack.ts";
import {
  chatBytes,
  chatFrame,
  chatMessage,
  giftBytes,
  messageBytes,
  pushBytes,
  responseBytes,
} from "../../../support/douyin_frames.ts";
import {
  bytesField,
  fromHex,
  joinBytes,
  numberField,
} from "../../../support/wire_bytes.ts";

/** An inflow, and what it says, as words. */
class Recorded {
  readonly words: string[] = [];
  readonly keeps: (() => void)[] = [];
  readonly heartbeats: number[] = [];
  /** How many messages came at a time. */
  readonly sizes: number[] = [];
  readonly inflow: Inflow;

  constructor(gifts = new GiftBook()) {
    this.inflow = new Inflow({ gifts, ...this.#options() });
  }

  idle(): Promise<void> {
    return new Promise((resolve) => this.inflow.finish(resolve));
  }

  #options(): Omit<InflowOptions, "gifts"> {
    return {
      unpacker: new Unpacker(),
      yieldTurn: nextTurn,
      events: {
        onMessages: (messages, keep) => {
          this.sizes.push(messages.length);
          const texts = messages.slice(0, 3).map(({ data }) => data["content"]);
          this.words.push(`messages ${texts.join(",")}`);
          if (keep !== undefined) this.keeps.push(keep);
        },
        onAlive: () => void this.words.push("alive"),
        onFault: (fault) => void this.words.push(`fault ${fault}`),
      },
      onAck: (frame) => {
        const text = new TextDecoder().decode(frame.slice(-3));
        this.words.push(`ack ${text}`);
      },
      onHeartbeatMs: (ms) => void this.heartbeats.push(ms),
      onPressure: (isFull) => void this.words.push(isFull ? "full" : "room"),
    };
  }
}

/** A frame that takes turns to unpack: one chat beside much that is skipped. */
function largeFrame(content: string): Uint8Array {
  const filler = messageBytes("Filler", new Uint8Array(100_000));
  const fillers = new Array<Uint8Array>(10).fill(filler);
  return pushBytes(responseBytes([chatMessage(content, 1), ...fillers]));
}

/** A frame with one gift, whose combo is at this count. */
function giftFrame(combo: number): Uint8Array {
  const gift = messageBytes("WebcastGiftMessage", giftBytes({ combo }), 7);
  return pushBytes(responseBytes([gift], { needAck: true }));
}

/** Waits some turns of the event loop. */
async function someTurns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) {
    await new Promise<void>((resolve) => nextTurn(resolve));
  }
}

Deno.test("Inflow passes on messages within the call, packed or not", () => {
  const { inflow, words } = new Recorded();
  inflow.take(chatFrame(["a", "b"]));
  inflow.take(chatFrame(["c"], { isPacked: false }));
  assert.deepEqual(words, ["messages a,b", "messages c"]);
});

Deno.test("Inflow acks once what was passed on is kept", () => {
  const { inflow, words, keeps } = new Recorded();
  inflow.take(chatFrame(["a"], { needAck: true, internalExt: "ex1" }));
  inflow.take(chatFrame(["b"], { needAck: true, internalExt: "ex2" }));
  assert.deepEqual(words, ["messages a", "messages b"]);
  keeps[0]?.();
  keeps[1]?.();
  assert.deepEqual(words.slice(2), ["ack ex1", "ack ex2"]);
});

Deno.test("Inflow asks nobody to keep what needs no ack", () => {
  const { inflow, keeps } = new Recorded();
  inflow.take(chatFrame(["a"]));
  assert.equal(keeps.length, 0);
});

Deno.test("Inflow leaves the ack to who keeps, also of what it passes nothing of on", () => {
  const { inflow, words, keeps, sizes } = new Recorded();
  const response = responseBytes([messageBytes("Other", Uint8Array.of(1))], {
    needAck: true,
  });
  inflow.take(pushBytes(response));
  assert.deepEqual(sizes, [0]);
  assert.deepEqual(words, ["alive", "messages "]);
  keeps[0]?.();
  assert.equal(words[2], "ack ext");
});

Deno.test("Inflow passes on the good messages beside a broken one", () => {
  const { inflow, words, keeps } = new Recorded();
  const broken = messageBytes(
    "WebcastChatMessage",
    chatBytes("broken").subarray(0, -3),
  );
  const torn = chatMessage("torn", 2).subarray(0, -9);
  const response = responseBytes(
    [chatMessage("a", 1), broken, torn, chatMessage("b", 3)],
    { needAck: true },
  );
  inflow.take(pushBytes(response));
  keeps[0]?.();
  assert.deepEqual(words, [
    "fault malformed",
    "fault malformed",
    "messages a,b",
    "ack ext",
  ]);
});

Deno.test("Inflow says what is wrong with a frame, and goes on", async () => {
  const recorded = new Recorded();
  const { inflow, words } = recorded;
  inflow.take(fromHex("3a 03 6d73"));
  inflow.take(pushBytes(fromHex("0a ff"), {}));
  inflow.take(pushBytes(fromHex("1f8b0000"), { isPacked: false }));
  inflow.take(pushBytes(new Uint8Array(33 * 1024 * 1024)));
  inflow.take(chatFrame(["a"]));
  await recorded.idle();
  assert.deepEqual(words, [
    "fault malformed",
    "fault malformed",
    "fault malformed",
    "fault unpacked_too_large",
    "messages a",
  ]);
});

Deno.test("Inflow takes a frame without messages for a sign of life", () => {
  const { inflow, words } = new Recorded();
  inflow.take(pushBytes(new Uint8Array(), { type: "hb", isPacked: false }));
  assert.deepEqual(words, ["alive"]);
});

Deno.test("Inflow passes on how often a heartbeat is wanted", () => {
  const { inflow, heartbeats } = new Recorded();
  inflow.take(chatFrame(["a"], { heartbeatS: 12 }));
  assert.deepEqual(heartbeats, [12_000]);
});

Deno.test("Inflow keeps the order behind a frame that takes turns", async () => {
  const recorded = new Recorded();
  recorded.inflow.take(largeFrame("first"));
  recorded.inflow.take(chatFrame(["second"]));
  assert.deepEqual(recorded.words, []);
  await recorded.idle();
  assert.deepEqual(recorded.words, ["messages first", "messages second"]);
});

Deno.test("Inflow passes on very many messages 500 at a time, with one ack", async () => {
  for (const [count, parts] of [[499, 1], [500, 1], [501, 2]] as const) {
    const recorded = new Recorded();
    const contents = Array.from({ length: count }, (_, at) => `${at}`);
    recorded.inflow.take(chatFrame(contents, { needAck: true }));
    await recorded.idle();
    const { sizes, keeps, words } = recorded;
    assert.equal(sizes.length, parts);
    assert.equal(sizes.reduce((sum, size) => sum + size), count);
    // What came with the last of them is kept after all that came before.
    assert.equal(keeps.length, 1);
    assert(!words.includes("ack ext"));
    keeps[0]?.();
    assert(words.includes("ack ext"));
  }
});

Deno.test("Inflow is full past 64 frames that wait, and has room at half", async () => {
  const recorded = new Recorded();
  const { inflow } = recorded;
  inflow.take(largeFrame("first"));
  for (let frame = 0; frame < 64; frame++) inflow.take(chatFrame(["x"]));
  assert.deepEqual(recorded.words, []);
  inflow.take(chatFrame(["x"]));
  assert.deepEqual(recorded.words, ["full"]);
  await recorded.idle();
  const words: readonly string[] = recorded.words;
  // 65 waited; once the 33rd of them is read, 32 are left.
  assert.equal(words.indexOf("room") - words.indexOf("full"), 1 + 1 + 32);
  assert.equal(words.filter((word) => word === "messages x").length, 65);
});

Deno.test("Inflow tells nothing more once it is dropped", async () => {
  const recorded = new Recorded();
  recorded.inflow.take(largeFrame("first"));
  recorded.inflow.take(chatFrame(["second"]));
  const idle = recorded.idle();
  recorded.inflow.drop();
  await idle;
  await new Promise<void>((resolve) => nextTurn(resolve));
  assert.deepEqual(recorded.words, []);
});

Deno.test("Inflow that is dropped does not count what waited as known", async () => {
  const gifts = new GiftBook();
  const left = new Recorded(gifts);
  left.inflow.take(largeFrame("first"));
  left.inflow.take(giftFrame(3));
  left.inflow.drop();
  left.inflow.take(giftFrame(3));
  left.inflow.take(fromHex("ff"));
  await someTurns();
  assert.deepEqual(left.words, []);
  const next = new Recorded(gifts);
  next.inflow.take(giftFrame(3));
  assert.deepEqual(next.sizes, [1]);
});

Deno.test("Inflow leaves the ack of a gift that adds nothing to who keeps", () => {
  const { inflow, words, keeps, sizes } = new Recorded();
  inflow.take(giftFrame(3));
  inflow.take(giftFrame(3));
  assert.deepEqual(sizes, [1, 0]);
  assert(!words.includes("ack ext"));
  for (const keep of keeps) keep();
  assert.equal(words.filter((word) => word === "ack ext").length, 2);
});

Deno.test("Inflow passes on 10,000 messages of a frame, and acks none with more", async () => {
  for (const count of [10_000, 10_001]) {
    const recorded = new Recorded();
    const { inflow, words, sizes, keeps } = recorded;
    const message = messageBytes("WebcastLikeMessage", new Uint8Array());
    const messages = new Array<Uint8Array>(count).fill(message);
    // What asks for an ack may come before what there is to ack.
    const fields = messages.map((bytes) => bytesField(1, bytes));
    inflow.take(pushBytes(joinBytes(numberField(9, 1), ...fields)));
    await recorded.idle();
    assert.equal(sizes.reduce((sum, size) => sum + size), 10_000);
    const isCut = count > 10_000;
    assert.equal(words.includes("fault unpacked_too_large"), isCut);
    assert.equal(keeps.length, isCut ? 0 : 1);
  }
});

Deno.test("Inflow reads messages of up to 256 KiB", async () => {
  const recorded = new Recorded();
  const { inflow, words } = recorded;
  const chat = (bytes: number) => {
    const overhead = chatMessage("", 1).length + 4;
    return chatMessage("x".repeat(bytes - overhead), 1);
  };
  const messages = [chat(262_144), chat(262_145)];
  assert.deepEqual(messages.map(({ length }) => length), [262_144, 262_145]);
  for (const message of messages) {
    inflow.take(pushBytes(responseBytes([message]), { isPacked: false }));
  }
  await recorded.idle();
  assert.match(words[0] ?? "", /^messages x+$/);
  assert.deepEqual(words.slice(1), ["fault message_too_large", "alive"]);
});

Deno.test("Inflow passes on about 256 KiB of messages within one turn", async () => {
  const recorded = new Recorded();
  const contents = new Array<string>(10).fill("x".repeat(100_000));
  recorded.inflow.take(chatFrame(contents));
  await recorded.idle();
  assert.deepEqual(recorded.sizes, [3, 3, 3, 1]);
});

Deno.test("Inflow passes nothing on while it is held", async () => {
  const recorded = new Recorded();
  const { inflow, sizes } = recorded;
  inflow.take(chatFrame(new Array<string>(1200).fill("x")));
  inflow.hold(true);
  await someTurns();
  assert.deepEqual(sizes, [500]);
  inflow.take(chatFrame(["later"]));
  inflow.hold(false);
  await recorded.idle();
  assert.deepEqual(sizes, [500, 500, 200, 1]);
});

Deno.test("Inflow that is held can be dropped", async () => {
  const recorded = new Recorded();
  const { inflow, words } = recorded;
  inflow.hold(true);
  inflow.take(chatFrame(["a"]));
  const idle = recorded.idle();
  await someTurns();
  inflow.drop();
  await idle;
  await someTurns();
  assert.deepEqual(words, []);
});
