/**
 * The loop around a room: its mailbox, its turns, its voice.
 *
 * A turn takes what waits in the high lane, then a bounded run of the low lane,
 * then hands out what was said. Between a message's record and its broadcast
 * nothing else happens.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Log, LogFields } from "../base/log.ts";
import type { Metrics } from "../base/metrics.ts";
import type { OperatorCommand, RoomCommand } from "../wire/command.ts";
import { ChatError } from "../wire/errors.ts";
import type { Ack } from "../wire/event.ts";
import { Packet } from "../wire/packet.ts";
import type { DurableRecord } from "../wire/record.ts";
import { type LogReader, LogWindow } from "./log_window.ts";
import { type Lane, Mailbox } from "./mailbox.ts";
import type { Penalty } from "./penalties.ts";
import type { Replayer } from "./replayer.ts";
import type { Room } from "./room.ts";
import type { RoomEffects } from "./room_effects.ts";
import {
  isOwed,
  laneOf,
  type Outcome,
  type Reply,
  type RoomInput,
} from "./room_input.ts";
import {
  type MemberFacts,
  memberFacts,
  type RoomFacts,
  roomFacts,
} from "./room_facts.ts";
import type { RoomState } from "./room_state.ts";
import { countTally } from "./room_tally.ts";
import { RoomVoice } from "./room_voice.ts";
import { type Runnable, type Scheduler, SLICE_MS } from "./scheduler.ts";
import type { Session } from "./session.ts";
import { TurnBudget } from "./turn_budget.ts";

/** What keeps a room's records. */
export interface RoomRecorder {
  /** Journals records in one write; `false` when none can be kept now. */
  accept(records: readonly DurableRecord[]): boolean;
  /** Keeps records that cannot be refused, journalled or not. */
  acceptOwed(records: readonly DurableRecord[]): void;
  /** Calls once all accepted so far is as safe as the server promises. */
  afterDurable(run: (ok: boolean) => void): void;
}

/** What all actors of a server share. */
export interface RoomWorld {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly recorder: RoomRecorder;
  readonly reader: LogReader;
  readonly replayer: Replayer;
  readonly scheduler: Scheduler;
  /** Most inputs that wait in one lane. */
  readonly laneMax: number;
  /** Most low inputs of one turn. */
  readonly lowRunMax: number;
}

/** Most high inputs of one turn. */
const HIGH_RUN_MAX = 1000;

/** Least time until a wake, in ms: what is overdue must not spin. */
const WAKE_MS_MIN = 50;

/** One room at work. */
export class RoomActor implements Runnable {
  readonly log: LogWindow;
  readonly #world: RoomWorld;
  readonly #room: Room;
  readonly #mailbox: Mailbox<RoomInput>;
  readonly #voice: RoomVoice;
  readonly #budget: TurnBudget;
  readonly #effects: RoomEffects;
  readonly #onEnded: (actor: RoomActor) => void;
  /** What waits until all that the turn said was handed out. */
  #afterwards: (() => void)[] = [];
  #hasLeft = false;
  #wake: Disposable | undefined;
  #wakeAt: number | undefined;

  constructor(
    room: Room,
    world: RoomWorld,
    onEnded: (actor: RoomActor) => void,
  ) {
    this.#room = room;
    this.#world = world;
    this.#onEnded = onEnded;
    this.#mailbox = new Mailbox({ laneMax: world.laneMax });
    this.#budget = new TurnBudget(world.clock, {
      cost: world.scheduler.writeCost,
      sliceMs: SLICE_MS,
    });
    this.#voice = new RoomVoice(world.metrics);
    this.#effects = this.#newEffects();
    this.log = new LogWindow(room.state, world.reader);
    this.#effects.wakeAt(room.nextWakeAt());
  }

  get id(): string {
    return this.#room.state.id;
  }

  /** What the room is now. Read it; only a turn may change it. */
  get state(): RoomState {
    return this.#room.state;
  }

  /** Inputs that wait in both lanes. */
  get depth(): number {
    return this.#mailbox.depth("high") + this.#mailbox.depth("low");
  }

  /** A summary for an operator. */
  facts(): RoomFacts {
    return roomFacts(this.#room.state);
  }

  /** Who is here. */
  members(): MemberFacts[] {
    return memberFacts(this.#room, this.#world.clock.now());
  }

  /** The bans that stand. */
  bans(): Penalty[] {
    return this.#room.state.bans.list(this.#world.clock.now());
  }

  /** The mutes that stand. */
  mutes(): Penalty[] {
    return this.#room.state.mutes.list(this.#world.clock.now());
  }

  /** Puts an input in its lane; `false` when that is full. */
  offer(input: RoomInput): boolean {
    const lane = laneOf(input);
    if (isOwed(input)) {
      this.#mailbox.put(input, lane);
    } else if (!this.#mailbox.offer(input, lane)) {
      this.#world.metrics.mailboxRefused.inc({ lane });
      return false;
    }
    this.#world.scheduler.ready(this);
    return true;
  }

  /**
   * Puts a client's command in its lane, after what must be looked up first.
   *
   * @throws ChatError `busy` when the lane is full, or what the look-up says.
   */
  submit(session: Session, command: RoomCommand): void | Promise<void> {
    const input = { kind: "command", session, command } as const;
    const needsLookUp = command.type === "delete_message" &&
      this.#room.isAdmin(session);
    if (!needsLookUp) return this.#require(input);
    return this.log.requireMessage(command.seq).then(() =>
      this.#require(input)
    );
  }

  /**
   * Carries out an operator's command.
   *
   * @throws ChatError when it cannot be done.
   */
  async operate(command: OperatorCommand): Promise<Outcome> {
    if (command.type === "delete_message") {
      await this.log.requireMessage(command.seq);
    }
    return await new Promise((resolve, reject) => {
      const reply = { resolve, reject };
      this.#require({ kind: "operate", command, reply });
    });
  }

  /** Takes a turn, or hands out more of what the last one said. */
  run(): boolean {
    if (!this.#voice.isSpeaking) this.#takeTurn();
    if (!this.#handOut()) return true;
    const afterwards = this.#afterwards;
    this.#afterwards = [];
    for (const run of afterwards) run();
    return !this.#mailbox.isEmpty;
  }

  #handOut(): boolean {
    try {
      return this.#voice.handOut(this.#budget);
    } catch (error) {
      this.#logBug("A room failed to say what its turn said", { error });
      this.#voice.fallSilent();
      return true;
    }
  }

  #require(input: RoomInput): void {
    if (this.offer(input)) return;
    throw new ChatError("busy", { retryAfterMs: 1000 });
  }

  #takeTurn(): void {
    const { clock, metrics } = this.#world;
    const startedAt = clock.monotonic();
    this.#takeRun("high", HIGH_RUN_MAX);
    this.#takeRun("low", this.#world.lowRunMax);
    if (this.state.isEnded) this.#leaveRegistry();
    countTally(this.#room.tally, metrics);
    this.#voice.endTurn();
    metrics.turnSeconds.observe((clock.monotonic() - startedAt) / 1000);
  }

  /** Handles at least one input of a lane that has any: none is starved. */
  #takeRun(lane: Lane, countMax: number): void {
    this.#budget.start();
    for (let count = 0; count < countMax; count++) {
      if (count > 0 && this.#isSpent()) break;
      if (!this.#handleNext(lane)) break;
    }
  }

  /** Whether what was handled, and what it will cost to say, fills the turn. */
  #isSpent(): boolean {
    return this.#budget.isSpent(this.#voice.toSay);
  }

  #handleNext(lane: Lane): boolean {
    const input = this.#mailbox.take(lane);
    if (input === undefined) return false;
    try {
      this.#room.handle(input, this.#world.clock.now(), this.#effects);
    } catch (error) {
      this.#onBug(input, error);
    }
    return true;
  }

  /** Our own bug ends the input that met it, and nothing else. */
  #onBug(input: RoomInput, error: unknown): void {
    this.#logBug("A room failed to handle an input", {
      input: input.kind,
      error,
    });
    if (input.kind === "operate") input.reply.reject(new ChatError("internal"));
    if (input.kind !== "command" && input.kind !== "join") return;
    this.#voice.send(input.session, { type: "error", code: "internal" });
    if (input.kind === "join") this.#voice.dismiss(input.session, "internal");
  }

  #logBug(line: string, fields: LogFields): void {
    this.#world.metrics.turnsFailed.inc();
    const event = "turn_failed";
    this.#world.log.error(line, { event, room: this.id, ...fields });
  }

  /** An ended room is found by nobody new; what still waits is refused. */
  #leaveRegistry(): void {
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    this.#onEnded(this);
  }

  #newEffects(): RoomEffects {
    const { recorder, replayer } = this.#world;
    return {
      record: (records) => recorder.accept(records),
      recordOwed: (records) => recorder.acceptOwed(records),
      broadcast: (event, options) => this.#voice.broadcast(event, options),
      send: (session, event) => this.#voice.send(session, event),
      acknowledge: (session, ack) => this.#acknowledge(session, ack),
      answer: (reply, outcome) => this.#answer(reply, outcome),
      admit: (session) => this.#voice.admit(session),
      dismiss: (session, code) => this.#voice.dismiss(session, code),
      replay: (session, afterSeq) => {
        // Its pages go out by themselves, and the welcome comes before them.
        this.#afterwards.push(() => replayer.start(this, session, afterSeq));
      },
      wakeAt: (at) => this.#armWake(at),
    };
  }

  #acknowledge(session: Session, ack: Ack): void {
    if (ack.durability !== "fsync") return this.#voice.send(session, ack);
    this.#world.recorder.afterDurable((ok) => {
      const { clientMsgId } = ack;
      const code = "storage_unavailable";
      const event = ok ? ack : { type: "error", code, clientMsgId } as const;
      session.deliver(Packet.of(session.dialect.encode(event)));
    });
  }

  #answer(reply: Reply, outcome: Outcome): void {
    this.#world.recorder.afterDurable((ok) => {
      if (ok) reply.resolve(outcome);
      else reply.reject(new ChatError("storage_unavailable"));
    });
  }

  #armWake(at: number | undefined): void {
    if (at === this.#wakeAt) return;
    this.#wake?.[Symbol.dispose]();
    this.#wake = undefined;
    this.#wakeAt = at;
    if (at === undefined) return;
    const { clock } = this.#world;
    const delayMs = Math.max(WAKE_MS_MIN, at - clock.now());
    this.#wake = clock.after(delayMs, () => {
      this.#wakeAt = undefined;
      this.offer({ kind: "wake" });
    });
  }

  /** Cancels the room's timer, when the server stops. */
  [Symbol.dispose](): void {
    this.#wake?.[Symbol.dispose]();
  }
}
