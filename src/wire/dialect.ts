/**
 * What a wire format is: two pure functions, and nothing else.
 *
 * A dialect keeps no state and reads no clock, so an event is encoded once for
 * all who speak it.
 *
 * @module
 */

import type { ClientCommand } from "./command.ts";
import type { RoomEvent } from "./event.ts";
import type { ErrorCode } from "./errors.ts";
import type { Frame } from "./packet.ts";

/** A frame that was understood, or why it was not. */
export type Decoded =
  /** `null` is a frame that asks for nothing, and gets no answer. */
  | { readonly ok: true; readonly command: ClientCommand | null }
  | {
    readonly ok: false;
    readonly code: ErrorCode;
    readonly message?: string;
    readonly clientMsgId?: string;
  };

/** One wire format. */
export interface Dialect {
  readonly name: string;
  /** Whether the one who caused an entry reads another text than the others. */
  readonly isPersonal: boolean;
  /** Understands one text frame. Never throws, whatever the text. */
  decode(text: string): Decoded;
  /**
   * Understands one binary frame. Never throws. Absent where the format has
   * none: they are refused.
   */
  decodeBinary?(bytes: Uint8Array<ArrayBuffer>): Decoded;
  /**
   * One frame; `null` when the format has no word for the event.
   *
   * @param readerId who reads it, where the dialect is personal; absent is
   * anyone who did not cause the event.
   */
  encode(event: RoomEvent, readerId?: string): Frame | null;
}

/** A wire format whose frames are all text. */
export interface TextDialect extends Dialect {
  encode(event: RoomEvent, readerId?: string): string | null;
}
