/**
 * Viewers of a live room, in a process of their own. It writes a line when all
 * are there, and what they heard for each line that it reads.
 *
 * The first reads what it hears; the others only count marks, for reading
 * everything would be what is measured.
 *
 * @module
 */

import { Latencies } from "./latency.ts";
import type { Heard, ViewersJob } from "./live_viewers_process.ts";
import { type Ear, openConnection } from "./load_connection.ts";
import { listeningJob } from "./load_process.ts";
import { countMarks, findMarks, nowMicros } from "./marker.ts";
import { pause } from "./pace.ts";
import { printLine } from "./print.ts";

/** Upgrades that are under way at a time. */
const OPENING_MAX = 50;

/** Between two reads of those who only count, in ms. */
const READ_PAUSE_MS = 25;
const READ_BYTES = 65_536;

const decoder = new TextDecoder();

/** Counts chats and gifts by their marks. */
class MarkEar implements Ear {
  chats = 0;
  gifts = 0;
  frames = 0;
  isGone = false;

  onText(bytes: Uint8Array, start: number, end: number): void {
    this.frames += 1;
    this.chats += countMarks("T", bytes, start, end);
    this.gifts += countMarks("E", bytes, start, end);
  }

  onRead(): void {}

  onGone(): void {
    this.isGone = true;
  }
}

/** Reads, sums and times all of it. */
class ReadingEar extends MarkEar {
  likes = 0;
  members = 0;
  bursts = 0;
  latencies = new Latencies();

  override onText(bytes: Uint8Array, start: number, end: number): void {
    super.onText(bytes, start, end);
    const now = nowMicros();
    for (const kind of ["T", "E"] as const) {
      for (const mark of findMarks(kind, bytes, start, end)) {
        this.latencies.add(now - mark.sentMicros);
      }
    }
    for (const text of decoder.decode(bytes.subarray(start, end)).split("\n")) {
      this.#read(JSON.parse(text));
    }
  }

  #read({ type, data, conflated }: {
    readonly type: string;
    readonly data?: { readonly type: string; readonly count?: number };
    readonly conflated?: number;
  }): void {
    if (type !== "live_message" || data === undefined) return;
    if (data.type === "like") this.likes += data.count ?? 0;
    if (data.type === "member") this.members += conflated ?? 1;
    if (conflated !== undefined) this.bursts += 1;
  }
}

const job: ViewersJob = JSON.parse(Deno.args[0] ?? "");
const reader = new ReadingEar();
const counters = Array.from({ length: job.viewers - 1 }, () => new MarkEar());

async function open(): Promise<void> {
  const ears = [reader, ...counters];
  const listening = {
    ...listeningJob(job, ears.length),
    readBytesMin: READ_BYTES,
  };
  for (let done = 0; done < ears.length; done += OPENING_MAX) {
    const some = ears.slice(done, done + OPENING_MAX);
    await Promise.all(some.map(async (ear, index) => {
      const connection = await openConnection(listening, done + index);
      const isReader = ear === reader;
      void connection.listen(
        ear,
        () => isReader ? undefined : pause(READ_PAUSE_MS),
      );
    }));
  }
}

/** What was heard since it was last asked. */
function takeHeard(): Heard {
  const all = [reader, ...counters];
  const heard = {
    viewers: all.length,
    closed: all.filter(({ isGone }) => isGone).length,
    frames: sum(all.map(({ frames }) => frames)),
    chats: all.map(({ chats }) => chats),
    gifts: all.map(({ gifts }) => gifts),
    likes: reader.likes,
    members: reader.members,
    bursts: reader.bursts,
    latency: reader.latencies.facts(),
  };
  for (const ear of all) ear.chats = ear.gifts = ear.frames = 0;
  reader.likes = reader.members = reader.bursts = 0;
  reader.latencies = new Latencies();
  return heard;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

await open();
printLine("ready");
while (await Deno.stdin.read(new Uint8Array(64)) !== null) {
  printLine(JSON.stringify(takeHeard()));
}
Deno.exit();
