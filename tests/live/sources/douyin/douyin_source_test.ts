import assert from "node:assert/strict";
import { SystemClock } from "../../../../src/base/clock.ts";
import type {
  FeedFault,
  SourceEnd,
  SourceMessage,
} from "../../../../src/live/source.ts";
import { DouyinSource } from "../../../../src/live/sources/douyin/douyin_source.ts";
import {
  chatFrame,
  chatMessage,
  endBytes,
  giftBytes,
  messageBytes,
  pushBytes,
  responseBytes,
} from "../../../support/douyin_frames.ts";
import { DouyinUpstream } from "../../../support/douyin_upstream.ts";
import { FakeClock } from "../../../support/fake_clock.ts";
import { Inbox } from "../../../support/inbox.ts";

const NEVER = new AbortController().signal;
const HEARTBEAT = "3a026862";
const ENTER = "/webcast/room/web/enter/";
const PUSH = "/webcast/im/push/v2/";

function sourceFor(
  upstream: DouyinUpstream,
  more: Partial<ConstructorParameters<typeof DouyinSource>[0]> = {},
): DouyinSource {
  return new DouyinSource({
    ...upstream.settings,
    sdkVersion: "1.0.14-beta.0",
    userAgent: "Mozilla/5.0 (X)",
    fetch,
    clock: new SystemClock(),
    ids: { fraction: () => 0 },
    ...more,
  });
}

type Said =
  | { readonly kind: "open" | "alive" }
  | { readonly kind: "fault"; readonly fault: FeedFault }
  | { readonly kind: "end"; readonly end: SourceEnd }
  | {
    readonly kind: "messages";
    readonly messages: readonly SourceMessage[];
    readonly keep: (() => void) | undefined;
  };

/** A connection to a room, and what it says. */
class Listener {
  readonly said = new Inbox<Said>();
  readonly connection;

  constructor(source: DouyinSource, liveId = "room_1") {
    const { said } = this;
    this.connection = source.connect(liveId, {
      onOpen: () => said.put({ kind: "open" }),
      onMessages: (messages, keep) =>
        said.put({ kind: "messages", messages, keep }),
      onAlive: () => said.put({ kind: "alive" }),
      onFault: (fault) => said.put({ kind: "fault", fault }),
      onEnd: (end) => said.put({ kind: "end", end }),
    });
  }

  async expect<Kind extends Said["kind"]>(
    kind: Kind,
  ): Promise<Extract<Said, { kind: Kind }>> {
    const said = await this.said.take((one) => one.kind === kind, kind);
    return said as Extract<Said, { kind: Kind }>;
  }

  async end(): Promise<SourceEnd> {
    return (await this.expect("end")).end;
  }
}

Deno.test("DouyinSource listens to a room from its page to its end", async () => {
  await using upstream = new DouyinUpstream();
  const source = sourceFor(upstream);
  assert.deepEqual(await source.check("room_1", NEVER), { kind: "live" });
  const listener = new Listener(source);
  const push = await upstream.accept();
  await listener.expect("open");
  await push.expectFrame(HEARTBEAT);

  push.send(chatFrame(["你好"], { logId: 9, needAck: true, internalExt: "e" }));
  const { messages, keep } = await listener.expect("messages");
  assert.equal(messages[0]?.data["content"], "你好");
  assert.equal(messages[0]?.data["user_id"], "7000000000000000123");
  assert.deepEqual(push.frames.untaken, []);
  keep?.();
  await push.expectFrame("10093a0361636b420165");

  const end = messageBytes("WebcastControlMessage", endBytes());
  push.send(pushBytes(responseBytes([chatMessage("bye", 2), end])));
  const last = await listener.expect("messages");
  const types = last.messages.map(({ type }) => type);
  assert.deepEqual(types, ["chat", "control"]);
  push.close(1000);
  assert.deepEqual(await listener.end(), { fault: "closed", code: 1000 });
});

Deno.test("DouyinSource connects with what its check brought", async () => {
  await using upstream = new DouyinUpstream();
  const source = sourceFor(upstream);
  await source.check("room_1", NEVER);
  const listener = new Listener(source);
  const { url, headers } = await upstream.accept();
  assert.deepEqual(upstream.paths, ["/", "/room_1", ENTER, "/sign", PUSH]);
  assert.equal(headers.get("cookie"), "ttwid=1%7Cvisitor");
  assert.equal(headers.get("user-agent"), "Mozilla/5.0 (X)");
  assert.equal(headers.get("origin"), upstream.settings.pageUrl);
  assert.equal(url.searchParams.get("room_id"), "7412345678901234567");
  assert.equal(url.searchParams.get("user_unique_id"), "7000000000000000000");
  assert.equal(url.searchParams.get("signature"), "signature-1");
  listener.connection.close();
  assert.equal((await listener.end()).fault, "closed");
});

Deno.test("DouyinSource has the signer sign the connection's own parameters", async () => {
  await using upstream = new DouyinUpstream();
  const listener = new Listener(sourceFor(upstream));
  await upstream.accept();
  const body = upstream.requests.find(({ path }) => path === "/sign")?.body;
  assert.equal(
    JSON.parse(body ?? "").input,
    "live_id=1,aid=6383,version_code=180800," +
      "webcast_sdk_version=1.0.14-beta.0,room_id=7412345678901234567," +
      "sub_room_id=,sub_channel_id=,did_rule=3," +
      "user_unique_id=7000000000000000000,device_platform=web," +
      "device_type=,ac=,identity=audience",
  );
  listener.connection.cut();
  await listener.end();
});

Deno.test("DouyinSource asks by itself where there is no fresh check", async () => {
  await using upstream = new DouyinUpstream();
  const clock = new FakeClock();
  const source = sourceFor(upstream, { clock, signerUrl: undefined });
  await source.check("room_1", NEVER);
  await clock.advance(60_001);
  const listener = new Listener(source);
  const push = await upstream.accept();
  // The visitor's cookie is good for longer.
  const looked = ["/", "/room_1", ENTER, "/room_1", ENTER];
  assert.deepEqual(upstream.paths, [...looked, PUSH]);
  assert.equal(push.url.searchParams.has("signature"), false);
  listener.connection.cut();
  await listener.end();
});

Deno.test("DouyinSource asks for a new visitor's cookie after an hour", async () => {
  await using upstream = new DouyinUpstream();
  const clock = new FakeClock();
  const source = sourceFor(upstream, { clock });
  await source.check("room_1", NEVER);
  await clock.advance(3_600_000);
  await source.check("room_1", NEVER);
  assert.equal(upstream.paths.filter((path) => path === "/").length, 1);
  await clock.advance(1);
  await source.check("room_1", NEVER);
  assert.equal(upstream.paths.filter((path) => path === "/").length, 2);
});

Deno.test("DouyinSource says what state a room is in", async () => {
  await using upstream = new DouyinUpstream();
  const source = sourceFor(upstream);
  upstream.roomStatus = 2;
  assert.deepEqual(await source.check("1", NEVER), { kind: "ended" });
  upstream.roomStatus = 4;
  assert.deepEqual(await source.check("1", NEVER), {
    kind: "abnormal",
    code: 4,
  });
  upstream.stateText = "";
  const unknown = { kind: "unknown", fault: "status_unknown" };
  assert.deepEqual(await source.check("1", NEVER), unknown);
});

Deno.test("DouyinSource says why a check failed, and throws when it is stopped", async () => {
  await using upstream = new DouyinUpstream();
  const source = sourceFor(upstream, {
    fetch: () => Promise.reject(new TypeError("Connection refused")),
  });
  const failed = { kind: "unknown", fault: "connect_failed" };
  assert.deepEqual(await source.check("1", NEVER), failed);
  await assert.rejects(source.check("1", AbortSignal.abort()));
});

Deno.test("DouyinSource does not connect without a signature", async () => {
  await using upstream = new DouyinUpstream();
  upstream.signerStatus = 500;
  const listener = new Listener(sourceFor(upstream));
  const { fault, code } = await listener.end();
  assert.deepEqual([fault, code], ["signer_failed", 500]);
  assert(!upstream.paths.includes(PUSH));
});

Deno.test("DouyinSource does not connect to a room without a number", async () => {
  await using upstream = new DouyinUpstream();
  upstream.roomId = "";
  const listener = new Listener(sourceFor(upstream));
  assert.equal((await listener.end()).fault, "status_unknown");
});

Deno.test("DouyinSource begins anew after a refused handshake", async () => {
  await using upstream = new DouyinUpstream();
  const source = sourceFor(upstream);
  await source.check("room_1", NEVER);
  upstream.refusal = 403;
  const refused = new Listener(source);
  const { fault, code } = await refused.end();
  assert.deepEqual([fault, code], ["handshake_refused", 403]);
  upstream.refusal = undefined;
  upstream.requests.splice(0);
  const listener = new Listener(source);
  const push = await upstream.accept();
  assert.equal(push.url.searchParams.get("signature"), "signature-2");
  assert.deepEqual(upstream.paths, ["/", "/room_1", ENTER, "/sign", PUSH]);
  listener.connection.cut();
  await listener.end();
});

Deno.test("DouyinSource counts a combo on over a reconnect, for each room", async () => {
  await using upstream = new DouyinUpstream();
  const source = sourceFor(upstream);
  const counts = [];
  for (const [liveId, combo] of [["a", 3], ["a", 5], ["b", 5]] as const) {
    const listener = new Listener(source, liveId);
    const push = await upstream.accept();
    const gift = messageBytes("WebcastGiftMessage", giftBytes({ combo }));
    push.send(pushBytes(responseBytes([gift])));
    const { messages } = await listener.expect("messages");
    counts.push(messages[0]?.count);
    push.close(1001);
    assert.deepEqual(await listener.end(), { fault: "closed", code: 1001 });
  }
  assert.deepEqual(counts, [3, 2, 5]);
});

Deno.test("DouyinSource counts a combo on over a restart, from the log", async () => {
  await using upstream = new DouyinUpstream();
  const counts = [];
  const log: string[] = [];
  for (const combo of [99, 100]) {
    const source = sourceFor(upstream);
    source.recall("a", log);
    const listener = new Listener(source, "a");
    const push = await upstream.accept();
    const gift = messageBytes("WebcastGiftMessage", giftBytes({ combo }));
    push.send(pushBytes(responseBytes([gift])));
    const { messages } = await listener.expect("messages");
    log.push(JSON.stringify(messages[0]?.data));
    counts.push(messages[0]?.count);
    listener.connection.cut();
    await listener.end();
  }
  assert.deepEqual(counts, [99, 1]);
});

Deno.test("DouyinSource stays connected over garbage and a bomb", async () => {
  await using upstream = new DouyinUpstream();
  const listener = new Listener(sourceFor(upstream));
  const push = await upstream.accept();
  push.send("text");
  push.send(Uint8Array.of(0xff, 0xff, 0xff));
  push.send(pushBytes(new Uint8Array(33 * 1024 * 1024)));
  push.send(chatFrame(["after"]));
  await listener.expect("messages");
  const faults = listener.said.all.map((said) =>
    said.kind === "fault" ? said.fault : said.kind
  );
  assert.deepEqual(faults, [
    "open",
    "malformed",
    "malformed",
    "unpacked_too_large",
    "messages",
  ]);
  listener.connection.close();
  await listener.end();
});

Deno.test("DouyinSource hears a pong as a sign of life", async () => {
  await using upstream = new DouyinUpstream();
  const listener = new Listener(sourceFor(upstream));
  await listener.expect("open");
  listener.connection.ping();
  await listener.expect("alive");
  listener.connection.close();
  await listener.end();
});

Deno.test("DouyinSource ends a connection whose frame is beyond the bound", async () => {
  await using upstream = new DouyinUpstream();
  const listener = new Listener(sourceFor(upstream));
  const push = await upstream.accept();
  push.send(new Uint8Array(16 * 1024 * 1024 + 1));
  assert.equal((await listener.end()).fault, "frame_too_large");
});
