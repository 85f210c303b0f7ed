/**
 * An upstream of live rooms that is fast: whoever connects to `/{live_id}` is
 * told what the query says.
 *
 * - `count`: messages of that room in all, over all connections to it.
 * - `perSec`: how many of them in a second; without, as fast as they are read.
 * - `dropMs`: how long a connection lasts.
 * - `waits`: nothing is said before a line comes on standard input.
 *
 * @module
 */

import {
  ClientFrames,
  closeFrame,
  PONG,
  readRequest,
  readSome,
  serverFrame,
  upgradeAnswer,
} from "../support/live_upstream_wire.ts";
import { OPCODE } from "../support/raw_socket.ts";
import { CYCLE, LivePhrases } from "./live_phrases.ts";
import { pause } from "./pace.ts";
import { printLine } from "./print.ts";

/** How often a room at a pace says something, in ms. */
const TICK_MS = 5;

/** What one connection is told. */
interface Order {
  readonly liveId: string;
  readonly count: number;
  readonly perSec: number;
  readonly waits: boolean;
}

/** What rooms have said so far. */
const said = new Map<string, number>();
let start = Promise.withResolvers<void>();

/** A connection that somebody made; what is written goes out in order. */
class Listener {
  readonly #connection: Deno.TcpConn;
  #writing = Promise.resolve();
  isOver = false;

  constructor(connection: Deno.TcpConn) {
    this.#connection = connection;
    connection.setNoDelay(true);
  }

  /** Resolves when all of it is with the system. */
  write(bytes: Uint8Array): Promise<void> {
    this.#writing = this.#writing.then(() => this.#writeAll(bytes));
    return this.#writing;
  }

  /** Answers what the other side asks, until it has gone. */
  async hear(): Promise<void> {
    const frames = new ClientFrames();
    for (;;) {
      const bytes = await readSome(this.#connection);
      if (bytes === undefined) return;
      for (const { opcode, payload } of frames.take(bytes)) {
        if (opcode === OPCODE.ping) {
          await this.write(serverFrame(PONG, payload));
        }
        if (opcode === OPCODE.close) return await this.write(closeFrame(1000));
      }
    }
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    let rest = bytes;
    while (rest.length > 0) {
      rest = rest.subarray(await this.#connection.write(rest));
    }
  }
}

async function serve(connection: Deno.TcpConn): Promise<void> {
  const request = await readRequest(connection);
  if (request === undefined) return;
  const { path, query } = request;
  const order: Order = {
    liveId: path.slice(1),
    count: Number(query.get("count") ?? Infinity),
    perSec: Number(query.get("perSec") ?? 0),
    waits: query.has("waits"),
  };
  const listener = new Listener(connection);
  await listener.write(upgradeAnswer(request));
  void speak(listener, order).catch(() => {});
  const dropMs = Number(query.get("dropMs") ?? 0);
  const over = listener.hear();
  await (dropMs > 0 ? Promise.race([over, pause(dropMs)]) : over);
  listener.isOver = true;
}

async function speak(
  listener: Listener,
  { liveId, count, perSec, waits }: Order,
): Promise<void> {
  const phrases = new LivePhrases();
  if (waits) await start.promise;
  const startedMs = performance.now();
  // The first message is due at once.
  const owed = (said.get(liveId) ?? 0) + 1;
  for (;;) {
    const first = said.get(liveId) ?? 0;
    if (listener.isOver || first >= count) return;
    const elapsedMs = performance.now() - startedMs;
    const due = perSec === 0
      ? CYCLE
      : owed + Math.floor(elapsedMs * perSec / 1000) - first;
    if (due <= 0) {
      await pause(TICK_MS);
      continue;
    }
    const some = Math.min(due, count - first, CYCLE - first % CYCLE);
    await listener.write(phrases.take(first, some));
    said.set(liveId, first + some);
  }
}

async function startAtLines(): Promise<void> {
  while (await Deno.stdin.read(new Uint8Array(64)) !== null) {
    start.resolve();
    start = Promise.withResolvers();
  }
  Deno.exit();
}

function close(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch {
    // The other side was first.
  }
}

const server = Deno.listen({ hostname: "127.0.0.1", port: 0 });
void startAtLines();
printLine(`Listening on 127.0.0.1:${server.addr.port}`);
for await (const connection of server) {
  void serve(connection).catch(() => {}).finally(() => close(connection));
}
