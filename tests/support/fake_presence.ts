/**
 * A presence that keeps what it is told, as words.
 *
 * @module
 */

import type {
  PresencePort,
  PresentConnection,
} from "../../src/edge/presence_port.ts";
import type { ChosenStatus, PresenceFacts } from "../../src/wire/presence.ts";

export class FakePresence implements PresencePort {
  /** Everything told, in order. */
  readonly words: string[] = [];
  readonly #connections = new Map<string, PresentConnection>();

  connect(connection: PresentConnection): void {
    this.#connections.set(connection.id, connection);
    const { id, roomId, userId } = connection;
    this.words.push(`connect ${id} ${userId} in ${roomId ?? "no room"}`);
  }

  disconnect(sessionId: string): void {
    this.#connections.delete(sessionId);
    this.words.push(`disconnect ${sessionId}`);
  }

  touch(sessionId: string): void {
    this.words.push(`touch ${sessionId}`);
  }

  choose(userId: string, status: ChosenStatus): void {
    this.words.push(`choose ${userId} ${status}`);
  }

  of(userId: string): PresenceFacts | undefined {
    for (const connection of this.#connections.values()) {
      if (connection.userId !== userId) continue;
      const { nickname, roomId } = connection;
      const status = "online" as const;
      return {
        userId,
        nickname,
        status,
        isOnline: true,
        lastSeenAt: null,
        roomId,
      };
    }
    return undefined;
  }

  /** What was told since the last call. */
  take(): string[] {
    return this.words.splice(0);
  }
}
