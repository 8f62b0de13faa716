/** A forest of regression trees over the unit cube, kept as boxes: what analyses of variance integrate over. */

import type { Rng } from './rng.js';

/** One input of the trees. [n] points: u in [0, 1], or indices of `choices` choices without order. */
export interface Feature {
  readonly points: Float64Array;
  /** 0 for a number. */
  readonly choices: number;
}

/** What one leaf of a tree holds: a box, and the mean of the values in it. */
export interface Leaf {
  readonly value: number;
  /** Bounds of the numbers; unused for choices. [d] */
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** By feature, 1 for each choice that belongs to the box; null for numbers. [d] */
  readonly allowed: readonly (Uint8Array | null)[];
}

/** Its leaves fill the cube and do not overlap. */
export type Tree = readonly Leaf[];

/** Beyond this depth a tree does not grow. */
const MOST_DEPTH = 64;

/**
 * Trees, each grown on its own resample of the n observations until every leaf holds one value, or `MOST_DEPTH` is reached; a
 * split takes away the most variance, between two numbers or one choice from the rest. O(trees n d depth).
 * @source Breiman, Machine Learning 45 (2001); Breiman et al. 1984 for the split.
 */
export function growForest(
  features: readonly Feature[],
  values: Float64Array,
  trees: number,
  rng: Rng,
): readonly Tree[] {
  const orders = features.map(({ points, choices }) => (choices > 0 ? null : orderOf(points)));
  return Array.from({ length: trees }, (_, t) => {
    const weights = resample(values.length, rng.fork(String(t)));
    return growTree(features, values, weights, orders);
  });
}

/** The rows of one resample, and the same in the order of each number; null for choices. Nodes are ranges of them. */
interface Sorted {
  readonly rows: Uint32Array;
  readonly orders: readonly (Uint32Array | null)[];
}

interface Node {
  readonly from: number;
  readonly to: number;
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly allowed: readonly (Uint8Array | null)[];
  readonly depth: number;
}

interface Split {
  readonly feature: number;
  /** A number below goes left; or the choice that does. */
  readonly at: number;
  readonly gain: number;
}

function growTree(
  features: readonly Feature[],
  values: Float64Array,
  weights: Uint32Array,
  orders: readonly (Uint32Array | null)[],
): Tree {
  const isDrawn = (row: number) => (weights[row] as number) > 0;
  const sorted = {
    rows: Uint32Array.from(values.keys()).filter(isDrawn),
    orders: orders.map((order) => order?.filter(isDrawn) ?? null),
  };
  const leaves: Leaf[] = [];
  const waiting: Node[] = [
    {
      from: 0,
      to: sorted.rows.length,
      low: features.map(() => 0),
      high: features.map(() => 1),
      allowed: features.map(({ choices }) => (choices > 0 ? new Uint8Array(choices).fill(1) : null)),
      depth: 0,
    },
  ];
  const scratch = { isLeft: new Uint8Array(values.length), rows: new Uint32Array(sorted.rows.length) };
  for (;;) {
    const node = waiting.pop();
    if (node === undefined) return leaves;
    const [weight, sum] = totals(sorted.rows, node, values, weights);
    const split = node.depth < MOST_DEPTH ? bestSplit(sorted, node, features, values, weights, weight, sum) : null;
    if (split === null) leaves.push({ value: sum / weight, low: node.low, high: node.high, allowed: node.allowed });
    else waiting.push(...divide(sorted, node, features, split, scratch));
  }
}

function bestSplit(
  sorted: Sorted,
  node: Node,
  features: readonly Feature[],
  values: Float64Array,
  weights: Uint32Array,
  weight: number,
  sum: number,
): Split | null {
  if (isConstant(sorted.rows, node, values)) return null;
  let best: Split | null = null;
  for (let f = 0; f < features.length; f++) {
    const { points, choices } = features[f] as Feature;
    const order = sorted.orders[f] ?? null;
    const found =
      order === null
        ? bestChoice(sorted.rows, node, points, choices, values, weights, weight, sum)
        : bestThreshold(order, node, points, values, weights, weight, sum);
    if (found !== null && (best === null || found.gain > best.gain)) best = { feature: f, ...found };
  }
  return best;
}

type Found = Omit<Split, 'feature'> | null;

function bestThreshold(
  order: Uint32Array,
  { from, to }: Node,
  points: Float64Array,
  values: Float64Array,
  weights: Uint32Array,
  weight: number,
  sum: number,
): Found {
  let at = Number.NaN;
  let gain = -Infinity;
  let leftWeight = 0;
  let leftSum = 0;
  for (let i = from; i + 1 < to; i++) {
    const row = order[i] as number;
    const w = weights[row] as number;
    leftWeight += w;
    leftSum += w * (values[row] as number);
    const here = points[row] as number;
    const next = points[order[i + 1] as number] as number;
    const middle = here + (next - here) / 2;
    // Neighbours may be equal, or have nothing between them.
    if (!(middle > here && middle < 1)) continue;
    const rightSum = sum - leftSum;
    const score = (leftSum * leftSum) / leftWeight + (rightSum * rightSum) / (weight - leftWeight);
    if (score <= gain) continue;
    gain = score;
    at = middle;
  }
  return gain === -Infinity ? null : { at, gain };
}

function bestChoice(
  rows: Uint32Array,
  { from, to }: Node,
  points: Float64Array,
  choices: number,
  values: Float64Array,
  weights: Uint32Array,
  weight: number,
  sum: number,
): Found {
  const sums = new Float64Array(choices);
  const counts = new Float64Array(choices);
  for (let i = from; i < to; i++) {
    const row = rows[i] as number;
    const choice = points[row] as number;
    const w = weights[row] as number;
    counts[choice] = (counts[choice] as number) + w;
    sums[choice] = (sums[choice] as number) + w * (values[row] as number);
  }
  let best: Found = null;
  for (let choice = 0; choice < choices; choice++) {
    const [w, s] = [counts[choice] as number, sums[choice] as number];
    if (w === 0 || w === weight) continue;
    const gain = (s * s) / w + (sum - s) ** 2 / (weight - w);
    if (best === null || gain > best.gain) best = { at: choice, gain };
  }
  return best;
}

interface Scratch {
  readonly isLeft: Uint8Array;
  readonly rows: Uint32Array;
}

/** Both children; the ranges of the node are put in their order. */
function divide(
  { rows, orders }: Sorted,
  node: Node,
  features: readonly Feature[],
  { feature, at }: Split,
  scratch: Scratch,
): readonly Node[] {
  const { points, choices } = features[feature] as Feature;
  for (let i = node.from; i < node.to; i++) {
    const row = rows[i] as number;
    const point = points[row] as number;
    scratch.isLeft[row] = (choices > 0 ? point === at : point < at) ? 1 : 0;
  }
  const middle = part(rows, node, scratch);
  for (const order of orders) if (order !== null) part(order, node, scratch);
  return ([0, 1] as const).map((side): Node => {
    const low = [...node.low];
    const high = [...node.high];
    if (choices === 0) (side === 0 ? high : low)[feature] = at;
    const allowed =
      choices === 0
        ? node.allowed
        : node.allowed.map((set, f) => (f === feature && set !== null ? keep(set, at, side === 0) : set));
    const [from, to] = side === 0 ? [node.from, middle] : [middle, node.to];
    return { from, to, low, high, allowed, depth: node.depth + 1 };
  });
}

function keep(set: Uint8Array, choice: number, isOnly: boolean): Uint8Array {
  return set.map((is, other) => (is === 1 && (other === choice) === isOnly ? 1 : 0));
}

/** Puts those that go left before the others, each in the order they had; where the others begin. */
function part(rows: Uint32Array, { from, to }: Node, { isLeft, rows: others }: Scratch): number {
  let left = from;
  let right = 0;
  for (let i = from; i < to; i++) {
    const row = rows[i] as number;
    if (isLeft[row] === 1) {
      rows[left] = row;
      left += 1;
    } else {
      others[right] = row;
      right += 1;
    }
  }
  for (let i = 0; i < right; i++) rows[left + i] = others[i] as number;
  return left;
}

function totals(
  rows: Uint32Array,
  { from, to }: Node,
  values: Float64Array,
  weights: Uint32Array,
): readonly [number, number] {
  let weight = 0;
  let sum = 0;
  for (let i = from; i < to; i++) {
    const row = rows[i] as number;
    weight += weights[row] as number;
    sum += (weights[row] as number) * (values[row] as number);
  }
  return [weight, sum];
}

function isConstant(rows: Uint32Array, { from, to }: Node, values: Float64Array): boolean {
  const first = values[rows[from] as number];
  for (let i = from + 1; i < to; i++) if (values[rows[i] as number] !== first) return false;
  return true;
}

/** How often each of n rows was drawn in n draws. */
function resample(n: number, rng: Rng): Uint32Array {
  const weights = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    const row = Math.floor(rng.next() * n);
    weights[row] = (weights[row] as number) + 1;
  }
  return weights;
}

function orderOf(points: Float64Array): Uint32Array {
  const order = Uint32Array.from(points.keys());
  return order.sort((a, b) => (points[a] as number) - (points[b] as number) || a - b);
}
