/**
 * Reads one number out of the table of metrics.
 *
 * @module
 */

import type { Metrics } from "../../src/base/metrics.ts";

/** The value of a row, with a label or without; `NaN` when there is none. */
export async function metricValue(
  metrics: Metrics,
  name: string,
  endpoint?: string,
): Promise<number> {
  const { body } = await metrics.text();
  const label = endpoint === undefined ? "" : `{endpoint="${endpoint}"}`;
  const row = `parlor_${name}${label} `;
  const line = body.split("\n").find((text) => text.startsWith(row));
  return Number(line?.slice(row.length) ?? NaN);
}
