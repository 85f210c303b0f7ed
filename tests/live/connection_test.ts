import assert from "node:assert/strict";
import { Connection } from "../../src/live/connection.ts";
import type { SourceEvents } from "../../src/live/source.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { chatOf, FakeSource } from "../support/fake_source.ts";
import { during } from "./supervisor_world.ts";

function newConnection(overrides: Partial<SourceEvents> = {}) {
  const clock = new FakeClock();
  const source = new FakeSource();
  const heard: string[] = [];
  const bugs: unknown[] = [];
  const connection = new Connection({
    source,
    liveId: "1",
    clock,
    events: {
      onOpen: () => heard.push("open"),
      onMessages: (messages) => heard.push(`messages ${messages.length}`),
      onAlive: () => heard.push("alive"),
      onFault: (fault) => heard.push(fault),
      onEnd: ({ fault }) => heard.push(`end ${fault}`),
      ...overrides,
    },
    onBug: (error) => bugs.push(error),
  });
  return { clock, source, connection, heard, bugs };
}

Deno.test("Connection tells what its source tells, and one end", () => {
  const { source, connection, heard, clock } = newConnection();
  connection.open();
  source.last.open();
  source.last.say(chatOf("a"));
  source.last.events.onAlive();
  source.last.events.onFault("malformed");
  source.last.drop();
  source.last.drop();
  source.last.open();
  source.last.say(chatOf("b"));
  const all = ["open", "messages 1", "alive", "malformed", "end closed"];
  assert.deepEqual(heard, all);
  assert.equal(clock.armed, 0);
});

Deno.test("Connection tells of nothing that came only where somebody waits for it", () => {
  const { source, connection, heard } = newConnection();
  connection.open();
  source.last.events.onMessages([]);
  assert.deepEqual(heard, []);
  source.last.events.onMessages([], () => {});
  assert.deepEqual(heard, ["open", "messages 0"]);
  connection.cut({ fault: "closed" });
});

Deno.test("Connection is cut when it does not open in 10 s", async () => {
  const { source, connection, heard, clock } = newConnection();
  connection.open();
  source.last.isStuck = true;
  await clock.advance(10_000);
  assert.deepEqual(heard, ["end connect_timeout"]);
  assert.deepEqual(source.last.asked, ["cut"]);
});

Deno.test("Connection tells its end even when its source never does", () => {
  const { source, connection, heard } = newConnection();
  connection.open();
  source.last.isStuck = true;
  source.last.open();
  connection.cut({ fault: "stalled" });
  connection.cut({ fault: "half_open" });
  assert.deepEqual(heard, ["open", "end stalled"]);
});

Deno.test("Connection that ends within its own opening is cut", () => {
  const { source, connection, heard } = newConnection();
  source.onConnect = (made) => made.events.onEnd({ fault: "tls_failed" });
  connection.open();
  assert.deepEqual(heard, ["end tls_failed"]);
  assert.deepEqual(source.last.asked, ["cut"]);
});

Deno.test("Connection.close settles at once when the source goes, and tells nothing", async () => {
  const { source, connection, heard, clock } = newConnection();
  connection.open();
  source.last.open();
  await connection.close();
  assert.deepEqual([heard, source.last.asked], [["open"], ["close"]]);
  assert.equal(clock.armed, 0);
});

Deno.test("Connection.close cuts after a second what does not go", async () => {
  const { source, connection, clock } = newConnection();
  connection.open();
  source.last.isStuck = true;
  const closed = await during(clock, 1000, connection.close());
  assert.equal(closed.status, "fulfilled");
  assert.deepEqual(source.last.asked, ["close", "cut"]);
});

Deno.test("Connection survives a source that throws, and a listener that does", () => {
  const broken = newConnection();
  broken.source.onConnect = () => {
    throw new Error("against the contract");
  };
  broken.connection.open();
  assert.deepEqual(broken.heard, ["end connect_failed"]);
  assert.equal(broken.bugs.length, 1);
  const deaf = newConnection({
    onAlive: () => {
      throw new Error("a bug");
    },
  });
  deaf.connection.open();
  deaf.source.last.events.onAlive();
  assert.equal(deaf.bugs.length, 1);
  deaf.connection.cut({ fault: "closed" });
});

Deno.test("Connection asks to pause and to resume once each", () => {
  const { source, connection } = newConnection();
  connection.open();
  connection.resume();
  connection.pause();
  connection.pause();
  connection.resume();
  assert.deepEqual(source.last.asked, ["pause", "resume"]);
  connection.cut({ fault: "closed" });
});
