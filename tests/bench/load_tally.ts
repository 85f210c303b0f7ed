/**
 * What a load process counts.
 *
 * @module
 */

import { Latencies } from "./latency.ts";

export class LoadTally {
  sent = 0;
  delivered = 0;
  frames = 0;
  bytes = 0;
  closed = 0;
  latencies = new Latencies();

  /** Begins anew; connections that are gone stay gone. */
  reset(): void {
    this.sent = 0;
    this.delivered = 0;
    this.frames = 0;
    this.bytes = 0;
    this.latencies = new Latencies();
  }
}
