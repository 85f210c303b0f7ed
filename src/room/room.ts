/**
 * A room: a synchronous state machine.
 *
 * It never awaits, reads no clock, touches no socket and no database. Inputs
 * are the only way in and {@linkcode RoomEffects} the only way out, so the
 * same code runs under a socket server, a test and a simulation.
 *
 * @module
 */

import type { Ids } from "../base/ids.ts";
import type {
  ChatCommand,
  RelayCommand,
  RoomCommand,
} from "../wire/command.ts";
import { ChatError } from "../wire/errors.ts";
import { refusalOf } from "../wire/event.ts";
import { isAdminOf } from "./admission.ts";
import { Feed } from "./feed.ts";
import { Moderation } from "./moderation.ts";
import { Notices } from "./notices.ts";
import { outcomeOf, Posts } from "./posts.ts";
import { markRead } from "./read_marks.ts";
import { Relay } from "./relay.ts";
import type { RoomEffects, TurnContext } from "./room_effects.ts";
import type { Outcome, Reply, RoomInput } from "./room_input.ts";
import { answerRoomQuery } from "./room_query.ts";
import { type RoomOptions, type RoomStart, RoomState } from "./room_state.ts";
import { newTally } from "./room_tally.ts";
import { type Answer, Sends } from "./sends.ts";
import type { Session } from "./session.ts";
import { Stays } from "./stays.ts";
import { Talk } from "./talk.ts";

/** Something that is said to others, and may be named by who says it. */
type SendCommand = ChatCommand | RelayCommand;

/** One room. */
export class Room {
  readonly state: RoomState;
  readonly tally = newTally();
  readonly #feed: Feed;
  readonly #stays: Stays;
  readonly #talk: Talk;
  readonly #relay: Relay;
  readonly #notices: Notices;
  readonly #moderation: Moderation;
  readonly #posts: Posts;

  constructor(start: RoomStart, options: RoomOptions, ids: Ids) {
    this.state = new RoomState(start, options, ids);
    this.#feed = new Feed(this.state, this.tally);
    this.#stays = new Stays(this.state, this.tally, this.#feed);
    const sends = new Sends(this.state, this.tally);
    this.#talk = new Talk(this.state, this.tally, sends);
    this.#relay = new Relay(this.state, this.tally, sends);
    this.#notices = new Notices(this.state, this.tally, sends);
    this.#moderation = new Moderation(this.state, this.#stays);
    this.#posts = new Posts(this.state, this.#talk, this.#moderation);
    for (const { actor, id, seq, at, payload } of start.recentSends) {
      if (actor === null || payload.clientMsgId === undefined) continue;
      sends.remember(actor, payload.clientMsgId, { id, seq, at });
    }
  }

  /** Handles one input, at an instant in epoch ms, in one go. */
  handle(input: RoomInput, now: number, effects: RoomEffects): void {
    const context = { now, effects };
    switch (input.kind) {
      case "join":
        this.#stays.join(input, context);
        break;
      case "leave":
        this.#stays.leave(input.session, input.closeCode, context);
        break;
      case "command":
        this.#onCommand(input.session, input.command, context);
        break;
      case "operate":
        this.#onOperate(input, context);
        break;
      case "post":
        this.#answer(
          input.reply,
          context,
          () => this.#posts.carryOut(input.author, input.command, context),
        );
        break;
      case "feed":
        this.#feed.take(input, context);
        break;
      case "announce":
        this.#feed.announce(input.news, context);
        break;
      case "replayed":
        this.#stays.replayed(input.session, input.throughSeq, context);
        break;
      case "replay_failed":
        this.#stays.replayFailed(input.session, context);
        break;
      case "wake":
        // Armed before the room ended: nothing follows the end of its log.
        if (this.state.isEnded) break;
        this.#moderation.expire(context);
        this.#stays.tellNotice(context);
        this.#feed.tellDue(context);
        break;
      default:
        input satisfies never;
    }
    effects.wakeAt(this.nextWakeAt());
  }

  /** Whether a session may use admin commands now. */
  isAdmin(session: Session): boolean {
    return isAdminOf(this.state, session);
  }

  #onCommand(
    session: Session,
    command: RoomCommand,
    context: TurnContext,
  ): void {
    if (!this.state.presence.has(session)) {
      if (this.#stays.isOver(session)) return;
      // Its join still waits in the other lane.
      const refusal = new ChatError("busy", { retryAfterMs: 1000 });
      const name = isSend(command) ? command.clientMsgId : undefined;
      return context.effects.send(session, refusalOf(refusal, name));
    }
    if (isSend(command)) return this.#say(session, command, context);
    try {
      this.#carryOut(session, command, context);
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      context.effects.send(session, refusalOf(error));
    }
  }

  /** Lets a session speak, and tells it what became of it. */
  #say(session: Session, send: SendCommand, context: TurnContext): void {
    const answer = this.#answerTo(session, send, context);
    const { effects } = context;
    const { clientMsgId } = send;
    const named = clientMsgId === undefined ? {} : { clientMsgId };
    if (answer.type !== "accepted") {
      return effects.send(session, { ...answer, ...named });
    }
    if (clientMsgId === undefined) return;
    const { id, seq } = answer.receipt;
    const { durability } = this.state.options;
    effects.acknowledge(session, {
      type: "ack",
      clientMsgId,
      id,
      seq,
      durability,
    });
  }

  #answerTo(
    session: Session,
    send: SendCommand,
    context: TurnContext,
  ): Answer {
    if (send.type === "relay") return this.#relay.pass(session, send, context);
    const { userId, nickname } = session;
    const speaker = { userId, nickname, isAdmin: this.isAdmin(session) };
    return this.#talk.say(speaker, send, context);
  }

  #carryOut(
    session: Session,
    command: Exclude<RoomCommand, SendCommand>,
    context: TurnContext,
  ): void {
    const { userId } = session;
    if (command.type === "query_room") {
      return answerRoomQuery(session, this.state, context);
    }
    if (command.type === "notice") {
      return this.#notices.passOn(command.notice, session, context);
    }
    if (command.type === "read") {
      const { seqs } = command;
      return void markRead(this.state, { userId, seqs }, context);
    }
    if (!this.isAdmin(session)) {
      const isUnproven = this.state.adminUserIds.has(userId);
      throw new ChatError(isUnproven ? "admin_proof_required" : "not_admin");
    }
    this.#moderation.apply(command, userId, context);
  }

  #onOperate(
    { command, reply }: Extract<RoomInput, { kind: "operate" }>,
    context: TurnContext,
  ): void {
    if (this.state.isEnded) return reply.reject(new ChatError("room_ended"));
    // Nothing is told behind the end.
    if (command.type === "end") this.#feed.flush(context.effects);
    this.#answer(
      reply,
      context,
      () => outcomeOf(this.#moderation.apply(command, null, context)),
    );
  }

  #answer(
    reply: Reply,
    { effects }: TurnContext,
    carryOut: () => Outcome,
  ): void {
    try {
      effects.answer(reply, carryOut());
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      reply.reject(error);
    }
  }

  /** When the room next wants a `wake`, in epoch ms. */
  nextWakeAt(): number | undefined {
    const { bans, mutes, isEnded } = this.state;
    if (isEnded) return undefined;
    const banEndAt = earlier(bans.nextEndAt(), mutes.nextEndAt());
    const toldAt = earlier(this.#stays.noticeDueAt, this.#feed.dueAt);
    return earlier(toldAt, banEndAt);
  }
}

function isSend(command: RoomCommand): command is SendCommand {
  return command.type === "chat" || command.type === "relay";
}

function earlier(
  left: number | undefined,
  right: number | undefined,
): number | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return Math.min(left, right);
}
