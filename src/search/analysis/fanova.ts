/** How much of the variance of the objective each parameter, and each pair, explains over the whole space: functional ANOVA. */

import { observedPoints } from '../columns/observed.js';
import { type Table, tableOf } from '../columns/table.js';
import type { History } from '../history.js';
import { type Feature, growForest, type Leaf, type Tree } from '../math/regression-forest.js';
import type { Rng } from '../math/rng.js';
import { type ImportanceResult, noImportance } from './importance.js';

export interface FanovaOptions {
  /** Default 64. */
  readonly trees?: number;
  /** Index of the objective. Default 0. */
  readonly objective?: number;
  /** How many of the most important parameters are looked at in pairs. Default 0. */
  readonly paired?: number;
}

/** What a pair explains beyond its two parameters. */
export interface Interaction {
  readonly names: readonly [string, string];
  /** Share of the variance, >= 0. */
  readonly importance: number;
}

export interface FanovaResult extends ImportanceResult {
  /** The most important first. */
  readonly interactions: readonly Interaction[];
}

const LEAST_TRIALS = 4;

/**
 * Shares of the variance, which sum to at most 1: the rest is in interactions. Of the feasible completed trials of the most
 * frequent regime, over its parameters. `rng`: any stream, the same one gives the same answer. O(trees n d depth).
 * @source Hutter, Hoos, Leyton-Brown, ICML 2014, section 4.
 */
export function fanova(history: History, rng: Rng, options: FanovaOptions = {}): FanovaResult {
  const { trees = 64, objective = 0, paired = 0 } = options;
  const table = tableOf(history);
  const { rows, values } = trialsOf(table, history, objective);
  if (rows.length < LEAST_TRIALS) return { ...noImportance('TOO_FEW', rows.length), interactions: [] };

  const active = (table.regimes[table.regimeOf[rows[0] as number] as number]?.active ?? []).filter(
    (j) => (table.codecs[j]?.levels ?? 1) > 1,
  );
  const features = active.map((j): Feature => {
    const { isUnordered, levels } = table.codecs[j] as Table['codecs'][number];
    const points = Float64Array.from(rows, (row) => table.points[j]?.[row] as number);
    return { points, choices: isUnordered ? levels : 0 };
  });
  const forest = growForest(features, values, trees, rng)
    .map(measured)
    .filter(({ variance }) => variance > 0);
  if (forest.length === 0) return { ...noImportance('NO_VARIANCE', rows.length), interactions: [] };

  const share = (of: (tree: Measured) => number) =>
    forest.reduce((sum, tree) => sum + of(tree) / tree.variance, 0) / forest.length;
  const singles = features.map((feature, f) => share((tree) => singleVariance(tree, feature, f)));
  const nameOf = (f: number) => table.codecs[active[f] ?? -1]?.parameter.name ?? '';
  const order = [...features.keys()].sort((a, b) => (singles[b] as number) - (singles[a] as number) || a - b);
  const top = order.slice(0, paired);
  const interactions = top.flatMap((a, i) =>
    top.slice(i + 1).map((b): Interaction => {
      const both = share((tree) => pairVariance(tree, features, a, b));
      const importance = Math.max(0, both - (singles[a] as number) - (singles[b] as number));
      return { names: [nameOf(a), nameOf(b)], importance };
    }),
  );
  return {
    importances: order.map((f) => ({ name: nameOf(f), importance: singles[f] as number })),
    interactions: interactions.sort((a, b) => b.importance - a.importance),
    trials: rows.length,
    problem: null,
  };
}

/** Rows of the most frequent regime, ties to the earlier, and their values. */
function trialsOf(
  table: Table,
  history: History,
  objective: number,
): { readonly rows: readonly number[]; readonly values: Float64Array } {
  const observed = observedPoints(table, history.directions);
  const column = observed.values[objective] ?? new Float64Array();
  const groups = new Map<number, number[]>();
  observed.rows.forEach((row, place) => {
    if (observed.violations[place] !== 0) return;
    const regime = table.regimeOf[row] as number;
    const group = groups.get(regime);
    if (group === undefined) groups.set(regime, [place]);
    else group.push(place);
  });
  const places = [...groups.values()].reduce((most, group) => (group.length > most.length ? group : most), []);
  return {
    rows: places.map((place) => observed.rows[place] as number),
    values: Float64Array.from(places, (place) => column[place] as number),
  };
}

interface Measured {
  readonly leaves: Tree;
  /** Volumes, which sum to 1. [leaves] */
  readonly volumes: Float64Array;
  readonly mean: number;
  readonly variance: number;
}

function measured(leaves: Tree): Measured {
  const volumes = Float64Array.from(leaves, (leaf) =>
    leaf.low.reduce<number>((product, _, f) => product * sideOf(leaf, f), 1),
  );
  let mean = 0;
  leaves.forEach(({ value }, i) => {
    mean += value * (volumes[i] as number);
  });
  let variance = 0;
  leaves.forEach(({ value }, i) => {
    variance += (value - mean) ** 2 * (volumes[i] as number);
  });
  return { leaves, volumes, mean, variance };
}

/** Share of a feature's range, or of its choices, that a leaf holds. */
function sideOf(leaf: Leaf, f: number): number {
  const set = leaf.allowed[f] ?? null;
  if (set === null) return (leaf.high[f] as number) - (leaf.low[f] as number);
  return set.reduce((sum, is) => sum + is, 0) / set.length;
}

/** The cells that the splits of one feature make: their widths, and which of them a leaf covers. */
interface Axis {
  readonly widths: Float64Array;
  readonly cover: (leaf: Leaf, add: (from: number, to: number) => void) => void;
}

function axisOf(leaves: Tree, { choices }: Feature, f: number): Axis {
  if (choices > 0) {
    return {
      widths: new Float64Array(choices).fill(1 / choices),
      cover: (leaf, add) => {
        leaf.allowed[f]?.forEach((is, choice) => {
          if (is === 1) add(choice, choice + 1);
        });
      },
    };
  }
  const edges = Float64Array.from(new Set([0, 1, ...leaves.map((leaf) => leaf.low[f] as number)])).sort();
  const placeOf = new Map(Array.from(edges, (edge, i) => [edge, i]));
  return {
    widths: edges.subarray(1).map((edge, i) => edge - (edges[i] as number)),
    cover: (leaf, add) => {
      add(placeOf.get(leaf.low[f] as number) as number, placeOf.get(leaf.high[f] as number) as number);
    },
  };
}

/** Variance of the tree's mean given one feature. Each leaf counts where it is, by differences. */
function singleVariance({ leaves, volumes, mean }: Measured, feature: Feature, f: number): number {
  const { widths, cover } = axisOf(leaves, feature, f);
  const steps = new Float64Array(widths.length + 1);
  leaves.forEach((leaf, i) => {
    const height = (leaf.value * (volumes[i] as number)) / sideOf(leaf, f);
    cover(leaf, (from, to) => {
      steps[from] = (steps[from] as number) + height;
      steps[to] = (steps[to] as number) - height;
    });
  });
  let marginal = 0;
  let variance = 0;
  widths.forEach((width, cell) => {
    marginal += steps[cell] as number;
    variance += width * (marginal - mean) ** 2;
  });
  return variance;
}

/** Variance of the tree's mean given two features. */
function pairVariance({ leaves, volumes, mean }: Measured, features: readonly Feature[], a: number, b: number): number {
  const first = axisOf(leaves, features[a] as Feature, a);
  const second = axisOf(leaves, features[b] as Feature, b);
  const stride = second.widths.length + 1;
  const steps = new Float64Array((first.widths.length + 1) * stride);
  const add = (i: number, j: number, height: number) => {
    steps[i * stride + j] = (steps[i * stride + j] as number) + height;
  };
  leaves.forEach((leaf, k) => {
    const height = (leaf.value * (volumes[k] as number)) / (sideOf(leaf, a) * sideOf(leaf, b));
    first.cover(leaf, (fromA, toA) => {
      second.cover(leaf, (fromB, toB) => {
        add(fromA, fromB, height);
        add(fromA, toB, -height);
        add(toA, fromB, -height);
        add(toA, toB, height);
      });
    });
  });
  const above = new Float64Array(stride);
  let variance = 0;
  first.widths.forEach((width, i) => {
    let along = 0;
    second.widths.forEach((height, j) => {
      above[j] = (above[j] as number) + (steps[i * stride + j] as number);
      along += above[j] as number;
      variance += width * height * (along - mean) ** 2;
    });
  });
  return variance;
}
