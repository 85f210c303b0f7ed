/**
 * What devices do, in one line of the log each minute (COMPAT 3.4).
 *
 * A line names the fullest rooms and some devices of each: a server of many
 * rooms would otherwise write more about its messages than it passes on. Rooms
 * are listed, not keyed by their ids: the log takes a field whose name looks
 * like that of a secret for one, and an id is any eight letters.
 *
 * @module
 */
// deno-lint-ignore-file camelcase

import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { Yield } from "../base/turn.ts";
import type { RoomKind } from "../wire/record.ts";
import type { Job } from "./schedule.ts";
import { Slices } from "./slices.ts";

/** Most rooms that a line names: those with the most connections. */
const ROOMS_MAX = 50;

/** Most devices of a room that a line names: those longest there. */
const DEVICES_MAX = 50;

/** Most characters of a device with its identity; the rest is cut off. */
const NAME_CHARS_MAX = 128;

/** How long rooms are looked at before others get their turn, in ms. */
const SLICE_MS = 3;

/** A room as the line needs it. */
export interface StatusRoom {
  readonly id: string;
  facts(): {
    readonly kind: RoomKind;
    /** How many devices are here. */
    readonly currentUsers: number;
    /** How many connections are open. */
    readonly sessions: number;
    /** How often anyone came. */
    readonly totalJoins: number;
    /** Since when nobody is here, in epoch ms; `null` while someone is. */
    readonly emptySinceAt: number | null;
  };
  /** Who is here, those longest here first; the nickname is the identity. */
  members(): Iterable<{ readonly userId: string; readonly nickname: string }>;
}

/** What devices sent, and what was sent to them, in messages. */
export interface Relayed {
  readonly in: number;
  readonly out: number;
}

export interface DeviceStatusOptions {
  /** All live rooms, oldest first. */
  readonly rooms: () => Iterable<StatusRoom>;
  readonly traffic: {
    /** Totals since the start. */
    relayed(): Promise<Relayed>;
  };
  readonly clock: Pick<Clock, "now" | "monotonic">;
  readonly yield: Yield;
  readonly log: Log;
}

/**
 * Logs how devices are doing each minute, unless none was there since the last
 * time.
 */
export function deviceStatusJob(options: DeviceStatusOptions): Job {
  const status = new DeviceStatus(options);
  return {
    name: "device_status",
    schedule: "* * * * *",
    run: (signal) => status.run(signal),
  };
}

/** What was seen of all device rooms. */
interface Seen {
  connections: number;
  rooms: number;
  /** Whether somebody was in a room that is empty now. */
  wasUsed: boolean;
  /** By their connections, the most first, at most {@linkcode ROOMS_MAX}. */
  readonly fullest: { readonly room: StatusRoom; readonly sessions: number }[];
}

class DeviceStatus {
  readonly #options: DeviceStatusOptions;
  /** When the last look began, in epoch ms. */
  #lookedAt: number;
  #relayed: Relayed = { in: 0, out: 0 };

  constructor(options: DeviceStatusOptions) {
    this.#options = options;
    this.#lookedAt = options.clock.now();
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, traffic } = this.#options;
    const sinceAt = this.#lookedAt;
    this.#lookedAt = clock.now();
    const slices = new Slices({ ...this.#options, sliceMs: SLICE_MS, signal });
    const seen = await this.#look(sinceAt, slices);
    const devices: RoomField[] = [];
    await slices.each(seen.fullest, ({ room }) => {
      devices.push(roomField(room));
    });
    if (signal.aborted) return;
    const before = this.#relayed;
    this.#relayed = await traffic.relayed();
    const messages: Relayed = {
      in: this.#relayed.in - before.in,
      out: this.#relayed.out - before.out,
    };
    const isNews = seen.connections > 0 || seen.wasUsed ||
      messages.in > 0 || messages.out > 0;
    if (isNews) this.#tell(seen, messages, devices);
  }

  async #look(sinceAt: number, slices: Slices): Promise<Seen> {
    const seen: Seen = {
      connections: 0,
      rooms: 0,
      wasUsed: false,
      fullest: [],
    };
    await slices.each([...this.#options.rooms()], (room) => {
      const { kind, sessions, totalJoins, emptySinceAt } = room.facts();
      if (kind !== "device") return;
      if (sessions === 0) {
        seen.wasUsed ||= totalJoins > 0 && (emptySinceAt ?? 0) >= sinceAt;
        return;
      }
      seen.connections += sessions;
      seen.rooms += 1;
      keepFullest(seen.fullest, { room, sessions });
    });
    return seen;
  }

  #tell(
    { connections, rooms }: Seen,
    messages: Relayed,
    devices: readonly RoomField[],
  ): void {
    const line = `Server status: ${connections} clients connected, ` +
      `${rooms} active rooms`;
    this.#options.log.info(line, {
      event: "device_status",
      connections,
      rooms,
      messages_in: messages.in,
      messages_out: messages.out,
      devices,
      rooms_left_out: rooms - devices.length,
    });
  }
}

/** Keeps the order; of two that are equally full, the older room is first. */
function keepFullest(fullest: Seen["fullest"], one: Seen["fullest"][0]): void {
  const last = fullest.at(-1);
  const isFull = fullest.length >= ROOMS_MAX;
  if (isFull && last !== undefined && last.sessions >= one.sessions) return;
  const index = fullest.findIndex(({ sessions }) => sessions < one.sessions);
  fullest.splice(index < 0 ? fullest.length : index, 0, one);
  if (fullest.length > ROOMS_MAX) fullest.pop();
}

/** A room in the line. */
interface RoomField {
  readonly room: string;
  /** As `<device>:<identity>`. */
  readonly devices: readonly string[];
  readonly devices_left_out: number;
}

/** A room as it is once all were seen, which may be empty by now. */
function roomField(room: StatusRoom): RoomField {
  const devices = Iterator.from(room.members())
    .take(DEVICES_MAX)
    .map(({ userId, nickname }) => nameField(`${userId}:${nickname}`))
    .toArray();
  const left = room.facts().currentUsers - devices.length;
  return { room: room.id, devices, devices_left_out: left };
}

function nameField(name: string): string {
  if (name.length <= NAME_CHARS_MAX) return name;
  return `${name.slice(0, NAME_CHARS_MAX).toWellFormed()}…`;
}
