/**
 * Paging by number, as the seed's pull API has it.
 *
 * Pages are counted from 1 at the newest row. Instants on this API are unix
 * seconds; a second has a thousand of our milliseconds, all of which belong to
 * an included `to`.
 *
 * @module
 */
// deno-lint-ignore-file camelcase

import { z } from "zod";
import type { Page, PageQuery } from "../store/store.ts";
import { EPOCH_SECS_MAX } from "../wire/limits.ts";
import { cappedInteger, POSITION_MAX, queryInteger } from "./fields.ts";

/** How many rows a page has: by default, and at most. */
export interface PageSize {
  readonly limitDefault: number;
  readonly limitMax: number;
}

/** A schema of `page`, `limit`, `from` and `to`. */
export function pageQuery(size: PageSize): z.ZodType<PageQuery, unknown> {
  const second = queryInteger(0, EPOCH_SECS_MAX).optional();
  return z.object({
    page: queryInteger(1, POSITION_MAX).default(1),
    limit: cappedInteger(size.limitMax).default(size.limitDefault),
    from: second,
    to: second,
  }).transform(({ page, limit, from, to }): PageQuery => ({
    page,
    limit,
    ...(from === undefined ? {} : { fromAt: from * 1000 }),
    ...(to === undefined ? {} : { toAt: to * 1000 + 999 }),
  }));
}

/** One page as the API answers it. */
export interface PageBody<Record> {
  readonly room_id: string;
  readonly records: readonly Record[];
  readonly pagination: {
    readonly current_page: number;
    readonly total_pages: number;
    readonly total_records: number;
    readonly page_size: number;
    readonly has_next: boolean;
    readonly has_prev: boolean;
  };
}

/** Makes the answer. A page past the last one has no records. */
export function pageBody<Row, Record>(
  roomId: string,
  { page, query, record }: {
    readonly page: Page<Row>;
    readonly query: PageQuery;
    readonly record: (row: Row) => Record;
  },
): PageBody<Record> {
  const pages = Math.ceil(page.total / query.limit);
  return {
    room_id: roomId,
    records: page.rows.map(record),
    pagination: {
      current_page: query.page,
      total_pages: pages,
      total_records: page.total,
      page_size: query.limit,
      has_next: query.page < pages,
      has_prev: query.page > 1,
    },
  };
}
