/**
 * What a device that stops reading costs the others in its room, and the
 * server.
 *
 * A room with one and a room without one, each on a server of its own, are
 * measured in short turns: what slows the machine down slows both. What is sent
 * is many times what the server holds for one connection, and the kernel with
 * it.
 *
 * The devices ask for numbers, so the one that stops stays in the room for good
 * and misses messages. Without numbers it is cut off at the hard bound.
 *
 * @module
 */

import { COLLECTING, heldBytes } from "./held_memory.ts";
import { deviceJob, LoadProcess } from "./load_process.ts";
import { ParlorProcess } from "./parlor_process.ts";
import { warnLine } from "./print.ts";
import { statsFault } from "./process_stats.ts";
import { median, type Row, skippedRow } from "./report.ts";
import { DEVICE_SETTINGS, DEVICES_PATH } from "./servers.ts";

const DEVICES = 200;
const SENDERS = 10;
const SEND_EVERY_MS = 100;
const MESSAGE_BYTES = 8192;
const TURN_MS = 1500;
const SLOWDOWN_MAX = 1.2;
const HELD_MB_MAX = 8;

/** Turns that nothing is learnt from: the program is compiled meanwhile. */
const FIRST_TURNS = 3;

const LATENCY = {
  name: "devices beside one that stops reading",
  goal: `p99 <= ${SLOWDOWN_MAX} x without`,
};
const MEMORY = {
  name: "memory held for that one",
  goal: `<= ${HELD_MB_MAX} MB`,
};

const FRAME = JSON.stringify({ mark: "{t}", more: "x".repeat(MESSAGE_BYTES) });

/** A device room that is talked in. */
class TalkingRoom implements AsyncDisposable {
  readonly #parlor: ParlorProcess;
  readonly #load: LoadProcess;
  #heldBefore = 0;

  constructor(parlor: ParlorProcess, stopped: number) {
    this.#parlor = parlor;
    const { pid, port } = parlor;
    this.#load = new LoadProcess({
      ...deviceJob({ port, path: `${DEVICES_PATH}?envelope=true` }, DEVICES),
      readPauseMs: 0,
      stopped,
      sending: {
        kind: "T",
        frame: FRAME,
        isBinary: false,
        senders: SENDERS,
        pace: { everyMs: SEND_EVERY_MS },
        warmUpMs: 0,
        sendMs: TURN_MS,
        serverPid: pid,
      },
    });
  }

  /** Opens a room of which so many will stop reading. */
  static async open(stopped: number): Promise<TalkingRoom> {
    const parlor = await ParlorProcess.start(DEVICE_SETTINGS, COLLECTING);
    const room = new TalkingRoom(parlor, stopped);
    try {
      await room.#load.opened();
      room.#heldBefore = await heldBytes(parlor.pid);
      return room;
    } catch (error) {
      await room[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Talks for a turn; answers the p99 of those who read, in ms. */
  async talk(): Promise<number> {
    const { latency, missing } = await this.#load.run();
    if (missing === 0) return latency.p99Ms;
    throw new Error(`Cannot compare: those who read missed ${missing}`);
  }

  /** What the server holds more than before anything was said, in MB. */
  async heldMb(): Promise<number> {
    return (await heldBytes(this.#parlor.pid) - this.#heldBefore) / 1e6;
  }

  /** Messages that were not sent to who does not read. */
  async dropped(): Promise<number> {
    const { counters } = await this.#parlor.ask("GET /status");
    return counters.deliveries_dropped;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#load[Symbol.asyncDispose]();
    await this.#parlor[Symbol.asyncDispose]();
  }
}

/** The p99 of a turn of each room, in ms. */
interface Turn {
  readonly calmMs: number;
  readonly stuckMs: number;
}

/** @param turns how often each room is measured. */
export async function slowReaderRows(turns: number): Promise<Row[]> {
  const fault = statsFault();
  if (fault !== undefined) {
    return [LATENCY, MEMORY].map((goal) => skippedRow(goal, fault));
  }
  await using calm = await TalkingRoom.open(0);
  await using stuck = await TalkingRoom.open(1);
  const measured: Turn[] = [];
  for (let count = 0; count < FIRST_TURNS + turns; count++) {
    const turn = { calmMs: await calm.talk(), stuckMs: await stuck.talk() };
    if (count >= FIRST_TURNS) measured.push(turn);
  }
  return [
    latencyRow(measured),
    memoryRow({
      dropped: await stuck.dropped(),
      heldMb: await stuck.heldMb() - await calm.heldMb(),
    }),
  ];
}

function latencyRow(turns: readonly Turn[]): Row {
  const p99s = turns.map(({ calmMs, stuckMs }) =>
    `${stuckMs.toFixed(1)} to ${calmMs.toFixed(1)}`
  );
  warnLine(`one stops reading: p99 ${p99s.join(", ")} ms`);
  const ratio = median(turns.map(({ calmMs, stuckMs }) => stuckMs / calmMs));
  const calmMs = median(turns.map((turn) => turn.calmMs));
  const stuckMs = median(turns.map((turn) => turn.stuckMs));
  return {
    ...LATENCY,
    measured: `${ratio.toFixed(2)} x`,
    detail: `p99 ${stuckMs.toFixed(1)} to ${calmMs.toFixed(1)} ms, ` +
      `${DEVICES} devices, messages of ${MESSAGE_BYTES / 1024} KiB`,
    isMet: ratio <= SLOWDOWN_MAX,
  };
}

function memoryRow(
  { dropped, heldMb }: { readonly dropped: number; readonly heldMb: number },
): Row {
  return {
    ...MEMORY,
    measured: `${heldMb.toFixed(1)} MB`,
    detail: `${dropped} messages were not sent to it`,
    isMet: dropped > 0 && heldMb <= HELD_MB_MAX,
  };
}
