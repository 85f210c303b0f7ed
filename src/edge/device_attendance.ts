/**
 * One connection of a device: greeting, identity, then inside a room, or
 * adrift until there is one.
 *
 * What it sends goes to whoever can take it in that state: the reader of the
 * identity, an inbox while the room is being found, the conversation with the
 * room. A client need not wait for an answer: nothing that it sends behind its
 * identity is lost or comes in another order.
 *
 * @module
 */

import type { ResumePoint } from "../room/room_input.ts";
import { STORAGE_RETRY_MS } from "../room/room_state.ts";
import {
  type ReadIdentity,
  readIdentity,
  readIdentityBytes,
} from "../wire/device_identity.ts";
import { ChatError } from "../wire/errors.ts";
import { type Assigned, refusalOf } from "../wire/event.ts";
import type { DeviceIdentity } from "../wire/device.ts";
import { Conversation, type TokenRefresher } from "./conversation.ts";
import { adriftInbound } from "./device_adrift.ts";
import { DeviceEntrance } from "./device_entrance.ts";
import { EarlyFrames } from "./early_frames.ts";
import type {
  DeviceClaim,
  DevicePorts,
  DeviceProofs,
  DeviceRoom,
} from "./device_ports.ts";
import { noPresence } from "./presence_port.ts";
import type { Attendance, ReceptionOptions } from "./reception.ts";
import type { FrameSink } from "./socket.ts";
import type { SocketSession } from "./socket_session.ts";

/** What every device of one server shares. */
export interface DeviceAttendanceOptions
  extends Pick<ReceptionOptions, "clock" | "log"> {
  readonly devices: DevicePorts;
  readonly prover: DeviceProofs;
  /** How long a device may take to say who it is, in ms. */
  readonly identityMsMax: number;
  /** The id of a room that is not kept. */
  readonly newRoomId: () => string;
  /** Called when a device has left its room: what is pending may be written. */
  readonly onDisconnect: () => void;
}

/** One upgraded device. */
export interface DeviceVisit {
  readonly session: SocketSession;
  readonly claim: DeviceClaim;
  readonly resume: ResumePoint | null;
}

/** The dialect has no word for a newer token: a device connects again. */
const NO_REFRESH: TokenRefresher = {
  refresh: () => Promise.reject(new ChatError("bad_request")),
};

/** What one device's connection is for. */
export class DeviceAttendance implements Attendance {
  readonly #options: DeviceAttendanceOptions;
  readonly #visit: DeviceVisit;
  readonly #inbox = new EarlyFrames(() => this.#tellBusy());
  #sink: FrameSink;
  #isAdrift = false;
  /** Until an identity is due, or another attempt to come into a room. */
  #timer: Disposable | undefined;
  #entrance: DeviceEntrance | undefined;
  #connection: Disposable | undefined;

  constructor(options: DeviceAttendanceOptions, visit: DeviceVisit) {
    this.#options = options;
    this.#visit = visit;
    this.#sink = {
      onText: (text) => this.#meet(readIdentity(text)),
      onBinary: (bytes) => this.#meet(readIdentityBytes(bytes)),
    };
  }

  onOpen(): void {
    const { clock, identityMsMax } = this.#options;
    this.#visit.session.tell({ type: "connected" });
    this.#timer = clock.after(identityMsMax, () => {
      this.#refuse(new ChatError("identity_timeout"));
    });
  }

  onText(text: string): void {
    this.#sink.onText(text);
  }

  onBinary(bytes: Uint8Array<ArrayBuffer>): void {
    this.#sink.onBinary(bytes);
  }

  onGone(closeCode: number, cause: "room" | "edge"): void {
    this.#timer?.[Symbol.dispose]();
    // What the room itself broke off it has removed already.
    if (cause === "edge") this.#entrance?.leave(closeCode);
    if (this.#connection === undefined) return;
    this.#connection[Symbol.dispose]();
    this.#options.onDisconnect();
  }

  #meet(read: ReadIdentity): void {
    if (!read.ok) {
      const { code, message } = read;
      return this.#refuse(new ChatError(code, { message }));
    }
    const { identity } = read;
    this.#timer?.[Symbol.dispose]();
    this.#sink = this.#inbox;
    const entrance = new DeviceEntrance({
      ...this.#options,
      ...this.#visit,
      identity,
      outcome: {
        inside: (room, assigned) => this.#onInside(room, assigned, identity),
        adrift: () => this.#onAdrift(entrance),
        refused: (refusal) => this.#refuse(refusal),
      },
    });
    this.#entrance = entrance;
    void entrance.enter();
  }

  #onInside(
    room: DeviceRoom,
    assigned: Assigned,
    { deviceId, identity }: DeviceIdentity,
  ): void {
    const { clock, devices, log } = this.#options;
    const { session } = this.#visit;
    session.tell(assigned);
    this.#connection = devices.connections.open({
      deviceId,
      sessionId: session.id,
      identity,
      ip: session.ip,
      roomId: room.id,
      connectedAt: clock.now(),
      end: () => this.#refuse(new ChatError("disconnected")),
    });
    this.#listen(
      new Conversation({
        actor: room,
        session,
        clock,
        log,
        presence: noPresence,
        tokens: NO_REFRESH,
      }),
    );
  }

  #onAdrift(entrance: DeviceEntrance): void {
    const { clock, newRoomId } = this.#options;
    this.#timer = clock.after(STORAGE_RETRY_MS, () => void entrance.enter());
    if (this.#isAdrift) return;
    this.#isAdrift = true;
    const { session } = this.#visit;
    const roomId = newRoomId();
    session.tell({ type: "assigned", roomId, status: "error" });
    this.#listen(
      adriftInbound({ session, clock, presence: noPresence }, roomId),
    );
  }

  #listen(sink: FrameSink): void {
    this.#sink = sink;
    this.#inbox.handOver(sink);
  }

  #refuse(refusal: ChatError): void {
    const { session } = this.#visit;
    if (session.isGone) return;
    session.tell(refusalOf(refusal));
    session.breakOff(refusal.code);
  }

  #tellBusy(): void {
    const refusal = new ChatError("busy", { retryAfterMs: 1000 });
    this.#visit.session.tell(refusalOf(refusal));
  }
}
