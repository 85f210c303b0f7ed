/**
 * A list of hosts that requests may go to.
 *
 * Entries are compared as text with the host of a URL, which is in one spelling
 * already: so an entry in another spelling is refused when it is read, instead
 * of matching nothing later.
 *
 * @module
 */

/** Ports of URLs that name none. */
const DEFAULT_PORTS: Readonly<Record<string, string>> = {
  "http:": "80",
  "https:": "443",
};

/** An entry as it is compared. */
interface HostPattern {
  readonly host: string;
  readonly isWildcard: boolean;
  /** `undefined` is any. */
  readonly port: string | undefined;
}

/**
 * Whether the host of a URL is on a list.
 *
 * An entry is `host`, `host:port` or `*.domain`, which is every name below a
 * domain and not the domain; an IPv6 address is in brackets. Without a port it
 * is every port. An empty list has every host.
 */
export function isHostListed(url: string, hosts: readonly string[]): boolean {
  if (hosts.length === 0) return true;
  const parsed = URL.parse(url);
  if (parsed === null) return false;
  const { hostname, protocol } = parsed;
  const port = parsed.port || DEFAULT_PORTS[protocol];
  return hosts.some((entry) => {
    const pattern = patternOf(entry);
    if (pattern.port !== undefined && pattern.port !== port) return false;
    return pattern.isWildcard
      ? hostname.endsWith(`.${pattern.host}`)
      : hostname === pattern.host;
  });
}

/** What is wanted in place of an entry; `undefined` when it is right. */
export function hostEntryFault(entry: string): string | undefined {
  const { host, isWildcard, port } = patternOf(entry);
  const hostname = URL.parse(`http://${host}/`)?.hostname;
  const isForm = hostname !== undefined && !/[/?#@\\%*\s]/.test(host) &&
    (port === undefined || /^\d+$/.test(port));
  if (!isForm) return "host, host:port or *.domain";
  if (hostname !== host) return `${hostname}, as URLs have it`;
  if (port !== undefined && !isPort(port)) return "a port in 1..65535";
  const isAddress = host.startsWith("[") || /^[\d.]+$/.test(host);
  return isWildcard && isAddress ? "a domain after *." : undefined;
}

function patternOf(entry: string): HostPattern {
  const text = entry.toLowerCase();
  const isWildcard = text.startsWith("*.");
  const startIndex = isWildcard ? 2 : 0;
  // The colons within an IPv6 address come before its bracket.
  const colonIndex = text.indexOf(":", text.indexOf("]") + 1);
  const hasPort = colonIndex >= 0;
  return {
    host: text.slice(startIndex, hasPort ? colonIndex : undefined),
    isWildcard,
    port: hasPort ? text.slice(colonIndex + 1) : undefined,
  };
}

function isPort(text: string): boolean {
  return /^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65_535;
}
