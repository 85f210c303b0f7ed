/**
 * A cleanup in words: the reference system's lines (COMPAT 0.2), for the
 * scripts that read them, and beside them what a person wants to know.
 *
 * @module
 */
// deno-lint-ignore-file camelcase

import {
  closingLines,
  roomLines,
  roomWord,
  startLine,
} from "../src/jobs/cleanup_lines.ts";
import type { CleanupAnswer, ExplanationAnswer } from "./cleanup_answers.ts";
import { plainText } from "./plain_text.ts";
import type { Report } from "./report.ts";

/** A room that is due does not end before the calendar's next run. */
const LOOKS = "the server looks every 5 minutes";

/** The lines of a dry run. */
export function planLines(report: Report, answer: CleanupAnswer): string[] {
  const { rooms } = answer;
  return [
    startLine(answer.minutes).text,
    `将要清理 ${rooms.length} 个聊天室:`,
    ...rooms.map((room) =>
      `  - ${roomWord(room)} ${plainText(room.room_id)} ` +
      `(创建时间: ${report.seconds(room.created_at)})`
    ),
  ];
}

/** The lines of a run. */
export function doneLines({ counts, minutes, rooms }: CleanupAnswer): string[] {
  const ended = rooms.map(({ room_id: roomId, ...room }) => {
    return { ...room, roomId };
  });
  const lines = [
    startLine(minutes),
    ...roomLines(ended),
    ...closingLines(ended, counts),
  ];
  return lines.map(({ text }) => plainText(text));
}

/** How many rooms could not be ended. */
export function failureCount({ rooms }: CleanupAnswer): number {
  return rooms.filter(({ error }) => error !== undefined).length;
}

/** What a dry run says to a person: what would happen to whom, and why. */
export function planNotes(
  report: Report,
  answer: CleanupAnswer,
  now: number,
): string[] {
  const { rooms } = answer;
  const notes = rooms.map((room) => {
    const since = room.empty_since_at;
    const empty = since === null
      ? ""
      : `: nobody has been in it since ${report.instant(since)} ` +
        `(${durationText(now - since)})`;
    return `Room ${room.room_id} would end${empty}`;
  });
  const outcome = rooms.length === 0
    ? "No room would end. To learn why one stays: --explain ROOM"
    : "Nothing was changed. Without --dry-run these rooms end; " +
      "their messages are kept";
  return [...notes, ...spareNotes(answer), outcome];
}

/** What a run says to a person: what was done, and why the rest stays. */
export function doneNotes(answer: CleanupAnswer): string[] {
  const count = answer.rooms.length - failureCount(answer);
  const kept = count === 0 ? "" : "; messages are kept";
  return [
    `Ended ${countText(count, "room")}${kept}`,
    ...spareNotes(answer),
  ];
}

/** Why rooms stay, and until when. */
function spareNotes(answer: CleanupAnswer): string[] {
  const { next_due_in_ms: nextDueInMs, spared } = answer;
  const bound = boundText(answer);
  const notes = Object.entries(spared).map(([reason, count]) =>
    `${countText(count, "room")} ${count === 1 ? "stays" : "stay"}: ` +
    reasonText(reason, bound)
  );
  if (nextDueInMs === null) return notes;
  const due = durationText(nextDueInMs);
  return [...notes, `The next one is due in ${due}; ${LOOKS}`];
}

/** How long is long enough; of live rooms where that is another time. */
function boundText(
  { live_minutes: liveMinutes = 0, minutes }: CleanupAnswer,
): string {
  const bound = countText(minutes, "minute");
  const isSame = liveMinutes === 0 || liveMinutes === minutes;
  return isSame ? bound : `${bound} (a live room: ${liveMinutes})`;
}

/** A number of things, such as `1 room` or `3 rooms`. */
export function countText(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}

/** Why a room would end, or would not. */
export function explanationLines(
  report: Report,
  room: ExplanationAnswer,
  { force }: { readonly force: boolean },
): string[] {
  const head = plainText(headText(room, force));
  if (room.status === null) return [head];
  return [
    head,
    ...report.fields([
      ["status", room.status],
      ["connections", `${room.connections}`],
      ["created", report.seconds(room.created_at)],
      ["empty since", report.instant(room.empty_since_at)],
      ["last message", report.instant(room.last_message_at)],
      ["ended", report.instant(room.ended_at)],
      ["due", dueText(room)],
    ]),
  ];
}

function headText(room: ExplanationAnswer, force: boolean): string {
  const { minutes, reason, room_id: roomId, status } = room;
  if (status === null) {
    return `There is no room ${roomId}, or it was removed after its end`;
  }
  if (status === "ended") return `Room ${roomId} has ended already`;
  const outcome = room.would_end ? "would end now" : "would not end now";
  const why = room.would_end && force
    ? "nobody is connected, and --force ignores how long"
    : reasonText(reason, countText(minutes, "minute"));
  return `Room ${roomId} ${outcome}: ${why}`;
}

function dueText(
  { due_in_ms: dueInMs, status }: ExplanationAnswer,
): string {
  if (status === "ended") return "-";
  if (dueInMs === null) return "only once that changes";
  return dueInMs === 0
    ? "now"
    : `in ${durationText(dueInMs)}, if nobody comes back; ${LOOKS}`;
}

/** A reason's code as a clause. A code of a newer server is shown as it is. */
function reasonText(reason: string, bound: string): string {
  const texts: Readonly<Record<string, string>> = {
    due: `empty and silent for at least ${bound}`,
    waiting: "the first user still waits for somebody to be matched",
    auto_close_off: "made without auto_close, so only an operator ends it",
    fed: "fed by a live link that is to be kept up",
    pinned: "a pinned notice keeps it",
    connected: "somebody is connected",
    too_young: "younger than 5 minutes",
    emptied_recently: `empty for less than ${bound}`,
    spoken_recently: `the last message is less than ${bound} old`,
    busy: "somebody is just joining or writing",
    ended: "ended already",
  };
  return texts[reason] ?? reason;
}

/** A span to one unit, such as `47 s`, `20 min` or `3 h`. */
function durationText(ms: number): string {
  const secs = Math.max(0, Math.round(ms / 1000));
  if (secs < 120) return `${secs} s`;
  const minutes = Math.round(secs / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} d`;
}
