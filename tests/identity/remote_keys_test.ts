import assert from "node:assert/strict";
import {
  type CryptoKey,
  exportJWK,
  exportSPKI,
  type FetchImplementation,
  generateKeyPair,
  type JWK,
  SignJWT,
} from "jose";
import { ChatError, type ErrorCode } from "../../src/wire/errors.ts";
import { remoteKeys } from "../../src/identity/remote_keys.ts";
import { TokenVerifier } from "../../src/identity/token_verifier.ts";
import { FakeClock } from "../support/fake_clock.ts";

interface Issuer extends AsyncDisposable {
  readonly url: string;
  keys: JWK[];
  status: number;
  fetches: number;
}

/** A server of keys. */
function newIssuer(keys: JWK[]): Issuer {
  const server = Deno.serve({ port: 0, onListen: () => {} }, () => {
    issuer.fetches += 1;
    return Response.json({ keys: issuer.keys }, { status: issuer.status });
  });
  const issuer: Issuer = {
    url: `http://localhost:${server.addr.port}/jwks.json`,
    keys,
    status: 200,
    fetches: 0,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
  return issuer;
}

function newVerifier(
  url: string,
  options: { pauseMs?: number; key?: Uint8Array; clock?: FakeClock } = {},
): TokenVerifier {
  const clock = options.clock ?? new FakeClock();
  return new TokenVerifier({
    key: options.key,
    remoteKeys: remoteKeys(url, { ...options, fetch, clock }),
    limits: { userIdCharsMax: 8, nicknameCharsMax: 4 },
    clock,
  });
}

async function newKey(kid: string) {
  const pair = await generateKeyPair("ES256", { extractable: true });
  const jwk = { ...await exportJWK(pair.publicKey), kid, alg: "ES256" };
  return { ...pair, jwk, kid };
}

function sign(key: { privateKey: CryptoKey; kid: string }): Promise<string> {
  return new SignJWT({ sub: "u1" })
    .setProtectedHeader({ alg: "ES256", kid: key.kid })
    .sign(key.privateKey);
}

async function assertRefused(
  attempt: Promise<unknown>,
  code: ErrorCode,
): Promise<void> {
  await assert.rejects(attempt, (error: unknown) => {
    assert(error instanceof ChatError);
    assert.equal(error.code, code);
    return true;
  });
}

Deno.test("remoteKeys verifies another issuer's tokens and fetches once", async () => {
  const key = await newKey("k1");
  await using issuer = newIssuer([key.jwk]);
  const verifier = newVerifier(issuer.url);
  const token = await sign(key);
  assert.equal((await verifier.verify(token)).userId, "u1");
  assert.equal((await verifier.verify(token)).userId, "u1");
  assert.equal(issuer.fetches, 1);
});

Deno.test("remoteKeys finds a rotated key without a restart", async () => {
  const first = await newKey("k1");
  const second = await newKey("k2");
  await using issuer = newIssuer([first.jwk]);
  const verifier = newVerifier(issuer.url, { pauseMs: 0 });
  assert.equal((await verifier.verify(await sign(first))).userId, "u1");
  issuer.keys = [second.jwk];
  assert.equal((await verifier.verify(await sign(second))).userId, "u1");
  await assertRefused(verifier.verify(await sign(first)), "token_invalid");
});

Deno.test("remoteKeys does not fetch again for every unknown key", async () => {
  const key = await newKey("k1");
  const unknown = await newKey("k9");
  await using issuer = newIssuer([key.jwk]);
  const verifier = newVerifier(issuer.url);
  const token = await sign(unknown);
  await assertRefused(verifier.verify(token), "token_invalid");
  await assertRefused(verifier.verify(token), "token_invalid");
  assert.equal(issuer.fetches, 1);
});

Deno.test("remoteKeys refuses a key of the same name that another signed with", async () => {
  const key = await newKey("k1");
  const impostor = await newKey("k1");
  await using issuer = newIssuer([key.jwk]);
  const verifier = newVerifier(issuer.url);
  await assertRefused(verifier.verify(await sign(impostor)), "token_invalid");
});

Deno.test("remoteKeys never lends a public key as an HS256 secret", async () => {
  const key = await newKey("k1");
  await using issuer = newIssuer([key.jwk]);
  const publicText = await exportSPKI(key.publicKey);
  const forged = await new SignJWT({ sub: "u1" })
    .setProtectedHeader({ alg: "HS256", kid: "k1" })
    .sign(new TextEncoder().encode(publicText));
  const secret = new TextEncoder().encode("s".repeat(32));
  for (const key of [undefined, secret]) {
    const verifier = newVerifier(issuer.url, key === undefined ? {} : { key });
    await assertRefused(verifier.verify(forged), "token_invalid");
  }
  assert.equal(issuer.fetches, 0);
});

Deno.test("TokenVerifier takes both its own tokens and another issuer's", async () => {
  const key = await newKey("k1");
  await using issuer = newIssuer([key.jwk]);
  const secret = new TextEncoder().encode("s".repeat(32));
  const verifier = newVerifier(issuer.url, { key: secret });
  const own = await new SignJWT({ sub: "own" })
    .setProtectedHeader({ alg: "HS256" }).sign(secret);
  assert.equal((await verifier.verify(own)).userId, "own");
  assert.equal((await verifier.verify(await sign(key))).userId, "u1");
});

Deno.test("remoteKeys calls an issuer that fails an outage, and asks again after a pause", async () => {
  const key = await newKey("k1");
  await using issuer = newIssuer([key.jwk]);
  issuer.status = 500;
  const clock = new FakeClock();
  const verifier = newVerifier(issuer.url, { clock });
  const token = await sign(key);
  await assertRefused(verifier.verify(token), "identity_unavailable");
  issuer.status = 200;
  await clock.advance(999);
  await assertRefused(verifier.verify(token), "identity_unavailable");
  assert.equal(issuer.fetches, 1);
  await clock.advance(1);
  assert.equal((await verifier.verify(token)).userId, "u1");
});

Deno.test("remoteKeys calls an issuer that is not there an outage", async () => {
  const key = await newKey("k1");
  const issuer = newIssuer([]);
  await issuer[Symbol.asyncDispose]();
  const verifier = newVerifier(issuer.url);
  await assertRefused(verifier.verify(await sign(key)), "identity_unavailable");
});

Deno.test("remoteKeys gives up on an issuer that does not answer", async () => {
  const key = await newKey("k1");
  const hanging: FetchImplementation = (_url, init) =>
    new Promise((_resolve, reject) => {
      const signal = init?.signal;
      signal?.addEventListener("abort", () => reject(signal.reason));
    });
  const clock = new FakeClock();
  const verifier = new TokenVerifier({
    remoteKeys: remoteKeys("http://issuer.test/", {
      fetch: hanging,
      timeoutMs: 1,
      clock,
    }),
    limits: { userIdCharsMax: 8, nicknameCharsMax: 4 },
    clock,
  });
  await assertRefused(verifier.verify(await sign(key)), "identity_unavailable");
});
