/** Principals that were proved a moment ago, so that ingest does not ask the database at every request. */
import type { Principal } from '../../domain/roles.js';
import type { Deps } from '../deps.js';

/** Revoking works within 5 s: this and the time of one request stay below it. */
export const CACHE_MS = 4000;
const MAX_ENTRIES = 10_000;

interface Entry {
  readonly principal: Principal;
  readonly keyId: string;
  readonly until: number;
}

interface Proof {
  readonly keyId: string;
  readonly principal: Promise<Principal | null>;
}

const caches = new WeakMap<Deps, Map<string, Entry>>();
const underWay = new WeakMap<Deps, Map<string, Proof>>();

/** The principal that was proved for this HMAC, null when that is too long ago. */
export function cachedPrincipal(deps: Deps, hmac: Buffer): Principal | null {
  const entry = caches.get(deps)?.get(hmac.toString('base64'));
  return entry !== undefined && deps.clock.monotonicMs() < entry.until ? entry.principal : null;
}

/** What `prove` gives, asked once for all who come with this HMAC while it is under way: a crowd outlives its entry at once. */
export function proveTogether(
  deps: Deps,
  hmac: Buffer,
  keyId: string,
  prove: () => Promise<Principal | null>,
): Promise<Principal | null> {
  const proofs = underWay.get(deps) ?? new Map<string, Proof>();
  underWay.set(deps, proofs);
  const key = hmac.toString('base64');
  const known = proofs.get(key);
  if (known !== undefined) return known.principal;
  const proof = { keyId, principal: prove() };
  proofs.set(key, proof);
  const forget = () => {
    if (proofs.get(key) === proof) proofs.delete(key);
  };
  proof.principal.then(forget, forget);
  return proof.principal;
}

/** Remembers a principal that was proved by a read that began at `provedAtMs`. */
export function rememberPrincipal(
  deps: Deps,
  hmac: Buffer,
  keyId: string,
  principal: Principal,
  provedAtMs: number,
): void {
  const cache = caches.get(deps) ?? new Map<string, Entry>();
  caches.set(deps, cache);
  const key = hmac.toString('base64');
  cache.delete(key);
  cache.set(key, { principal, keyId, until: provedAtMs + CACHE_MS });
  // The oldest entry comes first in a Map.
  for (const oldest of cache.keys()) {
    if (cache.size <= MAX_ENTRIES) break;
    cache.delete(oldest);
  }
}

/** Forgets a key at once, and whoever comes from now on is not told what a proof under way finds; on other servers it is forgotten within `CACHE_MS`. */
export function forgetKey(deps: Deps, keyId: string): void {
  const cache = caches.get(deps);
  for (const [key, entry] of cache ?? []) if (entry.keyId === keyId) cache?.delete(key);
  const proofs = underWay.get(deps);
  for (const [key, proof] of proofs ?? []) if (proof.keyId === keyId) proofs?.delete(key);
}
