/**
 * What a client says on an open connection, until it is gone.
 *
 * Commands of the room go to its mailbox. What needs no turn is answered here,
 * also while the room is flooded.
 *
 * @module
 */

import type { Log } from "../base/log.ts";
import type { Metrics } from "../base/metrics.ts";
import type { RoomActor } from "../room/room_actor.ts";
import type { ConnectionCommand, RoomCommand } from "../wire/command.ts";
import { ChatError } from "../wire/errors.ts";
import { refusalOf } from "../wire/event.ts";
import type { Proof, SocketSession } from "./socket_session.ts";

/** Renews a session's right to stay. */
export interface TokenRefresher {
  /**
   * Verifies a newer token of the same user for the same room.
   *
   * @throws ChatError when it is refused.
   */
  refresh(
    session: SocketSession,
    roomId: string,
    token: string,
  ): Promise<Proof>;
}

export interface ConversationOptions {
  readonly actor: RoomActor;
  readonly session: SocketSession;
  readonly tokens: TokenRefresher;
  readonly frameBytesMax: number;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** The inbound half of one connection. */
export class Conversation {
  readonly #options: ConversationOptions;
  /** One look-up at a time: a second one is refused and not queued. */
  #isLookingUp = false;

  constructor(options: ConversationOptions) {
    this.#options = options;
  }

  onText(text: string): void {
    const { session, metrics, frameBytesMax } = this.#options;
    if (session.isGone) return;
    metrics.framesIn.inc();
    if (!isWithin(text, frameBytesMax)) return this.#refuseFrame();
    const decoded = session.dialect.decode(text);
    if (!decoded.ok) {
      const { ok: _, ...refusal } = decoded;
      return session.tell({ type: "error", ...refusal });
    }
    this.#carryOut(decoded.command);
  }

  onBinary(byteCount: number): void {
    const { session, metrics, frameBytesMax } = this.#options;
    if (session.isGone) return;
    metrics.framesIn.inc();
    if (byteCount > frameBytesMax) return this.#refuseFrame();
    session.tell({ type: "error", code: "binary_refused" });
  }

  #refuseFrame(): void {
    const { session } = this.#options;
    session.tell({ type: "error", code: "frame_too_large" });
    session.breakOff("frame_too_large");
  }

  #carryOut(command: RoomCommand | ConnectionCommand): void {
    const { actor, session } = this.#options;
    switch (command.type) {
      case "ping":
        return session.tell({ type: "pong", timestamp: command.timestamp });
      case "history":
        return this.#lookUp(() => this.#tellHistory(command));
      case "refresh_token":
        return this.#lookUp(() => this.#refresh(command.token));
      case "delete_message":
        return this.#lookUp(async () => await actor.submit(session, command));
      default:
        return this.#submit(command);
    }
  }

  #submit(command: RoomCommand): void {
    const { actor, session } = this.#options;
    try {
      actor.submit(session, command);
    } catch (error) {
      this.#refuse(error, command);
    }
  }

  #lookUp(work: () => Promise<void>): void {
    if (this.#isLookingUp) {
      return this.#refuse(new ChatError("busy", { retryAfterMs: 1000 }));
    }
    this.#isLookingUp = true;
    work().catch((error) => this.#refuse(error)).finally(() => {
      this.#isLookingUp = false;
    });
  }

  async #tellHistory(
    { type: _, ...range }: Extract<ConnectionCommand, { type: "history" }>,
  ): Promise<void> {
    const { actor, session } = this.#options;
    const { entries, hasMore } = await actor.log.page(range);
    session.tell({ type: "history", entries, hasMore });
    await session.drained();
  }

  async #refresh(token: string): Promise<void> {
    const { actor, session, tokens } = this.#options;
    const proof = await tokens.refresh(session, actor.id, token);
    session.renew(proof);
    const { expiresAt } = proof;
    session.tell({ type: "token_refreshed", expiresAt });
  }

  #refuse(error: unknown, command?: RoomCommand): void {
    const { session, log } = this.#options;
    const known = error instanceof ChatError ? error : asUnavailable(error);
    if (known === undefined) {
      log.error("A connection failed to answer a frame", {
        event: "frame_failed",
        error,
      });
    }
    const name = command?.type === "chat" ? command.clientMsgId : undefined;
    session.tell(refusalOf(known ?? new ChatError("internal"), name));
  }
}

/** The database's refusals are passing; anything else is a bug of ours. */
function asUnavailable(error: unknown): ChatError | undefined {
  const isStore = error instanceof Error && error.name === "StoreError";
  return isStore
    ? new ChatError("storage_unavailable", { retryAfterMs: 5000 })
    : undefined;
}

/** Whether a text has at most so many bytes in UTF-8. */
function isWithin(text: string, bytesMax: number): boolean {
  if (text.length * 3 <= bytesMax) return true;
  if (text.length > bytesMax) return false;
  return new TextEncoder().encode(text).length <= bytesMax;
}
