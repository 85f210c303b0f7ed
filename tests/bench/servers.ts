/**
 * The two servers that are compared, each in a process of its own.
 *
 * @module
 */

import { Child } from "./child.ts";

/** A server that listens, with one room to join. */
export interface BenchServer extends AsyncDisposable {
  readonly pid: number;
  readonly port: number;
  /** Where a client connects; `{i}` is the client's number. */
  readonly path: string;
  /** What proves that a client is the admin whom it says it is. */
  readonly adminHeaders: Readonly<Record<string, string>>;
}

const API_KEY = "the-key-of-the-bench";
const LISTENING = /Listening on 127\.0\.0\.1:(\d+)/;

/** The number of the client who is an admin of the room. */
export const ADMIN_INDEX = 90_000;

export async function startBare(): Promise<BenchServer> {
  const child = new Child("tests/bench/bare_server.ts");
  try {
    const port = await listeningPort(child);
    return {
      pid: child.pid,
      port,
      path: "/{i}",
      adminHeaders: {},
      [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
    };
  } catch (error) {
    await child[Symbol.asyncDispose]();
    throw error;
  }
}

/** Parlor as a user runs it: database and journal in files, one room. */
export async function startParlor(): Promise<BenchServer> {
  const folder = await Deno.makeTempDir({ prefix: "parlor-bench-" });
  const child = new Child("main.ts", {
    env: {
      ADMIN_API_KEY: API_KEY,
      BIND_ADDRESS: "127.0.0.1:0",
      DATABASE_URL: `sqlite:${folder}/bench.db`,
      LOG_FORMAT: "json",
      USER_MESSAGE_INTERVAL_SECS: "0",
    },
  });
  async function stop(): Promise<void> {
    await child[Symbol.asyncDispose]();
    await Deno.remove(folder, { recursive: true });
  }
  try {
    const port = await listeningPort(child);
    const roomId = await newRoom(port);
    return {
      pid: child.pid,
      port,
      path: `/ws/rooms/${roomId}?user_id=user{i}&nickname=User%20{i}`,
      adminHeaders: { "X-Api-Key": API_KEY },
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function listeningPort(child: Child): Promise<number> {
  const [, port] = await child.line(LISTENING);
  child.ignoreRest();
  return Number(port);
}

async function newRoom(port: number): Promise<string> {
  const admin = `user${ADMIN_INDEX}`;
  const response = await fetch(`http://127.0.0.1:${port}/management/rooms`, {
    method: "POST",
    headers: { "X-Api-Key": API_KEY, "Content-Type": "application/json" },
    body: JSON.stringify({ room_name: "Bench", admin_user_ids: [admin] }),
  });
  if (!response.ok) {
    throw new Error(`Cannot make a room: ${response.status}`);
  }
  const { room_id: roomId } = await response.json();
  return roomId;
}
