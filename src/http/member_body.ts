/**
 * People as the management API shows them: members, bans, mutes.
 *
 * Instants are epoch ms.
 *
 * @module
 */
// deno-lint-ignore-file camelcase

import type { MemberFacts } from "../room/room_facts.ts";
import type { Penalty } from "../store/store.ts";

/** One user in a room. */
export interface MemberBody {
  readonly user_id: string;
  readonly nickname: string;
  readonly is_admin: boolean;
  readonly is_muted: boolean;
  readonly sessions: readonly {
    readonly session_id: string;
    readonly ip: string;
    readonly joined_at: number;
  }[];
}

/** A ban or a mute; `until` is `null` for good. */
export interface PenaltyBody {
  readonly user_id: string;
  readonly until: number | null;
  readonly at: number;
}

/** Shows a member. */
export function memberBody(member: MemberFacts): MemberBody {
  return {
    user_id: member.userId,
    nickname: member.nickname,
    is_admin: member.isAdmin,
    is_muted: member.isMuted,
    sessions: member.sessions.map((session) => ({
      session_id: session.id,
      ip: session.ip,
      joined_at: session.joinedAt,
    })),
  };
}

/** Shows a ban or a mute. */
export function penaltyBody(penalty: Penalty): PenaltyBody {
  return { user_id: penalty.userId, until: penalty.until, at: penalty.at };
}
