/**
 * One user in each room, who says something now and then.
 *
 * @module
 */

import {
  type LoadConnection,
  openConnection,
  silentEar,
} from "./load_connection.ts";
import { CHAT, listeningJob } from "./load_process.ts";
import { markedText } from "./marker.ts";
import { atPace, type PaceOptions, pause } from "./pace.ts";
import type { ParlorProcess } from "./parlor_process.ts";

/** Joins that are under way at a time. */
const OPENING_MAX = 50;

/** Time between two reads of a connection, in ms. */
const READ_PAUSE_MS = 100;

export class ChatLoad implements Disposable {
  readonly #connections: readonly LoadConnection[];
  #next = 0;

  constructor(connections: readonly LoadConnection[]) {
    this.#connections = connections;
  }

  /** Joins all rooms. */
  static async join(
    parlor: ParlorProcess,
    roomIds: readonly string[],
  ): Promise<ChatLoad> {
    const connections: LoadConnection[] = [];
    for (let done = 0; done < roomIds.length; done += OPENING_MAX) {
      const rooms = roomIds.slice(done, done + OPENING_MAX);
      const opened = rooms.map((roomId, index) => {
        const path = `${parlor.path(roomId)}?user_id=talker&nickname=T`;
        const job = listeningJob({ port: parlor.port, path }, 1);
        return openConnection({ ...job, readBytesMin: 2048 }, done + index);
      });
      connections.push(...await Promise.all(opened));
    }
    for (const connection of connections) {
      void connection.listen(silentEar, () => pause(READ_PAUSE_MS));
    }
    return new ChatLoad(connections);
  }

  /** Says so many messages, a room after the other. */
  async say(options: PaceOptions): Promise<void> {
    const connections = this.#connections;
    await atPace(options, () => {
      const index = this.#next++ % connections.length;
      const text = markedText(CHAT.kind, index);
      connections[index]?.send(CHAT.frame.replace("{t}", text));
    });
  }

  [Symbol.dispose](): void {
    for (const connection of this.#connections) connection.close();
  }
}
