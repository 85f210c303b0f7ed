/**
 * Events for tests.
 *
 * @module
 */

import type {
  CallbackData,
  CallbackEvent,
  CallbackType,
} from "../../src/wire/callback.ts";
import { START_AT } from "../support/fake_clock.ts";

/** An event of room `r1`; its id is `<type>_<number>` unless it is named. */
export function newEvent<Type extends CallbackType>(
  type: Type,
  data: CallbackData[Type],
  rest: Partial<Omit<CallbackEvent, "type" | "data">> = {},
): CallbackEvent {
  const number = rest.number ?? 1;
  const event = {
    number,
    id: `${type}_${number}`,
    roomId: "r1",
    type,
    at: START_AT + 500,
    data,
    ...rest,
  };
  // The type and its data belong together, which the union cannot see.
  return event as CallbackEvent;
}
