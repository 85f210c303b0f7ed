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

/** A frame that was understood, or why it was not. */
export type Decoded =
  | { readonly ok: true; readonly command: ClientCommand }
  | {
    readonly ok: false;
    readonly code: ErrorCode;
    readonly message?: string;
    readonly clientMsgId?: string;
  };

/** One wire format. */
export interface Dialect {
  readonly name: string;
  /** Understands one text frame. Never throws, whatever the text. */
  decode(text: string): Decoded;
  /** One text frame. */
  encode(event: RoomEvent): string;
}
