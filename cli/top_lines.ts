/**
 * What `parlor top` shows of one look at the server, or of two.
 *
 * A rate is the difference of two looks over the time between them; with one
 * look there is none, and a server that started anew in between gives none.
 *
 * @module
 */

import type {
  CountersAnswer,
  StatusAnswer,
  StatusRoomAnswer,
} from "./answers.ts";
import { spanText } from "./local_time.ts";
import { plainText } from "./plain_text.ts";
import type { Report } from "./report.ts";
import type { Column } from "./table.ts";

/** One look at the server. */
export interface Look {
  /** When the answer came, on a clock that does not step, in ms. */
  readonly at: number;
  readonly status: StatusAnswer;
}

type RateOf = (pick: (status: StatusAnswer) => number | undefined) => string;

/** All lines: what the server does, then its fullest rooms. */
export function topLines(
  report: Report,
  serverUrl: string,
  [look, before]: readonly [look: Look, before?: Look | undefined],
): string[] {
  const { status } = look;
  const rateOf = rates(look, before);
  return [
    headLine(serverUrl, status),
    `rooms ${status.rooms}  connections ${status.connections}  ` +
    `pending ${status.pending.records} records, ` +
    `${status.pending.bytes} bytes`,
    `per second: ${ratesText(rateOf, SPOKEN_RATES)}`,
    `            ${ratesText(rateOf, CARRIED_RATES)}`,
    "",
    ...report.table(columnsOf(report, rateOf), status.room_list),
  ];
}

function headLine(serverUrl: string, status: StatusAnswer): string {
  const ready = status.ready
    ? "ready"
    : `unready: ${status.reasons.join(", ")}`;
  return plainText(
    `Parlor ${status.version} at ${serverUrl}  ` +
      `up ${spanText(status.uptime_secs)}  ${status.durability}  ${ready}`,
  );
}

/** What a rate is called, and the counter that it comes from. */
type RateName = readonly [word: string, counter: keyof CountersAnswer];

const SPOKEN_RATES: readonly RateName[] = [
  ["messages", "messages_accepted"],
  ["deliveries", "deliveries"],
  ["dropped", "deliveries_dropped"],
];
const CARRIED_RATES: readonly RateName[] = [
  ["frames in", "frames_in"],
  ["frames out", "frames_out"],
  ["joins", "joins"],
  ["refusals", "refusals"],
];

function ratesText(rateOf: RateOf, names: readonly RateName[]): string {
  return names.map(([word, name]) =>
    `${word} ${rateOf(({ counters }) => Number(counters[name]))}`
  ).join("  ");
}

function rates(look: Look, before: Look | undefined): RateOf {
  const isSameRun = before !== undefined && look.at > before.at &&
    before.status.started_at === look.status.started_at;
  if (!isSameRun) return () => "-";
  const secs = (look.at - before.at) / 1000;
  return (pick) => {
    const [now, then] = [pick(look.status), pick(before.status)];
    if (now === undefined || then === undefined) return "-";
    return (Math.max(0, now - then) / secs).toFixed(1);
  };
}

function columnsOf(report: Report, rateOf: RateOf): Column<StatusRoomAnswer>[] {
  return [
    { title: "ROOM", cell: (room) => room.room_id },
    { title: "NAME", cell: (room) => room.room_name, canShrink: true },
    { title: "USERS", cell: (room) => `${room.current_users}`, align: "right" },
    {
      title: "SESSIONS",
      cell: (room) => `${room.session_count}`,
      align: "right",
    },
    { title: "PEAK", cell: (room) => `${room.peak_users}`, align: "right" },
    { title: "JOINS", cell: (room) => `${room.total_joins}`, align: "right" },
    {
      title: "ENTRIES/S",
      cell: (room) => rateOf((status) => lastSeqOf(status, room.room_id)),
      align: "right",
    },
    {
      title: "LAST MESSAGE",
      cell: (room) => report.instant(room.last_message_at),
    },
  ];
}

function lastSeqOf(status: StatusAnswer, roomId: string): number | undefined {
  return status.room_list.find((room) => room.room_id === roomId)?.last_seq;
}
