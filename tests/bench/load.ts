/**
 * The load: clients of one server, in a process of their own.
 *
 * See {@linkcode LoadJob} for what it is told. Connections that only listen
 * are read every few milliseconds and not at once, since a read costs more
 * than all else that the load does: the kernel holds what comes meanwhile.
 *
 * @module
 */

import { type Arrival, ArrivalEar } from "./arrival_ear.ts";
import { CountingEar, Sender, TimingEar } from "./ears.ts";
import {
  type Ear,
  type LoadConnection,
  openConnection,
  silentEar,
} from "./load_connection.ts";
import type { LoadJob, LoadResult, Sending } from "./load_job.ts";
import { LoadTally } from "./load_tally.ts";
import { pause } from "./pace.ts";
import { printLine } from "./print.ts";
import { cpuSecs } from "./process_stats.ts";

/** Upgrades that are under way at a time. */
const OPENING_MAX = 50;

/** With nothing arriving for so long, what is missing will not come, in ms. */
const SILENCE_MS_MAX = 3000;
const POLL_MS = 20;

/** What a connection waits for that stops reading. */
const NEVER = new Promise<void>(() => {});

class Load {
  readonly #job: LoadJob;
  readonly #tally = new LoadTally();
  readonly #connections: LoadConnection[] = [];
  readonly #senders: Sender[] = [];
  #arrivals: Promise<Arrival>[] = [];
  #isOpen = false;
  #pulse = Promise.withResolvers<void>();

  constructor(job: LoadJob) {
    this.#job = job;
    if (job.readPauseMs === 0) return;
    setInterval(() => {
      this.#pulse.resolve();
      this.#pulse = Promise.withResolvers<void>();
    }, job.readPauseMs);
  }

  async open(): Promise<void> {
    const { connections, firstIndex } = this.#job;
    for (let done = 0; done < connections; done += OPENING_MAX) {
      const count = Math.min(OPENING_MAX, connections - done);
      const opened = await Promise.all(
        Array.from(
          { length: count },
          (_, index) => openConnection(this.#job, firstIndex + done + index),
        ),
      );
      for (const connection of opened) this.#add(connection);
      await Promise.all(this.#arrivals);
      this.#arrivals = [];
    }
    this.#isOpen = true;
  }

  async run(sending: Sending): Promise<LoadResult> {
    await this.#sendFor(sending.warmUpMs);
    this.#tally.reset();
    const { serverPid } = sending;
    const cpuBefore = usedSecs(serverPid);
    const startedMs = performance.now();
    const missing = await this.#sendFor(sending.sendMs);
    const tookMs = performance.now() - startedMs;
    const cpuAfter = usedSecs(serverPid);
    const { sent, delivered, frames, bytes, closed, latencies } = this.#tally;
    return {
      sent,
      delivered,
      missing,
      frames,
      bytes,
      closed,
      tookMs,
      serverCpuSecs: cpuAfter.server - cpuBefore.server,
      loadCpuSecs: cpuAfter.own - cpuBefore.own,
      latency: latencies.facts(),
    };
  }

  close(): void {
    for (const connection of this.#connections) connection.close();
  }

  #add(connection: LoadConnection): void {
    const { connections, readPauseMs, sending, stopped } = this.#job;
    const index = this.#connections.length;
    this.#connections.push(connection);
    const isSender = sending !== null && index < sending.senders;
    if (isSender) {
      this.#senders.push(new Sender(connection, sending, this.#tally));
    }
    if (index >= connections - stopped) {
      const pause = () => this.#isOpen ? NEVER : undefined;
      return this.#listen(connection, silentEar, pause);
    }
    if (isSender || readPauseMs === 0) {
      return this.#listen(connection, this.#timingEar(index), () => undefined);
    }
    const ear = new CountingEar(sending?.kind ?? "T", this.#tally);
    this.#listen(connection, ear, () => this.#pulse.promise);
  }

  #timingEar(index: number): TimingEar {
    const { firstIndex, isEchoed, sending } = this.#job;
    const senders = sending?.senders ?? 0;
    const isOwn = isEchoed || index >= senders;
    const watched = isOwn ? index : (index + 1) % senders;
    return new TimingEar(sending?.kind ?? "T", {
      tally: this.#tally,
      watched: firstIndex + watched,
      onWatched: () => this.#senders[watched]?.wasHeard(),
    });
  }

  #listen(
    connection: LoadConnection,
    ear: Ear,
    pause: () => Promise<void> | undefined,
  ): void {
    const { firstFrame } = this.#job;
    if (firstFrame === null) return void connection.listen(ear, pause);
    const arrival = new ArrivalEar(ear);
    this.#arrivals.push(arrival.arrived);
    void connection.listen(arrival, pause);
    connection.send(firstFrame.replaceAll("{i}", String(connection.index)));
  }

  /** How many find the mark of a message. */
  get #hearers(): number {
    const { isEchoed, stopped } = this.#job;
    return this.#connections.length - stopped - (isEchoed ? 0 : 1);
  }

  /** Sends for a time, then waits for all of it; answers what did not come. */
  async #sendFor(ms: number): Promise<number> {
    for (const [rank, sender] of this.#senders.entries()) sender.start(rank);
    await pause(ms);
    for (const sender of this.#senders) sender.stop();
    const tally = this.#tally;
    const expected = tally.sent * this.#hearers;
    let seen = tally.delivered;
    let silentMs = 0;
    while (tally.delivered < expected && silentMs < SILENCE_MS_MAX) {
      await pause(POLL_MS);
      silentMs = tally.delivered === seen ? silentMs + POLL_MS : 0;
      seen = tally.delivered;
    }
    return expected - tally.delivered;
  }
}

function usedSecs(serverPid: number | null): { server: number; own: number } {
  if (serverPid === null) return { server: 0, own: 0 };
  return { server: cpuSecs(serverPid), own: cpuSecs(Deno.pid) };
}

/** Waits for a line; `false` when none will come. */
async function hasLine(): Promise<boolean> {
  return await Deno.stdin.read(new Uint8Array(1024)) !== null;
}

const job: LoadJob = JSON.parse(Deno.args[0] ?? "");
const load = new Load(job);
await load.open();
printLine("ready");
while (await hasLine()) {
  if (job.sending === null) break;
  printLine(JSON.stringify(await load.run(job.sending)));
}
load.close();
Deno.exit();
