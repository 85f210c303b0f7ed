/**
 * Servers with one part that does not do what it should.
 *
 * A simulation that finds nothing in these finds nothing.
 *
 * @module
 */

import type {
  JournalDirectory,
  SegmentFile,
} from "../../src/record/journal_directory.ts";
import type { RecordSink } from "../../src/record/record_sink.ts";
import type { RoomRecorder } from "../../src/room/room_world.ts";
import type { RoomStart } from "../../src/room/room_state.ts";
import { Mailbox } from "../../src/room/mailbox.ts";
import { RecentLog } from "../../src/room/recent_log.ts";
import { Speech } from "../../src/room/speech.ts";

/** A mailbox of one lane only, while it is not disposed: chat starves admins. */
export function oneLane(): Disposable {
  const { offer, put } = Mailbox.prototype;
  Mailbox.prototype.offer = function (input) {
    return offer.call(this, input, "low");
  };
  Mailbox.prototype.put = function (input) {
    put.call(this, input, "low");
  };
  return restored({ offer, put });
}

/** A mailbox in which what is owed, such as a leave, overtakes chat. */
export function hastyLeaves(): Disposable {
  const { put } = Mailbox.prototype;
  Mailbox.prototype.put = function (input) {
    put.call(this, input, "high");
  };
  return restored({ put });
}

function restored(methods: Partial<Mailbox<unknown>>): Disposable {
  return {
    [Symbol.dispose]: () => void Object.assign(Mailbox.prototype, methods),
  };
}

/** A batcher that takes a failed transaction for a done one. */
export function forgetfulSink(sink: RecordSink): RecordSink {
  return { apply: (records) => sink.apply(records).catch(() => {}) };
}

/** A recorder that drops what cannot be written, and says it is kept. */
export function boastfulRecorder(recorder: RoomRecorder): RoomRecorder {
  return {
    accept: (records) => recorder.accept(records) || true,
    acceptOwed: (records) => recorder.acceptOwed(records),
    afterDurable: (run) => recorder.afterDurable(run),
  };
}

/** A journal in which each append is written when the next one comes. */
export function lateJournal(directory: JournalDirectory): JournalDirectory {
  return withFiles(directory, (file) => {
    let late: Uint8Array<ArrayBuffer> | undefined;
    return {
      ...file,
      write: (bytes) => {
        const due = late;
        late = bytes.slice();
        if (due !== undefined) file.write(due);
        return bytes.length;
      },
    };
  });
}

/** A journal of which every tenth append is not there when it is needed. */
export function leakyJournal(directory: JournalDirectory): JournalDirectory {
  let count = 0;
  return withFiles(directory, (file) => ({
    ...file,
    write: (bytes) => {
      count += 1;
      return count % 10 === 0 ? bytes.length : file.write(bytes);
    },
  }));
}

function withFiles(
  directory: JournalDirectory,
  change: (file: SegmentFile) => SegmentFile,
): JournalDirectory {
  return { ...directory, create: (name) => change(directory.create(name)) };
}

/** A log that does not remember what was read, while it is not disposed. */
export function forgetsMarks(): Disposable {
  const { isSettled } = RecentLog.prototype;
  RecentLog.prototype.isSettled = () => false;
  return {
    [Symbol.dispose]: () => void (RecentLog.prototype.isSettled = isSettled),
  };
}

/** A voice that tells authors what the others hear, while not disposed. */
export function forgetsAuthors(): Disposable {
  const { broadcast } = Speech.prototype;
  Speech.prototype.broadcast = function (event, dialects, options = {}) {
    broadcast.call(this, event, dialects, { ...options, authors: [] });
  };
  return {
    [Symbol.dispose]: () => void (Speech.prototype.broadcast = broadcast),
  };
}

/** A server that forgets, when it starts again, whom its rooms are for. */
export function forgetsParticipants(start: RoomStart): RoomStart {
  const { chat: _, ...open } = start;
  return open;
}

/** A server that forgets what it has acknowledged when it starts again. */
export function forgetsSends(start: RoomStart): RoomStart {
  return { ...start, recentSends: [] };
}

/** A server that goes on one number too early. */
export function countsBack(start: RoomStart): RoomStart {
  return { ...start, lastSeq: Math.max(0, start.lastSeq - 1) };
}
