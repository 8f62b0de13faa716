/** Which run of CMA-ES comes after the one that ended. */

import type { Rng } from '../../math/rng.js';

export type Restarts = 'none' | 'ipop' | 'bipop';

/** The run at hand and what went before it. */
export interface Run {
  /** 0 for the first. */
  readonly index: number;
  readonly lambda: number;
  readonly sigma: number;
  readonly isSmall: boolean;
  /** Trials that this run has learnt from. */
  readonly used: number;
  /** A small run ends here at the latest. */
  readonly most: number;
  /** Trials of the earlier runs of each regime, and the last large one's. */
  readonly large: { readonly lambda: number; readonly used: number; readonly last: number };
  readonly smallUsed: number;
}

export function firstRun(lambda: number, sigma: number): Run {
  const large = { lambda, used: 0, last: 0 };
  return { index: 0, lambda, sigma, isSmall: false, used: 0, most: Infinity, large, smallUsed: 0 };
}

/**
 * The run after this one: `ipop` doubles the generation; `bipop` alternates between that and small ones of a random size and
 * width, whichever regime has used less so far.
 * @source Auger, Hansen, CEC 2005; Hansen, GECCO 2009 (BIPOP), section 2.
 */
export function nextRun(run: Run, restarts: Restarts, lambda0: number, sigma0: number, rng: Rng): Run {
  const large = run.isSmall ? run.large : { ...run.large, used: run.large.used + run.used, last: run.used };
  const smallUsed = run.smallUsed + (run.isSmall ? run.used : 0);
  const index = run.index + 1;
  if (restarts === 'bipop' && smallUsed < large.used && large.lambda > lambda0) {
    const u = rng.next();
    const lambda = Math.max(lambda0, Math.floor(lambda0 * (large.lambda / (2 * lambda0)) ** (u * u)));
    const sigma = sigma0 * 10 ** (-2 * rng.next());
    return { index, lambda, sigma, isSmall: true, used: 0, most: large.last / 2, large, smallUsed };
  }
  const lambda = 2 * large.lambda;
  return {
    index,
    lambda,
    sigma: sigma0,
    isSmall: false,
    used: 0,
    most: Infinity,
    large: { ...large, lambda },
    smallUsed,
  };
}
