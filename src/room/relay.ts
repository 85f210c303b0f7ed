/**
 * What devices send to each other, passed on as it is (COMPAT 3.3 and 3.5).
 *
 * A device never hears what the same connection sent; another connection of
 * its own does, like everybody's.
 *
 * @module
 */

import type { RelayCommand } from "../wire/command.ts";
import type { EntryPayloads, LogEntry } from "../wire/entry.ts";
import type { Refusal } from "../wire/event.ts";
import { isAdminOf } from "./admission.ts";
import type { RoomEffects, TurnContext } from "./room_effects.ts";
import type { RoomState } from "./room_state.ts";
import type { RoomTally } from "./room_tally.ts";
import { accepted, type Answer, type Sends, unkept } from "./sends.ts";
import type { Session } from "./session.ts";

/** Most characters of a device's id that a refusal repeats. */
const TARGET_CHARS_SHOWN_MAX = 128;

/** The relay of one device room. */
export class Relay {
  readonly #state: RoomState;
  readonly #tally: RoomTally;
  readonly #sends: Sends;

  constructor(state: RoomState, tally: RoomTally, sends: Sends) {
    this.#state = state;
    this.#tally = tally;
    this.#sends = sends;
  }

  /**
   * Passes something on, to all others or to those of one device, or says why
   * not. What was accepted before, by its sender's own id for it, is answered
   * with the same receipt and not passed on again.
   */
  pass(
    session: Session,
    command: RelayCommand,
    context: TurnContext,
  ): Answer {
    if (this.#state.kind !== "device") return UNKNOWN;
    const { userId } = session;
    const { now } = context;
    const sends = this.#sends;
    return sends.repeated(userId, command.clientMsgId, now) ??
      sends.muted(userId, now) ??
      this.#absence(session, command) ??
      sends.slowed(userId, isAdminOf(this.#state, session), now) ??
      this.#accept(session, command, context);
  }

  /** What the sender is told when nobody is here to get it. */
  #absence(
    session: Session,
    { targetId }: RelayCommand,
  ): Refusal | undefined {
    if (targetId === undefined) return undefined;
    if (this.#targets(session, targetId).length > 0) return undefined;
    const shown = targetId.slice(0, TARGET_CHARS_SHOWN_MAX);
    const message = `Device ${shown} is not in this room`;
    return { type: "error", code: "target_not_found", message };
  }

  #accept(
    session: Session,
    command: RelayCommand,
    context: TurnContext,
  ): Answer {
    const { userId: actor } = session;
    const payload = payloadOf(session, command);
    const entry = this.#sends.keep({ kind: "relay", actor, payload }, context);
    if (entry === undefined) return unkept();
    const tally = this.#tally;
    if (payload.text === undefined) tally.relayedBinaries += 1;
    else tally.relayedTexts += 1;
    const { targetId } = command;
    tally.relayedOut += targetId === undefined
      ? this.#tellOthers(entry, session, context.effects)
      : this.#tellTargets(
        entry,
        this.#targets(session, targetId),
        context.effects,
      );
    return accepted(entry);
  }

  #tellOthers(
    entry: LogEntry,
    session: Session,
    effects: RoomEffects,
  ): number {
    const except = [session];
    effects.broadcast({ type: "entry", entry }, { droppable: true, except });
    return this.#state.presence.sessionCount - 1;
  }

  #tellTargets(
    entry: LogEntry,
    targets: readonly Session[],
    effects: RoomEffects,
  ): number {
    const event = { type: "entry", entry } as const;
    for (const target of targets) {
      // Whoever is still sent the log finds it there.
      if (!this.#state.replaying.has(target)) effects.send(target, event);
    }
    return targets.length;
  }

  #targets(session: Session, targetId: string): readonly Session[] {
    const sessions = this.#state.presence.sessionsOf(targetId);
    if (session.userId !== targetId) return sessions;
    return sessions.filter((one) => one !== session);
  }
}

const UNKNOWN: Refusal = { type: "error", code: "unknown_type" };

function payloadOf(
  { nickname: identity, id: sessionId }: Session,
  { body, targetId, clientMsgId }: RelayCommand,
): EntryPayloads["relay"] {
  const payload: EntryPayloads["relay"] = { identity, sessionId };
  if (typeof body === "string") payload.text = body;
  else payload.base64 = body.toBase64();
  if (targetId !== undefined) payload.to = targetId;
  if (clientMsgId !== undefined) payload.clientMsgId = clientMsgId;
  return payload;
}
