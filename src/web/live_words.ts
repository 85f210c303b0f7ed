/**
 * States and faults of links in the words of the page.
 *
 * @module
 */
/// <reference lib="dom" />

import { fill } from "./fill.ts";
import type { LinkFacts } from "./live_facts.ts";
import { serverNow } from "./server_time.ts";
import { words } from "./words.ts";

const STATES: ReadonlyMap<string, string> = new Map([
  ["checking", words.liveChecking],
  ["connecting", words.liveConnecting],
  ["live", words.liveLive],
  ["silent", words.liveSilent],
  ["waiting", words.liveWaiting],
  ["ended", words.liveEnded],
  ["stopped", words.liveStopped],
]);

const FAULTS: ReadonlyMap<string, string> = new Map([
  ["status_unknown", words.faultStatusUnknown],
  ["status_abnormal", words.faultStatusAbnormal],
  ["connect_failed", words.faultConnect],
  ["connect_timeout", words.faultTimeout],
  ["handshake_refused", words.faultRefused],
  ["tls_failed", words.faultTls],
  ["signer_failed", words.faultSigner],
  ["closed", words.faultClosed],
  ["half_open", words.faultHalfOpen],
  ["stalled", words.faultStalled],
  ["frame_too_large", words.faultFrame],
  ["lease_held", words.faultLease],
  ["storage_unavailable", words.faultStorage],
]);

/** What a link does. */
export function stateText({ state }: LinkFacts): string {
  return STATES.get(state) ?? state;
}

/** Why a link is down, with the code that came with it. */
export function faultText({ fault, fault_code: code }: LinkFacts): string {
  if (fault === null) return "";
  const text = FAULTS.get(fault) ?? fault;
  return code === null ? text : `${text} (${code})`;
}

/** What the reader should know of a link that is not simply live. */
export function linkNotice(link: LinkFacts): string {
  switch (link.state) {
    case "live":
      return "";
    case "silent":
      return words.liveSilentNotice;
    case "ended":
      return link.retry_at === null
        ? words.liveEndedNotice
        : words.liveFollowedNotice;
    case "stopped":
      return words.liveStoppedNotice;
    case "waiting":
      return waitingText(link);
    default:
      // The first attempt is nothing to worry about.
      return link.reconnect_count === 0 ? "" : fill(words.liveTryingNotice, {
        count: link.reconnect_count,
      });
  }
}

/** How long until the next attempt; empty where none is awaited. */
export function countdownText({ state, retry_at: retryAt }: LinkFacts): string {
  if (state !== "waiting" || retryAt === null) return "";
  const leftMs = retryAt - serverNow();
  const seconds = Math.max(0, Math.ceil(leftMs / 1000));
  return fill(words.liveCountdown, { seconds });
}

function waitingText(link: LinkFacts): string {
  return fill(words.liveWaitingNotice, {
    fault: faultText(link) || words.faultClosed,
    count: link.reconnect_count,
  });
}
