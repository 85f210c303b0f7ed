import assert from "node:assert/strict";
import { hostEntryFault, isHostListed } from "../../src/base/host_list.ts";

function check(
  entry: string,
  { yes = [], no = [] }: { yes?: string[]; no?: string[] },
): void {
  assert.equal(hostEntryFault(entry), undefined, entry);
  for (const url of yes) assert(isHostListed(url, [entry]), `${entry} ${url}`);
  for (const url of no) assert(!isHostListed(url, [entry]), `${entry} ${url}`);
}

Deno.test("isHostListed lets a host of the list pass, on every port", () => {
  check("example.com", {
    yes: [
      "http://example.com/hook",
      "https://example.com",
      "http://EXAMPLE.com:8080/",
      "http://user:word@example.com/",
    ],
    no: [
      "http://example.com.evil.test/",
      "http://notexample.com/",
      "http://hooks.example.com/",
      "http://example.com@evil.test/",
      "http://evil.test/example.com",
      "http://example.com./",
      "not a url",
    ],
  });
});

Deno.test("isHostListed compares a port with the one that is really used", () => {
  check("example.com:80", {
    yes: ["http://example.com/", "http://example.com:80/"],
    no: ["https://example.com/", "http://example.com:8080/"],
  });
  check("example.com:443", {
    yes: ["https://example.com/"],
    no: ["http://example.com/"],
  });
  check("example.com:8080", {
    yes: ["http://example.com:8080/", "https://example.com:8080/"],
    no: ["http://example.com/"],
  });
});

Deno.test("isHostListed takes *. for every name below a domain", () => {
  check("*.example.com", {
    yes: ["http://a.example.com/", "https://a.b.example.com:8443/"],
    no: ["http://example.com/", "http://aexample.com/"],
  });
  check("*.example.com:8080", {
    yes: ["http://a.example.com:8080/"],
    no: ["http://a.example.com/"],
  });
});

Deno.test("isHostListed knows addresses, IPv6 in brackets", () => {
  check("127.0.0.1", {
    yes: ["http://127.0.0.1:9/", "http://2130706433/"],
    no: ["http://127.0.0.2/"],
  });
  check("[::1]", { yes: ["http://[::1]/", "http://[0:0::1]:8080/"] });
  check("[::1]:8080", {
    yes: ["http://[::1]:8080/"],
    no: ["http://[::1]/", "http://[::2]:8080/"],
  });
});

Deno.test("isHostListed looks at every entry, whatever their case", () => {
  const hosts = ["one.test", "*.TWO.test"];
  assert(isHostListed("http://one.test/", hosts));
  assert(isHostListed("http://a.two.test/", hosts));
  assert(!isHostListed("http://three.test/", hosts));
});

Deno.test("isHostListed lets all pass when the list is empty", () => {
  assert(isHostListed("http://anything.test/", []));
});

Deno.test("hostEntryFault refuses what no URL would match", () => {
  const faults = Object.fromEntries(
    [
      "",
      "*",
      "*.",
      "http://example.com",
      "example.com/hook",
      "user@example.com",
      "a b",
      "::1",
      "*.127.0.0.1",
      "*.[::1]",
      "[0:0::1]",
      "bücher.example",
      "example.com:0",
      "example.com:65536",
      "example.com:",
      "a.*.com",
    ].map((entry) => [entry, hostEntryFault(entry)]),
  );
  const form = "host, host:port or *.domain";
  assert.deepEqual(faults, {
    "": form,
    "*": form,
    "*.": form,
    "http://example.com": form,
    "example.com/hook": form,
    "user@example.com": form,
    "a b": form,
    "::1": form,
    "*.127.0.0.1": "a domain after *.",
    "*.[::1]": "a domain after *.",
    "[0:0::1]": "[::1], as URLs have it",
    "bücher.example": "xn--bcher-kva.example, as URLs have it",
    "example.com:0": "a port in 1..65535",
    "example.com:65536": "a port in 1..65535",
    "example.com:": form,
    "a.*.com": form,
  });
  assert.equal(hostEntryFault("example.com:65535"), undefined);
});
