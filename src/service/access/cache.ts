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

const caches = new WeakMap<Deps, Map<string, Entry>>();

/** The principal that was proved for this HMAC, null when that is too long ago. */
export function cachedPrincipal(deps: Deps, hmac: Buffer): Principal | null {
  const entry = caches.get(deps)?.get(hmac.toString('base64'));
  return entry !== undefined && deps.clock.monotonicMs() < entry.until ? entry.principal : null;
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

/** Forgets a key at once; on other servers it is forgotten within `CACHE_MS`. */
export function forgetKey(deps: Deps, keyId: string): void {
  const cache = caches.get(deps);
  for (const [key, entry] of cache ?? []) if (entry.keyId === keyId) cache?.delete(key);
}
