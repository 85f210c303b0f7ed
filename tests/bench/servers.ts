/**
 * The two servers that are compared, each in a process of its own.
 *
 * @module
 */

import { Child } from "./child.ts";
import { KEY_HEADERS, ParlorProcess } from "./parlor_process.ts";

/** Where devices connect. */
export const DEVICES_PATH = "/ws/devices";

/** The first device makes the room that all of them name. */
export const DEVICE_SETTINGS = { DEVICE_CREATE_NAMED_ROOMS: "true" };

/** A server that listens, with one room to join. */
export interface BenchServer extends AsyncDisposable {
  readonly pid: number;
  readonly port: number;
  /** Where a client connects; `{i}` is the client's number. */
  readonly path: string;
  /** What proves that a client is the admin whom it says it is. */
  readonly adminHeaders: Readonly<Record<string, string>>;
}

export async function startBare(): Promise<BenchServer> {
  const child = new Child("tests/bench/bare_server.ts");
  try {
    const port = await child.listeningPort();
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

/** Parlor, where devices find the room that they name. */
export async function startForDevices(): Promise<BenchServer> {
  const parlor = await ParlorProcess.start(DEVICE_SETTINGS);
  return {
    pid: parlor.pid,
    port: parlor.port,
    path: DEVICES_PATH,
    adminHeaders: KEY_HEADERS,
    [Symbol.asyncDispose]: () => parlor[Symbol.asyncDispose](),
  };
}

/** Parlor as a user runs it, with one room. */
export async function startParlor(): Promise<BenchServer> {
  const parlor = await ParlorProcess.start();
  try {
    const roomId = await parlor.createRoom();
    return {
      pid: parlor.pid,
      port: parlor.port,
      path: `${parlor.path(roomId)}?user_id=user{i}&nickname=User%20{i}`,
      adminHeaders: KEY_HEADERS,
      [Symbol.asyncDispose]: () => parlor[Symbol.asyncDispose](),
    };
  } catch (error) {
    await parlor[Symbol.asyncDispose]();
    throw error;
  }
}
