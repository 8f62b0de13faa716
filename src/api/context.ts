/** What every resolver is given: the world, who is asking, and loaders that gather the edges of one reply into few queries. */
import type { Principal } from '../domain/roles.js';
import type { Deps } from '../service/deps.js';
import { createLoaders, type Loaders } from './loaders.js';

export interface Context {
  readonly deps: Deps;
  /** Never null inside a resolver: fields are guarded by `access.ts`. */
  readonly principal: Principal;
  readonly loaders: Loaders;
  /** Asks again who this is: for every batch of a subscription. @throws UNAUTHENTICATED when the credential died. */
  recheck(): Promise<Principal>;
  /** Forgets what the loaders know: each message of a subscription is a reply of its own. */
  renew(): void;
}

/** A context for one request, or for one subscription. Loaders are made when the first edge asks for them. */
export function createContext(deps: Deps, principal: Principal | null, recheck: () => Promise<Principal>): Context {
  let current = principal;
  let loaders: Loaders | null = null;
  return {
    deps,
    get principal() {
      return current as Principal; // checked by the guards of access.ts before any resolver runs
    },
    get loaders() {
      loaders ??= createLoaders(deps, current as Principal); // as above
      return loaders;
    },
    recheck: async () => {
      current = await recheck();
      return current;
    },
    renew: () => {
      loaders = null;
    },
  };
}
