/**
 * What a database makes of the records of requests.
 *
 * A record that takes a step which the contract does not know is an error, so a
 * test sees it where it happens.
 *
 * @module
 */

import type { LinkStore } from "../../src/match/link_ports.ts";
import type { SettledLink, StoredLink } from "../../src/wire/heart_link.ts";
import type { DurableRecord } from "../../src/wire/record.ts";

/** The steps that COMPAT 0.4 allows, without the one that is never stored. */
const STEPS: Readonly<Record<StoredLink["status"], readonly string[]>> = {
  pending: ["matched", "expired", "cancelled"],
  matched: ["expired"],
  expired: [],
  cancelled: [],
};

export class LinkTable implements LinkStore {
  readonly rows = new Map<string, StoredLink>();

  apply(records: readonly DurableRecord[]): void {
    for (const record of records) {
      if (record.type === "link_requested" && !this.rows.has(record.link.id)) {
        this.rows.set(record.link.id, {
          ...record.link,
          status: "pending",
          matchedAt: null,
          partner: null,
        });
      }
      if (record.type === "link_settled") this.#settle(record.link);
    }
  }

  /** The end of a room expires what is open in it. */
  endRoom(roomId: string): void {
    for (const row of this.rows.values()) {
      const isOpen = row.status === "pending" || row.status === "matched";
      if (row.roomId !== roomId || !isOpen) continue;
      this.rows.set(row.id, { ...row, status: "expired" });
    }
  }

  /** Every status of a user's requests, oldest first. */
  statuses(userId: string): string[] {
    return [...this.rows.values()]
      .filter((row) => row.userId === userId)
      .map(({ status }) => status);
  }

  link(userId: string): Promise<StoredLink | undefined> {
    const rows = [...this.rows.values()];
    return Promise.resolve(rows.findLast((row) => row.userId === userId));
  }

  openLinks(): Promise<StoredLink[]> {
    const open = [...this.rows.values()].filter(({ status }) =>
      status === "pending" || status === "matched"
    );
    return Promise.resolve(open.toSorted((a, b) => a.createdAt - b.createdAt));
  }

  #settle({ id, status, at, roomId, partner }: SettledLink): void {
    const row = this.rows.get(id);
    if (row === undefined) throw new Error(`Settled ${id}, which is unknown`);
    if (row.status === status) return;
    // Its waiting room ended while it was matched in another one.
    const isMatchedElsewhere = status === "matched" &&
      row.status === "expired" && row.roomId !== roomId;
    if (!isMatchedElsewhere && !STEPS[row.status].includes(status)) {
      throw new Error(`Settled ${id} from ${row.status} to ${status}`);
    }
    const matchedAt = status === "matched" ? at : row.matchedAt;
    this.rows.set(id, { ...row, status, roomId, partner, matchedAt });
  }
}
