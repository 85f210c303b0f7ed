/**
 * What a client says to its room on an open connection, until it is gone.
 *
 * Commands of the room go to its mailbox. What needs no turn is answered here,
 * also while the room is flooded.
 *
 * @module
 */

import type { Log } from "../base/log.ts";
import { needsLookUp } from "../room/look_up.ts";
import type { RoomActor } from "../room/room_actor.ts";
import type { ConnectionCommand, RoomCommand } from "../wire/command.ts";
import { ChatError } from "../wire/errors.ts";
import { refusalOf } from "../wire/event.ts";
import { READ_SEQS_MAX } from "../wire/limits.ts";
import {
  Inbound,
  type InboundCommand,
  type InboundOptions,
} from "./inbound.ts";
import { knownRefusal } from "./refusal.ts";
import type { FrameSink } from "./socket.ts";
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

/** What is asked of a room on a connection to it. */
export type RoomPort = Pick<RoomActor, "id" | "log" | "submit">;

export interface ConversationOptions extends InboundOptions {
  readonly actor: RoomPort;
  readonly tokens: TokenRefresher;
  readonly log: Log;
}

/** Of every connection that has nothing to be looked up. */
const NO_SEQS: ReadonlySet<number> = new Set();

/** The inbound half of one connection to a room. */
export class Conversation implements FrameSink {
  readonly #options: ConversationOptions;
  readonly #inbound: Inbound;
  /** One look-up at a time: any other is refused, or gathered below. */
  #isLookingUp = false;
  /** Messages read meanwhile, to be looked up together. */
  #readSeqs = NO_SEQS;

  constructor(options: ConversationOptions) {
    this.#options = options;
    this.#inbound = new Inbound(options, (command) => this.#carryOut(command));
  }

  onText(text: string): void {
    this.#inbound.onText(text);
  }

  onBinary(bytes: Uint8Array<ArrayBuffer>): void {
    this.#inbound.onBinary(bytes);
  }

  #carryOut(command: InboundCommand): void {
    switch (command.type) {
      case "history":
        return this.#lookUp(() => this.#tellHistory(command));
      case "refresh_token":
        return this.#lookUp(() => this.#refresh(command.token));
      default:
        return this.#submit(command);
    }
  }

  #submit(command: RoomCommand): void {
    const { actor, session } = this.#options;
    if (this.#isLookingUp && needsLookUp(command, actor.log)) {
      return this.#putOff(command);
    }
    try {
      const work = actor.submit(session, command);
      if (work instanceof Promise) this.#await(work);
    } catch (error) {
      this.#refuse(error, command);
    }
  }

  #lookUp(work: () => Promise<void>): void {
    if (this.#isLookingUp) this.#refuseBusy();
    else this.#await(work());
  }

  #await(work: Promise<void>): void {
    this.#isLookingUp = true;
    work.catch((error) => this.#refuse(error)).finally(() => {
      this.#isLookingUp = false;
      this.#submitRead();
    });
  }

  /** A client that scrolls says of each message by itself that it is read. */
  #putOff(command: RoomCommand): void {
    if (command.type !== "read") return this.#refuseBusy();
    const seqs = new Set([...this.#readSeqs, ...command.seqs]);
    if (seqs.size > READ_SEQS_MAX) return this.#refuseBusy();
    this.#readSeqs = seqs;
  }

  #submitRead(): void {
    const seqs = [...this.#readSeqs];
    if (seqs.length === 0 || this.#options.session.isGone) return;
    this.#readSeqs = NO_SEQS;
    this.#submit({ type: "read", seqs });
  }

  #refuseBusy(): void {
    this.#refuse(new ChatError("busy", { retryAfterMs: 1000 }));
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
    const known = knownRefusal(error);
    if (known === undefined) {
      log.error("A connection failed to answer a frame", {
        event: "frame_failed",
        error,
      });
    }
    session.tell(
      refusalOf(known ?? new ChatError("internal"), nameOf(command)),
    );
  }
}

/** The sender's own id for what it sends, if it gave one. */
function nameOf(command: RoomCommand | undefined): string | undefined {
  const isNamed = command?.type === "chat" || command?.type === "relay";
  return isNamed ? command.clientMsgId : undefined;
}
