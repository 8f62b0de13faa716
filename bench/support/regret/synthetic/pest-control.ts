/**
 * Which of four pesticides to use, or none, at each of 25 stations: they differ in price and strength, pests get used to
 * them, and much of one is cheaper. The spread of pests is simulated a hundred times with the same draws for everyone.
 * @source after Oh, Tomczak, Gavves and Welling NeurIPS 2019, COMBO, appendix; the draws are ours.
 */
import type { Rng } from '../../../../src/search/math/rng.js';
import { parseSpace } from '../../../../src/search/space/parse-space.js';
import { synthetic } from './synthetic.js';

const STATIONS = 25;
const RUNS = 100;
/** Share of pests above which a station counts as lost. */
const LIMIT = 0.1;

interface Pesticide {
  readonly price: number;
  /** Greatest discount, when it is used at every station. */
  readonly discount: number;
  /** Second parameter of the Beta law of its strength, and how much it grows in all with use. */
  readonly weakness: number;
  readonly tolerance: number;
}

const PESTICIDES: readonly Pesticide[] = [
  { price: 1, discount: 0.2, weakness: 2 / 7, tolerance: 1 / 7 },
  { price: 0.8, discount: 0.3, weakness: 3 / 7, tolerance: 2.5 / 7 },
  { price: 0.7, discount: 0.3, weakness: 3 / 7, tolerance: 2 / 7 },
  { price: 0.5, discount: 0, weakness: 5 / 7, tolerance: 0.5 / 7 },
];
/** By instance: the best of 150 descents from random places, one station or two neighbours at a time. */
const BEST_KNOWN = [12.02, 12.0116, 12.08, 12.06, 12.0416];

const NAMES = Array.from({ length: STATIONS }, (_, i) => `s${i}`);
const space = parseSpace({
  parameters: NAMES.map((name) => ({ name, kind: 'categorical', choices: ['none', '1', '2', '3', '4'] })),
});

export const pestControl = synthetic('pest-control', (rng, number) => {
  const draws = drawRuns(rng);
  return {
    space,
    optimum: BEST_KNOWN[number] ?? Number.NaN,
    evaluate: (params) => ({
      value: cost(
        NAMES.map((name) => PESTICIDES[Number(params[name]) - 1]),
        draws,
      ),
    }),
  };
});

interface Draws {
  /** Share of pests before the first station. [RUNS] */
  readonly initial: Float64Array;
  /** How fast they spread at each station. [STATIONS][RUNS] */
  readonly spread: readonly Float64Array[];
  /** Uniform numbers from which strengths are made. [STATIONS][RUNS] */
  readonly strength: readonly Float64Array[];
}

/** Prices paid, plus the share of runs that lost each station. */
function cost(used: readonly (Pesticide | undefined)[], { initial, spread, strength }: Draws): number {
  const pests = Float64Array.from(initial);
  const uses = new Map<Pesticide, number>();
  let total = 0;
  used.forEach((pesticide, station) => {
    const lost = pests.reduce((count, share) => count + (share > LIMIT ? 1 : 0), 0);
    total += lost / RUNS;
    const before = pesticide === undefined ? 0 : (uses.get(pesticide) ?? 0);
    if (pesticide !== undefined) {
      uses.set(pesticide, before + 1);
      const bought = used.filter((other) => other === pesticide).length;
      total += pesticide.price * (1 - (pesticide.discount * bought) / STATIONS);
    }
    for (let run = 0; run < RUNS; run++) {
      const share = pests[run] ?? 0;
      if (pesticide === undefined) {
        const rate = spread[station]?.[run] ?? 0;
        pests[run] = rate * (1 - share) + share;
      } else {
        const weakness = pesticide.weakness + (pesticide.tolerance * before) / STATIONS;
        pests[run] = (1 - betaQuantile(strength[station]?.[run] ?? 0, weakness)) * share;
      }
    }
  });
  return total;
}

function drawRuns(rng: Rng): Draws {
  const column = (of: (u: number) => number) => Float64Array.from({ length: RUNS }, () => of(rng.next()));
  const columns = (of: (u: number) => number) => NAMES.map(() => column(of));
  return {
    initial: column((u) => betaQuantile(u, 30)),
    spread: columns((u) => betaQuantile(u, 17 / 3)),
    strength: columns((u) => u),
  };
}

/** Of the Beta law with 1 and `b`. */
function betaQuantile(u: number, b: number): number {
  return 1 - (1 - u) ** (1 / b);
}
