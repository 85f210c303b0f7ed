// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import { OPCODE, RawSocket } from "../support/raw_socket.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { askApi, createRoom, KEY_HEADERS } from "../support/test_app.ts";
import { eventually, within } from "../support/within.ts";
import { type Frame, joinRoom, roomUrl } from "../support/ws_client.ts";

const MEMBERS = 50;
const MIB = 2 ** 20;

/** About what the kernel keeps for a connection that no one reads. */
const KERNEL_BYTES = sendBufferBytes() + MIB;

/** The most that the kernel holds back for a sender. */
function sendBufferBytes(): number {
  const text = Deno.readTextFileSync("/proc/sys/net/ipv4/tcp_wmem");
  return Number(text.trim().split(/\s+/).at(-1));
}

/** Joins, and reads not one byte of what is said. */
async function joinWithoutReading(
  server: string,
  roomId: string,
): Promise<RawSocket> {
  const names = { user_id: "slow", nickname: "Slow" };
  const socket = await RawSocket.upgrade(roomUrl(server, roomId, names));
  assert.equal(socket.status, 101);
  return socket;
}

/** Members that only count what they hear. */
class Crowd implements AsyncDisposable {
  readonly #sockets: WebSocket[] = [];
  readonly counts: number[] = [];

  async join(server: string, roomId: string, count: number): Promise<void> {
    const joins = Array.from({ length: count }, async (_, index) => {
      const names = { user_id: `crowd${index}`, nickname: "C" };
      const socket = new WebSocket(roomUrl(server, roomId, names));
      this.#sockets.push(socket);
      this.counts[index] = 0;
      socket.onmessage = ({ data }) => {
        if (data.startsWith('{"type":"Message"')) {
          this.counts[index] = (this.counts[index] ?? 0) + 1;
        }
      };
      await heard(socket, "open");
    });
    await Promise.all(joins);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const open = this.#sockets.filter(({ readyState }) =>
      readyState !== WebSocket.CLOSED
    );
    await Promise.all(open.map((socket) => {
      const closed = heard(socket, "close");
      socket.close();
      return closed;
    }));
  }
}

async function heard(socket: WebSocket, event: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.addEventListener(event, () => resolve(), { once: true });
  await within(promise, { what: `a socket's ${event}` });
}

/** What one counter of a server says. */
async function counter(server: string, name: string): Promise<number> {
  const { body } = await askApi(server, "GET /metrics");
  const [, value] = new RegExp(`^${name} (\\d+)$`, "m").exec(body) ?? [];
  return Number(value);
}

/** Reads on until a frame of a type, after what came before it. */
async function readUntil(
  socket: RawSocket,
  isLast: (frame: Frame) => boolean,
): Promise<Frame[]> {
  const frames: Frame[] = [];
  for (;;) {
    const raw = await socket.readFrame();
    assert(raw, "the server hung up");
    if (raw.opcode !== OPCODE.text) continue;
    const frame: Frame = JSON.parse(new TextDecoder().decode(raw.payload));
    frames.push(frame);
    if (isLast(frame)) return frames;
  }
}

Deno.test("A client that stops to read misses chat and is told which, in a room of 50", async () => {
  using folder = new TempFolder();
  await using server = await ServerProcess.start({ cwd: folder.path });
  const { url } = server;
  const roomId = await createRoom(url);
  using slow = await joinWithoutReading(url, roomId);
  await using ann = await joinRoom(url, roomId, "ann");
  await using crowd = new Crowd();
  await crowd.join(url, roomId, MEMBERS - 2);
  const content = "x".repeat(4000);
  const count = Math.ceil((KERNEL_BYTES + MIB) / content.length);
  for (let sent = 1; sent <= count; sent++) {
    ann.sendChat(content, `n${sent}`);
    if (sent % 100 === 0) await ann.expectAck(`n${sent}`);
  }
  await ann.expectAck(`n${count}`);
  await eventually(() => crowd.counts.every((one) => one === count), {
    what: () => `all to hear ${count}, not ${Math.min(...crowd.counts)}`,
  });
  assert(await counter(url, "parlor_deliveries_dropped_total") > 0);
  const told = await readUntil(slow, ({ type }) => type === "Gap");
  ann.sendChat("the end", "end");
  told.push(
    ...await readUntil(
      slow,
      ({ payload }) => payload?.["content"] === "the end",
    ),
  );
  // What was said and what was called missing make the whole log.
  let seq = 0;
  for (const frame of told) {
    if (frame.type === "Message") assert.equal(frame.seq, seq += 1);
    if (frame.type !== "Gap") continue;
    assert.equal(frame.payload?.["from"], seq + 1);
    seq = Number(frame.payload?.["to"]);
  }
  assert.equal(seq, count + 1);
  await slow.sayGoodbye();
  await server.stop();
});

Deno.test("A client that stops to read has no more kept for it than its bound", async () => {
  using folder = new TempFolder();
  const content = "x".repeat(60_000);
  await using server = await ServerProcess.start({
    cwd: folder.path,
    env: { CONTENT_CHARS_MAX: `${content.length}` },
  });
  const { url } = server;
  const roomId = await createRoom(url);
  using slow = await joinWithoutReading(url, roomId);
  await using ann = await joinRoom(url, roomId, "ann");
  const count = Math.ceil((KERNEL_BYTES + 24 * MIB) / content.length);
  for (let sent = 1; sent <= count; sent++) {
    ann.sendChat(content, `n${sent}`);
    if (sent % 20 === 0) await ann.expectAck(`n${sent}`);
  }
  const dropped = await counter(url, "parlor_deliveries_dropped_total");
  const keptBytes = (count - dropped) * content.length;
  // The kernel's share, its own for the reader's side, and the soft bound.
  assert(keptBytes < KERNEL_BYTES + 8 * MIB, `${keptBytes} bytes`);
  const end = slow.sayGoodbye();
  await server.stop();
  await end;
});

Deno.test("A client that stops to read what may not be dropped is closed with 4008", async () => {
  using folder = new TempFolder();
  await using server = await ServerProcess.start({ cwd: folder.path });
  const { url } = server;
  const roomId = await createRoom(url);
  using slow = await joinWithoutReading(url, roomId);
  await using admin = await joinRoom(url, roomId, "admin", {
    headers: KEY_HEADERS,
  });
  await using ann = await joinRoom(url, roomId, "ann");
  const payload = "x".repeat(60_000);
  const count = Math.ceil((KERNEL_BYTES + 4 * MIB) / payload.length);
  for (let sent = 1; sent <= count; sent++) {
    admin.send("CustomEvent", { event_type: "e", payload });
    if (sent % 10 === 0) await ann.expectFrames("CustomEvent", 10);
  }
  const path = `/management/rooms/${roomId}/sessions`;
  const { body } = await askApi(url, `GET ${path}`);
  const codes = body.records.map((row: Frame) =>
    `${row["user_id"]} ${row["close_code"]}`
  );
  assert.deepEqual(codes.sort(), ["admin null", "ann null", "slow 4008"]);
  const { body: room } = await askApi(url, `GET /management/rooms/${roomId}`);
  assert.equal(room.current_users, 2);
  // It is told why, should it ever read on.
  for (;;) {
    const frame = await slow.readFrame();
    assert(frame, "the server hung up");
    if (frame.opcode !== OPCODE.close) continue;
    const reason = new TextDecoder().decode(frame.payload.subarray(2));
    assert.equal(frame.payload[0], 4008 >> 8);
    assert.equal(frame.payload[1], 4008 & 255);
    assert.equal(reason, "slow_consumer");
    break;
  }
  await slow.sayGoodbye();
  await server.stop();
});
