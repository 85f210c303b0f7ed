/**
 * What `parlor live status` shows: a table of links, or all about one.
 *
 * @module
 */

import type {
  LinkDetailAnswer,
  ListedLinkAnswer,
  QualityPartAnswer,
} from "./live_answers.ts";
import { faultText } from "./live_text.ts";
import type { Report } from "./report.ts";
import type { Column } from "./table.ts";

type Row = readonly [liveId: string, link: ListedLinkAnswer];

/** The links of a list, by live id. */
export function linksLines(
  report: Report,
  links: Readonly<Record<string, ListedLinkAnswer>>,
): string[] {
  return report.table(columnsOf(report), Object.entries(links));
}

function columnsOf(report: Report): Column<Row>[] {
  return [
    { title: "LIVE ID", cell: ([liveId]) => liveId },
    { title: "SOURCE", cell: ([, link]) => link.source, canShrink: true },
    { title: "STATE", cell: ([, link]) => link.state },
    numbers("QUALITY", (link) => link.quality),
    numbers("MSGS/MIN", (link) => link.messages_per_minute.at(-1)),
    numbers("VIEWERS", (link) => link.stats.current_viewers),
    numbers("WATCHING", (link) => link.watchers),
    numbers("RECONNECTS", (link) => link.reconnect_count),
    { title: "FAULT", cell: ([, link]) => faultText(link) },
    {
      title: "NEXT TRY",
      cell: ([, link]) => report.instant(link.retry_at),
    },
  ];
}

function numbers(
  title: string,
  of: (link: ListedLinkAnswer) => number | null | undefined,
): Column<Row> {
  return { title, cell: ([, link]) => orNone(of(link)), align: "right" };
}

/** All about one link, and the parts of its quality. */
export function linkLines(report: Report, link: LinkDetailAnswer): string[] {
  return [
    ...report.fields([
      ...stateFields(report, link),
      ...roomFields(link),
    ]),
    "",
    ...report.table(PART_COLUMNS, partRows(link.quality.parts)),
  ];
}

type Fields = (readonly [name: string, value: string])[];

function stateFields(report: Report, link: LinkDetailAnswer): Fields {
  return [
    ["live id", link.live_id],
    ["source", link.source],
    ["state", link.state],
    ["quality", orNone(link.quality.score)],
    ["fault", faultText(link)],
    ["warning", link.warning ?? "-"],
    ["reconnects", `${link.reconnect_count}`],
    ["next try", report.instant(link.retry_at)],
    ["failing since", report.instant(link.failing_since)],
    ["added", report.instant(link.added_at)],
    ["last message", report.seconds(link.last_message_time)],
  ];
}

function roomFields(link: LinkDetailAnswer): Fields {
  const { stats, messages_per_minute: counts } = link;
  const hour = counts.reduce((sum, count) => sum + count, 0);
  return [
    ["room", link.room_id ?? "-"],
    ["last seq", orNone(link.last_seq)],
    ["watching", `${link.watchers}`],
    ["viewers", orNone(stats.current_viewers)],
    ["in all", stats.total_viewers ?? "-"],
    ["this minute", `${counts.at(-1) ?? 0} messages`],
    ["this hour", `${hour} messages`],
    ["messages", `${stats.messages}`],
    ["chats", `${stats.chats}`],
    ["gifts", `${stats.gifts}`],
    ["likes", `${stats.likes}`],
    ["members", `${stats.members}`],
    ["follows", `${stats.follows}`],
  ];
}

interface PartRow {
  readonly name: string;
  /** What was measured, with its unit. */
  readonly value: string;
  readonly part: QualityPartAnswer;
}

const PART_COLUMNS: readonly Column<PartRow>[] = [
  { title: "QUALITY", cell: (row) => row.name },
  { title: "VALUE", cell: (row) => row.value, align: "right" },
  { title: "SCORE", cell: ({ part }) => orNone(part.score), align: "right" },
  { title: "WEIGHT", cell: ({ part }) => `${part.weight}`, align: "right" },
];

function partRows(parts: LinkDetailAnswer["quality"]["parts"]): PartRow[] {
  const {
    live_share: live,
    reconnects_per_hour: reconnects,
    longest_silence_ms: silence,
    lag_ms: lag,
  } = parts;
  return [
    partRow("time live", live, (share) => `${round(share * 100)} %`),
    partRow("reconnects an hour", reconnects, round),
    partRow("longest silence", silence, (ms) => `${round(ms / 1000)} s`),
    partRow("lag", lag, (ms) => `${round(ms / 1000)} s`),
  ];
}

function partRow(
  name: string,
  part: QualityPartAnswer,
  text: (value: number) => string,
): PartRow {
  return { name, value: part.value === null ? "-" : text(part.value), part };
}

function round(value: number): string {
  return `${Math.round(value * 10) / 10}`;
}

function orNone(value: number | null | undefined): string {
  return `${value ?? "-"}`;
}
