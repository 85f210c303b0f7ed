import assert from "node:assert/strict";
import { LiveSocket } from "../../cli/live_socket.ts";
import type { SocketEnd } from "../../cli/text_socket.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { FakeTextSockets } from "../support/fake_text_sockets.ts";

/** A connection with its other side, and what it told. */
function connect() {
  const clock = new FakeClock();
  const sockets = new FakeTextSockets();
  const texts: string[] = [];
  const ends: SocketEnd[] = [];
  const socket = new LiveSocket({
    openSocket: sockets.open,
    clock,
    url: "ws://a/b",
    onText: (text) => texts.push(text),
  });
  socket.ended.then((end) => ends.push(end));
  return { clock, server: sockets.last, texts, ends, socket };
}

Deno.test("LiveSocket tells what comes, and how it ends", async () => {
  const { clock, server, texts, ends } = connect();
  assert.equal(server.url, "ws://a/b");
  server.say("one");
  server.say("two");
  server.end(4001, "bye");
  await settle();
  assert.deepEqual(texts, ["one", "two"]);
  assert.deepEqual(ends, [{ code: 4001, reason: "bye" }]);
  assert.equal(clock.armed, 0);
});

Deno.test("LiveSocket asks every 15 s whether the other side is there", async () => {
  const { clock, server, socket } = connect();
  await clock.advance(14_999);
  assert.deepEqual(server.sent, []);
  await clock.advance(1);
  assert.deepEqual(server.sent, ['{"type":"ping"}']);
  await clock.advance(15_000);
  assert.equal(server.sent.length, 2);
  socket[Symbol.dispose]();
});

Deno.test("LiveSocket ends after 45 s without a word, and not before", async () => {
  const { clock, server, ends } = connect();
  await clock.advance(44_000);
  server.say("pong");
  await clock.advance(60_000 - 44_000 + 29_999);
  assert.deepEqual(ends, []);
  assert.equal(server.isClosed, false);
  await clock.advance(1);
  assert.deepEqual(ends, [{ code: 1006, reason: "no word for 45 s" }]);
  assert.equal(server.isClosed, true);
  assert.equal(clock.armed, 0);
});

Deno.test("LiveSocket tells nothing after it was left", async () => {
  const { clock, server, texts, ends, socket } = connect();
  socket[Symbol.dispose]();
  server.say("late");
  server.end();
  await settle();
  assert.deepEqual([texts, ends], [[], []]);
  assert.deepEqual([server.isClosed, clock.armed], [true, 0]);
});
