/**
 * What an operator is told about settings: the bad ones, and the odd names.
 *
 * @module
 */

import { nearestName } from "./base/nearest_name.ts";
import { SETTINGS, SETTINGS_UNUSED } from "./settings.ts";

/** The part of a zod issue that a problem is made from. */
export interface SettingIssue {
  readonly path: readonly PropertyKey[];
  /** What was wanted, where two settings disagree. */
  readonly params?: { readonly want?: string } | undefined;
}

/** Most characters of a bad value that a problem shows. */
const SHOWN_CHARS_MAX = 80;

/**
 * One line for each bad setting, in the order of the table. A secret's value is
 * never shown, only its length.
 */
export function problemLines(
  issues: readonly SettingIssue[],
  given: ReadonlyMap<string, string>,
): string[] {
  const lines: string[] = [];
  for (const setting of SETTINGS) {
    const issue = issues.find(({ path }) => path[0] === setting.name);
    if (issue === undefined) continue;
    const want = issue.params?.want ?? setting.want;
    const text = given.get(setting.name) ?? setting.fallback;
    const got = setting.secret ? `${text.length} characters` : quote(text);
    lines.push(`Cannot read ${setting.name}: want ${want}, got ${got}`);
  }
  return lines;
}

function quote(text: string): string {
  const isLong = text.length > SHOWN_CHARS_MAX;
  return JSON.stringify(isLong ? `${text.slice(0, SHOWN_CHARS_MAX)}…` : text);
}

/**
 * One sentence for each name that has no effect yet, or that looks like a
 * setting misspelled. Any other name belongs to somebody else.
 */
export function unknownNames(names: Iterable<string>): string[] {
  const settings = SETTINGS.map(({ name }) => name);
  const known = [...settings, ...SETTINGS_UNUSED];
  const sentences: string[] = [];
  for (const name of names) {
    if (settings.includes(name)) continue;
    if (SETTINGS_UNUSED.includes(name)) {
      sentences.push(`${name} is known and has no effect yet`);
      continue;
    }
    const near = nearestName(name, known);
    if (near === undefined) continue;
    sentences.push(`${name} is not a setting; did you mean ${near}?`);
  }
  return sentences;
}
