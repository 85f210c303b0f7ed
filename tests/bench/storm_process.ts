/**
 * Devices that come home, in a process of its own: the first of each room has
 * it made, the others name it, and none of them names any when it comes back.
 *
 * It is started with a {@linkcode StormJob} as its argument. It writes a line
 * when all are in a room, reads the port of another server, and writes a
 * {@linkcode StormResult} when all of them are in a room of that one.
 *
 * @module
 */

import { type Arrival, ArrivalEar } from "./arrival_ear.ts";
import { Latencies, type LatencyFacts } from "./latency.ts";
import {
  type LoadConnection,
  openConnection,
  silentEar,
} from "./load_connection.ts";
import type { LoadJob } from "./load_job.ts";
import { listeningJob } from "./load_process.ts";
import { printLine } from "./print.ts";
import { DEVICES_PATH } from "./servers.ts";

export interface StormJob {
  readonly port: number;
  readonly devices: number;
  readonly rooms: number;
}

export interface StormResult {
  /** Devices that were told `reconnected` and have the room they had. */
  readonly home: number;
  /** From the first connection to the last arrival. */
  readonly tookMs: number;
  /** From the first connection to each arrival. */
  readonly arrivals: LatencyFacts;
}

/** Devices that come into their first room at a time. */
const FIRST_MAX = 50;

/** The end of a killed server is no news. */
const connections: LoadConnection[] = [];

function devicesJob(port: number): LoadJob {
  const job = listeningJob({ port, path: DEVICES_PATH }, 1);
  return { ...job, readBytesMin: 512 };
}

/** Brings a device into a room: the one that it names, or any. */
async function comeIn(
  job: LoadJob,
  index: number,
  roomId?: string,
): Promise<Arrival> {
  const connection = await openConnection(job, index);
  connections.push(connection);
  const ear = new ArrivalEar(silentEar);
  void connection.listen(ear, () => undefined);
  const named = roomId === undefined ? {} : { "room_id": roomId };
  connection.send(
    JSON.stringify({
      "identity": "bench",
      "device_id": `device${index}`,
      ...named,
    }),
  );
  return await ear.arrived;
}

/** The room of each device. */
async function settle(
  { port, devices, rooms }: StormJob,
): Promise<readonly string[]> {
  const job = devicesJob(port);
  const roomIds: string[] = [];
  while (roomIds.length < devices) {
    const done = roomIds.length;
    const untilRooms = done < rooms ? rooms - done : devices - done;
    const arrivals = await Promise.all(
      Array.from(
        { length: Math.min(FIRST_MAX, untilRooms) },
        (_, index) =>
          comeIn(job, done + index, roomIds[(done + index) % rooms]),
      ),
    );
    for (const { roomId } of arrivals) roomIds.push(roomId);
  }
  return roomIds;
}

async function comeHome(
  port: number,
  roomIds: readonly string[],
): Promise<StormResult> {
  const job = devicesJob(port);
  const latencies = new Latencies();
  const startedMs = performance.now();
  const homes = await Promise.all(roomIds.map(async (expected, index) => {
    const { roomId, status } = await comeIn(job, index);
    latencies.add(1000 * (performance.now() - startedMs));
    return roomId === expected && status === "reconnected";
  }));
  return {
    home: homes.filter((isHome) => isHome).length,
    tookMs: performance.now() - startedMs,
    arrivals: latencies.facts(),
  };
}

async function readPort(): Promise<number> {
  const bytes = new Uint8Array(64);
  const count = await Deno.stdin.read(bytes);
  return Number(new TextDecoder().decode(bytes.subarray(0, count ?? 0)));
}

const job: StormJob = JSON.parse(Deno.args[0] ?? "");
const roomIds = await settle(job);
printLine("ready");
const port = await readPort();
for (const connection of connections.splice(0)) connection.close();
printLine(JSON.stringify(await comeHome(port, roomIds)));
for (const connection of connections) connection.close();
Deno.exit();
