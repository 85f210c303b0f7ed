/**
 * Where records end: the database, as the record keeping sees it.
 *
 * @module
 */

import type { DurableRecord } from "../wire/record.ts";

/** Takes records for good. */
export interface RecordSink {
  /**
   * Applies records in order, in one transaction; records that were applied
   * before change nothing. Rejects when nothing of it was done.
   */
  apply(records: readonly DurableRecord[]): Promise<void>;
}
