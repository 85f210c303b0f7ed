/**
 * Removes rows that belong to no room and that nobody asked for in long: of
 * users and devices that are gone, and of requests for a match that came to
 * nothing.
 *
 * Whoever can connect makes such rows, so they have a bound of their own,
 * however long rooms are kept.
 *
 * @module
 */

/** How long such rows are kept at most, in ms. */
export const STALE_MS_MAX = 365 * 86_400_000;
/** Users who are kept; beyond that, those gone longest are forgotten. */
export const USERS_MAX = 1_000_000;
/** Devices that are kept; beyond that, those gone longest are forgotten. */
export const DEVICES_MAX = 1_000_000;
/** Rows that are removed at a time. */
const STEP_ROWS_MAX = 2000;

/** The database's part. Each answers how many rows it removed. */
export interface StaleStore {
  /** Removes requests for a match that came to nothing and had no room. */
  purgeLinks(
    query: { readonly settledBefore: number; readonly limit: number },
  ): Promise<number>;
  /** Removes users who are gone since before an instant, or are too many. */
  purgePresence(
    query: {
      readonly seenBefore: number;
      readonly rowsMax: number;
      readonly limit: number;
    },
  ): Promise<number>;
  /** Removes devices that are gone since before an instant, or are too many. */
  purgeDevices(
    query: {
      readonly lastBefore: number;
      readonly rowsMax: number;
      readonly limit: number;
    },
  ): Promise<number>;
}

/** How many rows went. */
export interface StaleReport {
  readonly devices: number;
  readonly links: number;
  readonly users: number;
}

/**
 * Removes what is older than an instant, step by step, until nothing is left or
 * `isOver` says so.
 *
 * @throws {StoreError} when the database cannot do it.
 */
export async function purgeStale(
  store: StaleStore,
  before: number,
  isOver: () => boolean,
): Promise<StaleReport> {
  const limit = STEP_ROWS_MAX;
  const links = { settledBefore: before, limit };
  const users = { seenBefore: before, rowsMax: USERS_MAX, limit };
  const devices = { lastBefore: before, rowsMax: DEVICES_MAX, limit };
  return {
    devices: await repeat(() => store.purgeDevices(devices), isOver),
    links: await repeat(() => store.purgeLinks(links), isOver),
    users: await repeat(() => store.purgePresence(users), isOver),
  };
}

async function repeat(
  step: () => Promise<number>,
  isOver: () => boolean,
): Promise<number> {
  let total = 0;
  while (!isOver()) {
    const count = await step();
    total += count;
    if (count < STEP_ROWS_MAX) break;
  }
  return total;
}
