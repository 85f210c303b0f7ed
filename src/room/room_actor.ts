/**
 * The loop around a room: its mailbox, its turns, its voice.
 *
 * A turn takes what waits in the high lane, then a bounded run of the low lane,
 * then hands out what was said. Between a message's record and its broadcast
 * nothing else happens.
 *
 * @module
 */

import type { LogFields } from "../base/log.ts";
import type {
  OperatorCommand,
  PostCommand,
  RoomCommand,
} from "../wire/command.ts";
import { ChatError, type ErrorCode } from "../wire/errors.ts";
import type { LiveMessage, LiveNews } from "../wire/live.ts";
import { ActorEffects } from "./actor_effects.ts";
import { exclusionOf, type Visitor } from "./admission.ts";
import { feedInPieces } from "./feed_pieces.ts";
import { inputWeight } from "./input_weight.ts";
import { LogWindow } from "./log_window.ts";
import { lookUp } from "./look_up.ts";
import { type Lane, Mailbox } from "./mailbox.ts";
import type { Penalty } from "./penalties.ts";
import { PeopleWatch } from "./people_watch.ts";
import { type Quiet, QuietWatch } from "./quiet_watch.ts";
import type { Room } from "./room.ts";
import {
  type Author,
  type Fed,
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
import type { RoomWorld } from "./room_world.ts";
import { type Runnable, SLICE_MS } from "./scheduler.ts";
import type { Session } from "./session.ts";
import { TurnBudget } from "./turn_budget.ts";
import { WakeAlarm } from "./wake_alarm.ts";

/** Who hears of what a room becomes, after the turn in which it did. */
export interface ActorHooks {
  /** Other participants, or other users are connected than before. */
  readonly onPeopleChanged?: (actor: RoomActor) => void;
  readonly onEnded: (actor: RoomActor) => void;
}

/** Most high inputs of one turn. */
const HIGH_RUN_MAX = 1000;

/** One room at work. */
export class RoomActor implements Runnable {
  readonly log: LogWindow;
  readonly #world: RoomWorld;
  readonly #room: Room;
  readonly #mailbox: Mailbox<RoomInput>;
  readonly #voice: RoomVoice;
  readonly #budget: TurnBudget;
  readonly #effects: ActorEffects;
  readonly #hooks: ActorHooks;
  readonly #people: PeopleWatch;
  readonly #quiet: QuietWatch;
  readonly #alarm: WakeAlarm;
  #hasLeft = false;

  constructor(room: Room, world: RoomWorld, hooks: ActorHooks) {
    this.#room = room;
    this.#world = world;
    this.#hooks = hooks;
    this.#people = new PeopleWatch(room.state);
    this.#quiet = new QuietWatch(room.state, world.clock);
    this.#mailbox = new Mailbox({ laneMax: world.laneMax });
    this.#budget = new TurnBudget(world.clock, {
      cost: world.scheduler.writeCost,
      sliceMs: SLICE_MS,
    });
    this.#voice = new RoomVoice(world.metrics);
    this.#alarm = new WakeAlarm(
      world.clock,
      () => void this.offer({ kind: "wake" }),
    );
    this.log = new LogWindow(room.state, world.reader);
    this.#effects = new ActorEffects({
      source: this,
      voice: this.#voice,
      alarm: this.#alarm,
      world,
    });
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

  /**
   * How long ago things were, however the wall clock was set; `null` while
   * somebody is here.
   */
  quiet(): Quiet | null {
    return this.#quiet.quiet();
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

  /** Why someone may have no part in the room now; `undefined` if they may. */
  exclusionOf(visitor: Visitor): ErrorCode | undefined {
    return exclusionOf(this.state, visitor, this.#world.clock.now());
  }

  /** Puts an input in its lane; `false` when that is full. */
  offer(input: RoomInput): boolean {
    const lane = laneOf(input);
    if (isOwed(input)) {
      this.#mailbox.put(input, lane);
    } else if (!this.#mailbox.offer(input, lane, inputWeight(input))) {
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
    const isRefused = command.type === "delete_message" &&
      !this.#room.isAdmin(session);
    const ready = isRefused
      ? command
      : lookUp(command, this.log, session.userId);
    if (!(ready instanceof Promise)) return this.#submit(session, ready);
    return ready.then((found) => this.#submit(session, found));
  }

  /**
   * Carries out an operator's command.
   *
   * @throws ChatError when it cannot be done.
   */
  async operate(command: OperatorCommand): Promise<Outcome> {
    return await this.#ask(
      lookUp(command, this.log, ""),
      (ready, reply) => ({ kind: "operate", command: ready, reply }),
    );
  }

  /**
   * Carries out what a user posts over HTTP, with or without a connection.
   *
   * @returns the log entry that it made, or made when it was posted before;
   * `null` where nothing changed.
   * @throws ChatError when it cannot be done.
   */
  async post(author: Author, command: PostCommand): Promise<Outcome> {
    return await this.#ask(
      lookUp(command, this.log, author.userId),
      (ready, reply) => ({ kind: "post", author, command: ready, reply }),
    );
  }

  /**
   * Has messages kept and told, in order.
   *
   * @param isUrgent whether they go ahead of all that is not.
   * @returns how many were kept, from the first on: at least one.
   * @throws ChatError `busy`, `room_ended` or `storage_unavailable`.
   */
  async feed(
    messages: readonly LiveMessage[],
    isUrgent: boolean,
  ): Promise<Fed> {
    return await feedInPieces(messages, {
      countMax: () => this.#budget.messagesMax(this.#voice.frameCount),
      feed: (piece) =>
        new Promise((resolve, reject) => {
          const reply = { resolve, reject };
          this.#require({ kind: "feed", messages: piece, isUrgent, reply });
        }),
    });
  }

  /** Tells those who are here; `false` when that cannot be done now. */
  announce(news: LiveNews): boolean {
    return this.offer({ kind: "announce", news });
  }

  /** Takes a turn, or hands out more of what the last one said. */
  run(): boolean {
    if (!this.#voice.isSpeaking) this.#takeTurn();
    if (!this.#handOut()) return true;
    this.#effects.afterTurn();
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

  /** Offers an input, at once unless something is looked up, and waits. */
  async #ask<Command>(
    command: Command | Promise<Command>,
    inputOf: (command: Command, reply: Reply) => RoomInput,
  ): Promise<Outcome> {
    const ready = command instanceof Promise ? await command : command;
    return await new Promise((resolve, reject) =>
      this.#require(inputOf(ready, { resolve, reject }))
    );
  }

  #submit(session: Session, command: RoomCommand): void {
    const isNothing = command.type === "read" && command.seqs.length === 0;
    if (!isNothing) this.#require({ kind: "command", session, command });
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
    this.#quiet.look();
    if (this.#people.hasChanged()) {
      this.#tell(() => this.#hooks.onPeopleChanged?.(this));
    }
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
    const { kind } = input;
    if (kind === "operate" || kind === "post" || kind === "feed") {
      input.reply.reject(new ChatError("internal"));
    }
    if (input.kind !== "command" && input.kind !== "join") return;
    const { session } = input;
    // A reply that was told of a join already is not told of anything else.
    const isHere = this.state.presence.has(session);
    if (input.kind === "join" && input.reply !== undefined && !isHere) {
      const { reply } = input;
      return this.#tell(() => reply.refused("internal"));
    }
    this.#voice.send(session, { type: "error", code: "internal" });
    if (input.kind === "join") this.#voice.dismiss(session, "internal");
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
    this.#tell(() => this.#hooks.onEnded(this));
  }

  /** Those who are told may fail; the room goes on. */
  #tell(hook: () => void): void {
    try {
      hook();
    } catch (error) {
      this.#logBug("A room failed to tell what it became", { error });
    }
  }

  /** Cancels the room's timer, when the server stops. */
  [Symbol.dispose](): void {
    this.#alarm[Symbol.dispose]();
  }
}
