/**
 * The web client that the platform is told, in the words of its queries.
 *
 * @module
 */

/** The platform's number for its web page. */
export const AID = "6383";

/** A parameter of a query. */
export type Parameter = readonly [name: string, value: string];

/** The browser that it says it runs in, as each query has it. */
export function browserParameters(userAgent: string): readonly Parameter[] {
  return [
    ["cookie_enabled", "true"],
    ["screen_width", "1920"],
    ["screen_height", "1080"],
    ["browser_language", "zh-CN"],
    ["browser_platform", "Win32"],
    ["browser_name", "Mozilla"],
    ["browser_version", browserVersion(userAgent)],
  ];
}

/** A query of these parameters, in their order, with nothing left raw. */
export function queryOf(parameters: readonly Parameter[]): string {
  return parameters
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&");
}

/** What of a user agent is its `browser_version`: all that follows the name. */
export function browserVersion(userAgent: string): string {
  return userAgent.replace(/^Mozilla\//, "");
}
