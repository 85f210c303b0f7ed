import assert from "node:assert/strict";
import { type Json, liveUrl } from "../support/live_client.ts";
import { chat, gift, newLiveWorld } from "../support/live_world.ts";
import { OPCODE, RawSocket } from "../support/raw_socket.ts";

const MIB = 2 ** 20;

/** About what the kernel keeps for a connection that no one reads. */
const KERNEL_BYTES = sendBufferBytes() + MIB;

/** The most that the kernel holds back for a sender. */
function sendBufferBytes(): number {
  const text = Deno.readTextFileSync("/proc/sys/net/ipv4/tcp_wmem");
  return Number(text.trim().split(/\s+/).at(-1));
}

/** Reads on until a frame that fits, after what came before it. */
async function readUntil(
  socket: RawSocket,
  isLast: (frame: Json) => boolean,
): Promise<Json[]> {
  const frames: Json[] = [];
  for (;;) {
    const raw = await socket.readFrame();
    assert(raw, "the server hung up");
    if (raw.opcode !== OPCODE.text) continue;
    frames.push(JSON.parse(new TextDecoder().decode(raw.payload)));
    if (isLast(frames.at(-1))) return frames;
  }
}

Deno.test("A viewer that stops to read misses chats and is told which, but no gift, and nobody else misses anything", async () => {
  await using world = await newLiveWorld({ isRealTime: true });
  const connection = await world.start("77");
  const viewer = await world.watch("77");
  using slow = await RawSocket.upgrade(liveUrl(world.app.url, "77"));
  assert.equal(slow.status, 101);
  const padding = "x".repeat(4000);
  const count = Math.ceil((KERNEL_BYTES + MIB) / padding.length);
  for (let sent = 1; sent <= count; sent++) {
    connection.send(chat(`${sent}`, { padding }));
    if (sent % 100 !== 0) continue;
    connection.send(gift(`g${sent}`));
    await viewer.expectChat(`${sent}`);
  }
  await viewer.expectChat(`${count}`);
  // Alone, for it would go ahead of chats that wait.
  connection.send(gift("last"));
  await viewer.expect(({ data }) => data?.id === "last", "the last gift");
  const said = Array.from({ length: count }, (_, index) => `${index + 1}`);
  assert.deepEqual(viewer.contents, said);
  const log = await world.log("77");
  // It is owed the last gift, and before it a word of all that it missed.
  const told = await readUntil(slow, ({ data }) => data?.id === "last");
  const heard = new Set(told.map(({ seq }) => seq));
  for (const { seq, data } of log) {
    const isMissed = told.some(({ type, from, to }) =>
      type === "gap" && from <= seq && seq <= to
    );
    assert(heard.has(seq) || isMissed, `${seq} is neither told nor missed`);
    if (data.type === "gift") assert(heard.has(seq), `gift ${seq} is missed`);
  }
  assert(heard.size < log.length);
});
