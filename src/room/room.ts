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
import type { RoomCommand } from "../wire/command.ts";
import { ChatError } from "../wire/errors.ts";
import { refusalOf } from "../wire/event.ts";
import { Moderation } from "./moderation.ts";
import type { RoomEffects, TurnContext } from "./room_effects.ts";
import type { RoomInput } from "./room_input.ts";
import { type RoomOptions, type RoomStart, RoomState } from "./room_state.ts";
import { newTally } from "./room_tally.ts";
import type { Session } from "./session.ts";
import { Stays } from "./stays.ts";
import { Talk } from "./talk.ts";

/** One room. */
export class Room {
  readonly state: RoomState;
  readonly tally = newTally();
  readonly #stays: Stays;
  readonly #talk: Talk;
  readonly #moderation: Moderation;

  constructor(start: RoomStart, options: RoomOptions, ids: Ids) {
    this.state = new RoomState(start, options, ids);
    this.#stays = new Stays(this.state, this.tally);
    this.#talk = new Talk(this.state, this.tally);
    this.#moderation = new Moderation(this.state, this.#stays);
    for (const { actor, id, seq, at, payload } of start.recentSends) {
      if (actor === null || payload.clientMsgId === undefined) continue;
      this.#talk.remember(actor, payload.clientMsgId, { id, seq, at });
    }
  }

  /** Handles one input, at an instant in epoch ms, in one go. */
  handle(input: RoomInput, now: number, effects: RoomEffects): void {
    const context = { now, effects };
    switch (input.kind) {
      case "join":
        this.#stays.join(input.session, input.resume, context);
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
        break;
      default:
        input satisfies never;
    }
    effects.wakeAt(this.nextWakeAt());
  }

  /** Whether a session may use admin commands now. */
  isAdmin(session: Session): boolean {
    if (session.isTokenAdmin) return true;
    return session.isProven && this.state.adminUserIds.has(session.userId);
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
      const name = command.type === "chat" ? command.clientMsgId : undefined;
      return context.effects.send(session, refusalOf(refusal, name));
    }
    const isAdmin = this.isAdmin(session);
    if (command.type === "chat") {
      return this.#talk.say({ session, isAdmin }, command, context);
    }
    if (!isAdmin) {
      const isUnproven = this.state.adminUserIds.has(session.userId);
      const code = isUnproven ? "admin_proof_required" : "not_admin";
      return context.effects.send(session, { type: "error", code });
    }
    try {
      this.#moderation.apply(command, session.userId, context);
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      context.effects.send(session, refusalOf(error));
    }
  }

  #onOperate(
    { command, reply }: Extract<RoomInput, { kind: "operate" }>,
    context: TurnContext,
  ): void {
    if (this.state.isEnded) return reply.reject(new ChatError("room_ended"));
    try {
      const entry = this.#moderation.apply(command, null, context);
      const { seq, id } = entry ?? { seq: null, id: null };
      context.effects.answer(reply, { seq, id });
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
    return earlier(this.#stays.noticeDueAt, banEndAt);
  }
}

function earlier(
  left: number | undefined,
  right: number | undefined,
): number | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return Math.min(left, right);
}
