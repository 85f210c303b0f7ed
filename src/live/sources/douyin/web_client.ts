/**
 * The web client that the platform is told, in the words of its queries.
 *
 * @module
 */

/** The platform's number for its web page. */
export const AID = "6383";

/** The size of the screen that it says it has. */
export const SCREEN = { width: "1920", height: "1080" } as const;

/** A query of these parameters, in their order, with nothing left raw. */
export function queryOf(
  parameters: readonly (readonly [name: string, value: string])[],
): string {
  return parameters
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&");
}

/** What of a user agent is its `browser_version`: all that follows the name. */
export function browserVersion(userAgent: string): string {
  return userAgent.replace(/^Mozilla\//, "");
}
