/**
 * An intake with a room whose answers a test decides.
 *
 * @module
 */

import { Metrics } from "../../src/base/metrics.ts";
import { Intake } from "../../src/live/intake.ts";
import type { SourceMessage } from "../../src/live/source.ts";
import type { LiveType } from "../../src/wire/live.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { ScriptedRoom, type Verdict } from "./scripted_room.ts";

/** An intake, and all that it was heard to say. */
export class IntakeWorld {
  readonly clock = new FakeClock();
  readonly metrics = new Metrics();
  readonly room: ScriptedRoom;
  readonly pressure: boolean[] = [];
  /** The ids of what was told to be kept, in order. */
  readonly keptIds: (string | undefined)[] = [];
  /** The names of takes, and of messages before them, as they were kept. */
  readonly told: string[] = [];
  readonly intake: Intake;

  constructor(...script: Verdict[]) {
    this.room = new ScriptedRoom("room-1", script);
    this.intake = new Intake({
      liveId: "100",
      clock: this.clock,
      metrics: this.metrics,
      room: () => this.room,
      onPressure: (isFull) => void this.pressure.push(isFull),
      onKept: (messages, lastSeq, roomId) => {
        this.keptIds.push(...messages.map(({ id }) => id));
        this.told.push(`${messages.length} to ${lastSeq} of ${roomId}`);
      },
    });
  }

  /** Takes messages with a `keep` of that name. */
  take(name: string, ...messages: SourceMessage[]): void {
    this.intake.take(messages, () => void this.told.push(name));
  }

  /** A line of the metrics' text, by its beginning, as a number. */
  async metric(name: string): Promise<number> {
    const { body } = await this.metrics.text();
    const line = body.split("\n").find((text) => text.startsWith(name));
    return Number(line?.split(" ").at(-1));
  }
}

/** A message as it comes from a source. */
export function sourceMessage(
  type: LiveType,
  id?: string,
  data: Record<string, unknown> = {},
): SourceMessage {
  return { type, count: 1, data, ...(id === undefined ? {} : { id }) };
}

/** Chats with these ids. */
export function chats(...ids: string[]): SourceMessage[] {
  return ids.map((id) => sourceMessage("chat", id));
}
