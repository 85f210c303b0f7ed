/**
 * What admins and operators do to a room.
 *
 * Every change is a log entry first; then the state follows, then the room
 * hears it. A command that would change nothing makes no entry.
 *
 * @module
 */

import type { AdminCommand, OperatorCommand } from "../wire/command.ts";
import type { EndReason, LogEntry } from "../wire/entry.ts";
import { ChatError, type ErrorCode } from "../wire/errors.ts";
import { isForUsers } from "./admission.ts";
import { openRoom } from "./opening.ts";
import type { Penalties } from "./penalties.ts";
import type { TurnContext } from "./room_effects.ts";
import type { EntryDraft, RoomState } from "./room_state.ts";
import { tell } from "./tell.ts";

/** How a room puts a user out; it also ends the user's stay. */
export interface Eviction {
  /** Removes all sessions of a user, telling each, with a close code. */
  evict(userId: string, code: ErrorCode, context: TurnContext): void;
  /** Removes everyone, with a close code. */
  evictAll(code: ErrorCode, context: TurnContext): void;
}

/** Carries out the commands of one room. */
export class Moderation {
  readonly #state: RoomState;
  readonly #eviction: Eviction;

  constructor(state: RoomState, eviction: Eviction) {
    this.#state = state;
    this.#eviction = eviction;
  }

  /**
   * Carries a command out.
   *
   * @param actor the admin's user id; `null` for the operator.
   * @returns the entry made, or `undefined` when all was so already.
   * @throws ChatError when it cannot be done.
   */
  apply(
    command: OperatorCommand,
    actor: string | null,
    context: TurnContext,
  ): LogEntry | undefined {
    switch (command.type) {
      case "kick":
        return this.#kick(command.userId, actor, context);
      case "ban":
        return this.#ban(command, actor, context);
      case "unban":
        return this.#lift("unban", command.userId, actor, context);
      case "mute":
        return this.#mute(command, actor, context);
      case "unmute":
        return this.#lift("unmute", command.userId, actor, context);
      case "custom_event": {
        const { eventType, payload } = command;
        const draft = { eventType, payload };
        return this.#say(
          { kind: "custom_event", actor, payload: draft },
          context,
        );
      }
      case "delete_message":
        return this.#deleteMessage(command.seq, actor, context);
      case "system": {
        const payload = { message: command.message };
        return this.#say({ kind: "system", actor, payload }, context);
      }
      case "set_admins":
        return this.#setAdmins(command.userIds, context);
      case "set_settings":
        return this.#setSettings(command.settings, context);
      case "open":
        return openRoom(this.#state, command, context);
      case "end":
        return this.#end(command.reason, context);
    }
    command satisfies never;
  }

  /** Lifts the bans and mutes that have run out. */
  expire(context: TurnContext): void {
    const { bans, mutes } = this.#state;
    for (const userId of bans.expired(context.now)) {
      this.#expireOne(() => this.#lift("unban", userId, null, context));
    }
    for (const userId of mutes.expired(context.now)) {
      this.#expireOne(() => this.#lift("unmute", userId, null, context));
    }
  }

  /** A penalty past its end no longer counts, whether or not it is logged. */
  #expireOne(lift: () => void): void {
    try {
      lift();
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
    }
  }

  #kick(userId: string, actor: string | null, context: TurnContext) {
    const { bans } = this.#state;
    if (this.#isOut({ userId, until: null }, context)) return undefined;
    this.#requireRoom(bans, userId);
    const entry = this.#state.require(
      { kind: "kick", actor, payload: { userId } },
      context,
    );
    bans.set({ userId, until: null, at: context.now });
    this.#eviction.evict(userId, "user_kicked", context);
    tell(entry, this.#state, context.effects);
    return entry;
  }

  #ban(
    command: Extract<AdminCommand, { type: "ban" }>,
    actor: string | null,
    context: TurnContext,
  ) {
    const { userId } = command;
    const { bans } = this.#state;
    const until = endOf(command.durationSecs, context.now);
    if (this.#isOut({ userId, until }, context)) return undefined;
    this.#requireRoom(bans, userId);
    const entry = this.#state.require(
      { kind: "ban", actor, payload: { userId, until } },
      context,
    );
    bans.set({ userId, until, at: context.now });
    this.#eviction.evict(userId, "user_banned", context);
    tell(entry, this.#state, context.effects);
    return entry;
  }

  /** Whether a user is away, and banned until then already. */
  #isOut(
    { userId, until }: { userId: string; until: number | null },
    { now }: TurnContext,
  ): boolean {
    const { bans, presence } = this.#state;
    const isSame = bans.find(userId, now)?.until === until;
    return isSame && !presence.isHere(userId);
  }

  #mute(
    command: Extract<AdminCommand, { type: "mute" }>,
    actor: string | null,
    context: TurnContext,
  ) {
    const { userId } = command;
    const { mutes } = this.#state;
    const until = endOf(command.durationSecs, context.now);
    const standing = mutes.find(userId, context.now);
    if (standing !== undefined && standing.until === until) return undefined;
    this.#requireRoom(mutes, userId);
    const entry = this.#state.require(
      { kind: "mute", actor, payload: { userId, until } },
      context,
    );
    mutes.set({ userId, until, at: context.now });
    tell(entry, this.#state, context.effects);
    return entry;
  }

  #lift(
    kind: "unban" | "unmute",
    userId: string,
    actor: string | null,
    context: TurnContext,
  ) {
    const penalties = kind === "unban" ? this.#state.bans : this.#state.mutes;
    if (!penalties.has(userId)) return undefined;
    const entry = this.#state.require(
      { kind, actor, payload: { userId } },
      context,
    );
    penalties.lift(userId);
    tell(entry, this.#state, context.effects);
    return entry;
  }

  #deleteMessage(seq: number, actor: string | null, context: TurnContext) {
    const { recent, lastSeq } = this.#state;
    const target = recent.get(seq);
    // An older message was looked up in the database before the turn.
    const isKnownOther = target !== undefined && target.kind !== "message";
    const isGone = target?.kind === "message" &&
      target.payload.deleted === true;
    if (seq > lastSeq || isKnownOther || isGone) {
      throw new ChatError("message_not_found");
    }
    const entry = this.#state.require(
      { kind: "delete", actor, payload: { seq } },
      context,
    );
    recent.blank(seq);
    tell(entry, this.#state, context.effects);
    return entry;
  }

  #setAdmins(userIds: readonly string[], context: TurnContext) {
    const wanted = new Set(userIds);
    const held = this.#state.adminUserIds;
    const isSame = wanted.size === held.size &&
      [...wanted].every((userId) => held.has(userId));
    if (isSame) return undefined;
    const payload = { userIds: [...wanted] };
    const entry = this.#state.require(
      { kind: "admins", actor: null, payload },
      context,
    );
    this.#state.adminUserIds = wanted;
    tell(entry, this.#state, context.effects);
    return entry;
  }

  #setSettings(
    settings: LogEntry<"settings">["payload"],
    context: TurnContext,
  ) {
    const held = this.#state.settings;
    const changes = Object.entries(settings).filter(([name, value]) =>
      held[name as keyof typeof held] !== value
    );
    if (changes.length === 0) return undefined;
    const payload: typeof settings = Object.fromEntries(changes);
    const entry = this.#state.require(
      { kind: "settings", actor: null, payload },
      context,
    );
    this.#state.settings = { ...held, ...payload };
    tell(entry, this.#state, context.effects);
    return entry;
  }

  #end(reason: EndReason, context: TurnContext) {
    const entry = this.#say(
      { kind: "end", actor: null, payload: { reason } },
      context,
    );
    this.#state.isEnded = true;
    // A device that comes back gets another room of the same line.
    const code = isForUsers(this.#state) ? "room_ended" : "room_followed";
    this.#eviction.evictAll(code, context);
    return entry;
  }

  #say(draft: EntryDraft, context: TurnContext): LogEntry {
    const entry = this.#state.require(draft, context);
    tell(entry, this.#state, context.effects);
    return entry;
  }

  #requireRoom(penalties: Penalties, userId: string): void {
    const isFull = penalties.size >= this.#state.options.penaltiesMax;
    if (isFull && !penalties.has(userId)) throw new ChatError("limit_reached");
  }
}

function endOf(durationSecs: number | undefined, now: number): number | null {
  return durationSecs === undefined ? null : now + durationSecs * 1000;
}
