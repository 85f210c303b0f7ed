/**
 * Gifts, each counted once however often it is told.
 *
 * @module
 */
// deno-lint-ignore-file camelcase

import { z } from "zod";
import { LIVE_TEXT_CHARS_MAX } from "../../../wire/limits.ts";
import type { FeedFault } from "../../source.ts";
import { GiftCombos } from "./gift_combos.ts";
import { countFrom, instantFrom } from "./numbers.ts";
import { avatarOf, personFields } from "./person.ts";
import type { GiftMessage } from "./proto.ts";
import type { Shape } from "./shape.ts";
import { shortKey } from "./short_key.ts";
import { TraceIds } from "./trace_ids.ts";

/** Most characters of a gift as JSON: its link adds a few fields to it. */
const GIFT_CHARS_MAX = LIVE_TEXT_CHARS_MAX - 1024;

/** What of a gift in the log says how far its combo was. */
const Step = z.object({
  combo_id: z.string(),
  gift_count: z.number(),
  group_count: z.number(),
});

/** What is known of a live room's gifts, over all connections to it. */
export class GiftBook {
  readonly #combos: Pick<GiftCombos, "added">;
  readonly #traces: Pick<TraceIds, "isNew">;

  constructor(
    combos: Pick<GiftCombos, "added"> = new GiftCombos(),
    traces: Pick<TraceIds, "isNew"> = new TraceIds(),
  ) {
    this.#combos = combos;
    this.#traces = traces;
  }

  /**
   * A gift as it is passed on; `null` when it adds nothing. From now on it
   * counts as passed on, unless it is too large for that.
   */
  shapeOf(message: GiftMessage): Shape | FeedFault | null {
    const fields = fieldsOf(message);
    if (JSON.stringify(fields).length > GIFT_CHARS_MAX) {
      return "message_too_large";
    }
    const { traceId } = message;
    if (traceId !== "" && !this.#traces.isNew(shortKey(traceId))) return null;
    const at = sentAtOf(message);
    const added = this.#added(fields, at);
    if (added === 0) return null;
    return {
      type: "gift",
      count: added,
      sentAt: at,
      data: { ...fields, gift_delta: added },
    };
  }

  /**
   * Notes gifts that were passed on before.
   *
   * @param texts as they are in the log, oldest first.
   */
  recall(texts: readonly string[]): void {
    for (const text of texts) {
      const step = Step.safeParse(parsed(text));
      // When it was sent, the log does not say.
      if (step.success) this.#added(step.data, 0);
    }
  }

  #added(
    { combo_id, gift_count, group_count }: GiftFields,
    at: number,
  ): number {
    const quantity = gift_count * group_count;
    if (combo_id === null) return quantity;
    const key = shortKey(combo_id);
    return this.#combos.added({ key, comboCount: gift_count, quantity, at });
  }
}

interface GiftFields {
  readonly combo_id: string | null;
  readonly gift_count: number;
  readonly group_count: number;
}

function fieldsOf(message: GiftMessage): GiftFields & Shape["data"] {
  const { user, gift, giftId, groupId } = message;
  const person = personFields(user);
  const isCombo = groupId !== "0" || gift?.combo === true;
  return {
    ...person,
    gift_name: gift?.name ?? "",
    gift_count: Math.max(1, countFrom(message.comboCount)),
    group_count: Math.max(1, countFrom(message.groupCount)),
    user_avatar: avatarOf(user),
    gift_id: giftId,
    diamond_count: gift?.diamondCount ?? 0,
    combo_id: isCombo ? `${groupId}:${person.user_id}:${giftId}` : null,
    repeat_end: message.repeatEnd !== 0,
  };
}

function sentAtOf({ sendTime, common }: GiftMessage): number {
  return instantFrom(sendTime) || instantFrom(common?.createTime ?? "0");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
