/**
 * What an operator is told about settings: bad ones, odd names, and values
 * without what must not be read over a shoulder or in a log.
 *
 * @module
 */

import { nearestName } from "./base/nearest_name.ts";
import { type Setting, SETTINGS } from "./settings.ts";

/** The part of a zod issue that a problem is made from. */
export interface SettingIssue {
  readonly path: readonly PropertyKey[];
  /** What was wanted, where two settings disagree. */
  readonly params?: { readonly want?: string } | undefined;
}

/** Most characters of a bad value that a problem shows. */
const SHOWN_CHARS_MAX = 80;

/** What is shown in place of what is not. */
const MASK = "********";

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
    const got = setting.secret
      ? `${text.length} characters`
      : quote(shownValue(setting, text));
    lines.push(`Cannot read ${setting.name}: want ${want}, got ${got}`);
  }
  return lines;
}

/**
 * One sentence for each name that looks like a setting misspelled. Any other
 * name belongs to somebody else.
 */
export function unknownNames(names: Iterable<string>): string[] {
  const known = SETTINGS.map(({ name }) => name);
  const sentences: string[] = [];
  for (const name of names) {
    if (known.includes(name)) continue;
    const near = nearestName(name, known);
    if (near === undefined) continue;
    sentences.push(`${name} is not a setting; did you mean ${near}?`);
  }
  return sentences;
}

/**
 * A value that is safe to show: a secret is masked whole, and an address loses
 * its user and password. A URL setting loses its query too, as that is where
 * tokens are.
 */
export function shownValue(
  setting: Pick<Setting, "secret" | "url">,
  text: string,
): string {
  if (setting.secret) return MASK;
  if (setting.url) return shownUrl(text);
  return text.replace(/\/\/[^/?#]*@/g, `//${MASK}@`);
}

function shownUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || url.host === "") {
    // Of a text that is no URL, anything before an @ may be a password.
    return text.replace(/^.*@/s, `${MASK}@`).replace(/\?.*$/s, `?${MASK}`);
  }
  const hasUser = url.username !== "" || url.password !== "";
  if (!hasUser && url.search === "") return text;
  if (hasUser) [url.username, url.password] = [MASK, ""];
  if (url.search !== "") url.search = MASK;
  return url.href;
}

function quote(text: string): string {
  const isLong = text.length > SHOWN_CHARS_MAX;
  return JSON.stringify(isLong ? `${text.slice(0, SHOWN_CHARS_MAX)}…` : text);
}
