/**
 * The way of one device into a room: who it is, which room, the join.
 *
 * A room may end between its assignment and the join; then another is asked
 * for. Whatever is awaited, the session may be gone afterwards: then nothing
 * more is done, and a join that was offered gets its leave.
 *
 * @module
 */

import type { Log } from "../base/log.ts";
import { type Assignment, requireOpened } from "../device/assigner.ts";
import type { ResumePoint } from "../room/room_input.ts";
import type { DeviceIdentity } from "../wire/device.ts";
import { ChatError, type ErrorCode } from "../wire/errors.ts";
import type { Assigned, Welcome } from "../wire/event.ts";
import type {
  DeviceClaim,
  DevicePorts,
  DeviceProof,
  DeviceProofs,
  DeviceRoom,
} from "./device_ports.ts";
import { knownRefusal } from "./refusal.ts";
import type { SocketSession } from "./socket_session.ts";

/** Told what became of an attempt, exactly one of them, unless it is gone. */
export interface EntranceOutcome {
  /** Called within the room's turn, before it says anything to the session. */
  inside(room: DeviceRoom, assigned: Assigned): void;
  /** Nothing can be recorded now: another attempt may succeed. */
  adrift(): void;
  refused(refusal: ChatError): void;
}

export interface EntranceOptions {
  readonly devices: Pick<DevicePorts, "assigner" | "homes">;
  readonly prover: DeviceProofs;
  readonly log: Log;
  readonly session: SocketSession;
  readonly claim: DeviceClaim;
  readonly resume: ResumePoint | null;
  readonly identity: DeviceIdentity;
  readonly outcome: EntranceOutcome;
}

/** How often another room is asked for because the last one has ended. */
export const REASSIGNMENTS_MAX = 3;

const OPERATOR_PROOF: DeviceProof = {
  isProven: true,
  isTokenAdmin: false,
  expiresAt: null,
  rooms: null,
};

/** One device on its way. */
export class DeviceEntrance {
  readonly #options: EntranceOptions;
  #proof: DeviceProof | undefined;
  /** The room that was offered a join and is owed a leave. */
  #room: DeviceRoom | undefined;

  constructor(options: EntranceOptions) {
    this.#options = options;
  }

  /** Tries to come into a room. One attempt at a time; it never rejects. */
  async enter(): Promise<void> {
    try {
      await this.#identify();
      await this.#assign(REASSIGNMENTS_MAX);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** The session is gone, and its room did not do it. */
  leave(closeCode: number): void {
    const { session } = this.#options;
    this.#room?.offer({ kind: "leave", session, closeCode });
    this.#room = undefined;
  }

  async #identify(): Promise<void> {
    if (this.#proof !== undefined) return;
    const { claim, identity, prover, session } = this.#options;
    const { deviceId, identity: nickname } = identity;
    const token = identity.token ?? claim.token;
    const isOperator = token === null && claim.isOperator;
    const proof = isOperator
      ? OPERATOR_PROOF
      : await prover.prove(token, deviceId);
    if (session.isGone) return;
    const { rooms: _, ...vouched } = proof;
    this.#proof = proof;
    session.identify({ userId: deviceId, nickname, ...vouched });
  }

  async #assign(moreMax: number): Promise<void> {
    const { devices, identity, session } = this.#options;
    if (session.isGone) return;
    const rooms = this.#proof?.rooms ?? null;
    const opens = (roomId: string) => rooms === null || rooms.has(roomId);
    const assignment = await devices.assigner.assign(identity, opens);
    if (session.isGone) return;
    const { endedRoomId, room } = assignment;
    // The rooms of a line are one to a token that was made for an earlier one.
    requireOpened(opens, [room.id, room.state.device?.originId, endedRoomId]);
    this.#join(assignment, moreMax);
  }

  #join(assignment: Assignment<DeviceRoom>, moreMax: number): void {
    const { resume, session } = this.#options;
    const { room } = assignment;
    this.#room = room;
    const isOffered = room.offer({
      kind: "join",
      session,
      resume,
      reply: {
        joined: (welcome) => this.#onJoined(assignment, welcome),
        refused: (code) => this.#onRefused(code, moreMax),
      },
    });
    if (isOffered) return;
    this.#room = undefined;
    throw busy();
  }

  #onJoined(
    { endedRoomId, room, status }: Assignment<DeviceRoom>,
    welcome: Welcome,
  ): void {
    const { devices, identity, outcome, session } = this.#options;
    // The stay is recorded by now, also if nobody is there any more.
    devices.homes.note(identity.deviceId, room.id);
    if (session.isGone) return;
    const ended = endedRoomId === undefined ? {} : { endedRoomId };
    outcome.inside(room, {
      type: "assigned",
      roomId: room.id,
      status,
      ...ended,
      welcome,
    });
  }

  #onRefused(code: ErrorCode, moreMax: number): void {
    this.#room = undefined;
    if (code !== "room_ended") return this.#fail(new ChatError(code));
    if (moreMax === 0) return this.#fail(busy());
    this.#assign(moreMax - 1).catch((error) => this.#fail(error));
  }

  #fail(error: unknown): void {
    const { log, outcome, session } = this.#options;
    const known = knownRefusal(error);
    if (known === undefined) {
      log.error("A device failed to come into a room", {
        event: "device_entrance_failed",
        error,
      });
    }
    if (session.isGone) return;
    if (known?.code === "storage_unavailable") outcome.adrift();
    else outcome.refused(known ?? new ChatError("internal"));
  }
}

function busy(): ChatError {
  return new ChatError("busy", { retryAfterMs: 1000 });
}
