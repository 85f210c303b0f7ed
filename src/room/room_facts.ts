/**
 * A room as an operator sees it.
 *
 * @module
 */

import type { RoomSettings } from "../wire/entry.ts";
import type { LinkState } from "../wire/live.ts";
import type { ChatSpec, DeviceSpec, RoomKind } from "../wire/record.ts";
import type { Room } from "./room.ts";
import type { RoomState } from "./room_state.ts";

/** What feeds a room of kind `live`, and how that stands. */
export interface LiveFacts {
  readonly liveId: string;
  /** `null` before anything is known of its link. */
  readonly state: LinkState | null;
  readonly isWanted: boolean | null;
}

/** What is known of a room at one instant. */
export interface RoomFacts extends RoomSettings {
  readonly id: string;
  readonly kind: RoomKind;
  /** Who may enter; `null` unless the room is of kind `chat`. */
  readonly chat: ChatSpec | null;
  /** The line of rooms it belongs to; `null` unless of kind `device`. */
  readonly device: DeviceSpec | null;
  /** `null` unless the room is of kind `live`. */
  readonly live: LiveFacts | null;
  readonly adminUserIds: readonly string[];
  readonly autoClose: boolean;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly epoch: string;
  readonly lastSeq: number;
  readonly currentUsers: number;
  /** How many sessions are open; a user may have several. */
  readonly sessions: number;
  readonly peakUsers: number;
  readonly totalJoins: number;
  /** Epoch ms; `null` when nobody spoke yet. */
  readonly lastMessageAt: number | null;
  /** Since when nobody is here, in epoch ms; `null` while someone is. */
  readonly emptySinceAt: number | null;
}

/** A user inside a room, with their sessions. */
export interface MemberFacts {
  readonly userId: string;
  readonly nickname: string;
  readonly isAdmin: boolean;
  readonly isMuted: boolean;
  readonly sessions: readonly {
    readonly id: string;
    readonly ip: string;
    readonly joinedAt: number;
  }[];
}

/** Copies what an operator may know out of a room's state. */
export function roomFacts(state: RoomState): RoomFacts {
  return {
    ...state.settings,
    id: state.id,
    kind: state.kind,
    chat: state.chat,
    device: state.device,
    live: liveFacts(state),
    adminUserIds: [...state.adminUserIds],
    autoClose: state.autoClose,
    createdAt: state.createdAt,
    epoch: state.epoch,
    lastSeq: state.lastSeq,
    currentUsers: state.presence.userCount,
    sessions: state.presence.sessionCount,
    peakUsers: state.peakUsers,
    totalJoins: state.totalJoins,
    lastMessageAt: state.lastMessageAt,
    emptySinceAt: state.emptySinceAt,
  };
}

function liveFacts({ live, linkStatus }: RoomState): LiveFacts | null {
  if (live === null) return null;
  const { state = null, isWanted = null } = linkStatus ?? {};
  return { liveId: live.liveId, state, isWanted };
}

/** Lists who is in a room now. */
export function memberFacts(room: Room, now: number): MemberFacts[] {
  const { presence, mutes } = room.state;
  const facts: MemberFacts[] = [];
  for (const { userId, sessions } of presence.members()) {
    facts.push({
      userId,
      nickname: sessions.at(-1)?.session.nickname ?? userId,
      isAdmin: sessions.some((one) => room.isAdmin(one.session)),
      isMuted: mutes.find(userId, now) !== undefined,
      sessions: sessions.map(({ session: { id, ip }, joinedAt }) => {
        return { id, ip, joinedAt };
      }),
    });
  }
  return facts;
}
