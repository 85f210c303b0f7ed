/**
 * One viewer's connection: first what the room has had lately, then all that
 * follows.
 *
 * The log is read before the join and the join goes on where that ends, so
 * nothing is given twice and nothing is left out, however long the reading
 * takes.
 *
 * @module
 */

import type { JoinReply, ResumePoint } from "../room/room_input.ts";
import type { RoomActor } from "../room/room_actor.ts";
import type { LogEntry } from "../wire/entry.ts";
import { ChatError, type ErrorCode } from "../wire/errors.ts";
import { refusalOf, type Welcome } from "../wire/event.ts";
import type { LinkStatus, LiveStats } from "../wire/live.ts";
import {
  Conversation,
  type RoomPort,
  type TokenRefresher,
} from "./conversation.ts";
import { EarlyFrames } from "./early_frames.ts";
import { GuestRoom } from "./guest_room.ts";
import type { LivePages } from "./live_pages.ts";
import { noPresence } from "./presence_port.ts";
import type { Attendance, ReceptionOptions } from "./reception.ts";
import { knownRefusal } from "./refusal.ts";
import type { SocketSession } from "./socket_session.ts";

/** How links stand. */
export interface LiveViews {
  /** `undefined` when there is no link of this live id. */
  view(
    liveId: string,
  ): { readonly status: LinkStatus; readonly stats: LiveStats } | undefined;
}

/** A live room, as far as a viewer has to do with it. */
export interface WatchedRoom extends RoomPort, Pick<RoomActor, "offer"> {
  readonly state: Pick<RoomActor["state"], "epoch">;
}

/** What every viewer of one server shares. */
export interface LiveAttendanceOptions
  extends Pick<ReceptionOptions, "clock" | "log"> {
  readonly pages: LivePages;
  readonly views: LiveViews;
  /** Called when a viewer has left: what is pending may be written. */
  readonly onDisconnect: () => void;
}

/** One upgraded viewer. */
export interface LiveVisit {
  readonly session: SocketSession;
  readonly actor: WatchedRoom;
  readonly liveId: string;
  readonly isGuest: boolean;
  readonly resume: ResumePoint | null;
}

/** The dialect has no word for a newer token: a viewer connects again. */
const NO_REFRESH: TokenRefresher = {
  refresh: () => Promise.reject(new ChatError("bad_request")),
};

const NO_ENTRIES: readonly LogEntry[] = [];

/** What one viewer's connection is for. */
export class LiveAttendance implements Attendance {
  readonly #options: LiveAttendanceOptions;
  readonly #visit: LiveVisit;
  readonly #talk: Conversation;
  /** What the viewer says before it is told of the room; gone afterwards. */
  #early: EarlyFrames | undefined;
  /** Whether the room was offered a join, and is owed a leave. */
  #isOwedLeave = false;

  constructor(options: LiveAttendanceOptions, visit: LiveVisit) {
    const { clock, log } = options;
    const { actor, isGuest, session } = visit;
    this.#options = options;
    this.#visit = visit;
    this.#talk = new Conversation({
      actor: isGuest ? new GuestRoom(actor) : actor,
      session,
      clock,
      log,
      presence: noPresence,
      tokens: NO_REFRESH,
    });
    this.#early = new EarlyFrames(() => {
      session.tell({ type: "error", code: "busy", retryAfterMs: 1000 });
    });
  }

  onOpen(): void {
    const { resume } = this.#visit;
    if (resume !== null && this.#isKnown(resume)) {
      this.#join(resume, (welcome) => this.#tell(welcome, NO_ENTRIES));
    } else void this.#begin();
  }

  onText(text: string): void {
    (this.#early ?? this.#talk).onText(text);
  }

  onBinary(bytes: Uint8Array<ArrayBuffer>): void {
    (this.#early ?? this.#talk).onBinary(bytes);
  }

  onGone(closeCode: number, cause: "room" | "edge"): void {
    const { actor, session } = this.#visit;
    // What the room itself broke off it has removed already.
    if (this.#isOwedLeave && cause === "edge") {
      actor.offer({ kind: "leave", session, closeCode });
    }
    this.#options.onDisconnect();
  }

  /** Whether the room can go on from there; a gap at most is told of. */
  #isKnown({ epoch, sinceSeq }: ResumePoint): boolean {
    const { log, state } = this.#visit.actor;
    return epoch === state.epoch && sinceSeq <= log.lastSeq;
  }

  /** Never rejects. */
  async #begin(): Promise<void> {
    const { actor, session } = this.#visit;
    try {
      const { entries, throughSeq } = await this.#options.pages.newest(actor);
      if (session.isGone) return;
      const { epoch } = actor.state;
      this.#join({ epoch, sinceSeq: throughSeq }, (welcome) => {
        // The client itself knew of nothing that could be recovered.
        this.#tell({ ...welcome, recovered: false }, entries);
      });
    } catch (error) {
      this.#fail(error);
    }
  }

  #join(resume: ResumePoint, joined: JoinReply["joined"]): void {
    const { actor, session } = this.#visit;
    this.#isOwedLeave = actor.offer({
      kind: "join",
      session,
      resume,
      reply: { joined, refused: (code) => this.#onRefused(code) },
    });
    if (this.#isOwedLeave) return;
    this.#refuse(new ChatError("busy", { retryAfterMs: 1000 }));
  }

  #onRefused(code: ErrorCode): void {
    this.#isOwedLeave = false;
    // The live id may have another room by the next attempt.
    const isOver = code === "room_ended";
    this.#refuse(new ChatError(isOver ? "room_followed" : code));
  }

  #tell(welcome: Welcome, entries: readonly LogEntry[]): void {
    const { liveId, session } = this.#visit;
    const view = this.#options.views.view(liveId);
    if (view === undefined) {
      return this.#refuse(new ChatError("live_not_found"));
    }
    const { stats, status } = view;
    session.tell({ type: "live_snapshot", welcome, status, stats, entries });
    const early = this.#early;
    this.#early = undefined;
    early?.handOver(this.#talk);
  }

  #fail(error: unknown): void {
    const known = knownRefusal(error);
    if (known === undefined) {
      this.#options.log.error("A viewer failed to come into a live room", {
        event: "live_attendance_failed",
        error,
      });
    }
    this.#refuse(known ?? new ChatError("internal"));
  }

  #refuse(refusal: ChatError): void {
    const { session } = this.#visit;
    if (session.isGone) return;
    session.tell(refusalOf(refusal));
    session.breakOff(refusal.code);
  }
}
