/**
 * NSGA-II in a steady state: parents from the best of all that ended, one child at a time, no generation to wait for. With more
 * than three objectives survivors are chosen as in NSGA-III.
 */

import { spentRows } from '../../columns/spent-rows.js';
import { type Table, tableOf } from '../../columns/table.js';
import type { Rng } from '../../math/rng.js';
import { isActive } from '../../space/condition.js';
import type { Params, ParamValue } from '../../space/parameter.js';
import { suggested } from '../proposal.js';
import { defineSampler } from '../sampler.js';
import { suggestUniform } from '../uniform.js';
import { compareMembers, type Member, populationOf } from './population.js';
import { crossNumbers, mutate, mutationChance } from './variation.js';

const MUTATION_ETA = 20;
/** Children made before giving up on one that is not spent; each mutates more. */
const MOST_CHILDREN = 20;

/**
 * Two tournaments choose parents by constrained domination (feasible, then violation, then front, then crowding); crossover,
 * mutation of one of the parameters that can change, on average. O(n) warm.
 * @source Deb et al. IEEE TEVC 2002; steady state: Durillo et al. 2009; more than three: Deb and Jain, IEEE TEVC 2014.
 */
export const nsga2 = defineSampler({
  kind: 'nsga2',
  summary: 'Breeds new trials from the best so far; for several objectives and thousands of trials.',
  source:
    'Deb, Pratap, Agarwal, Meyarivan, A fast and elitist multiobjective genetic algorithm: NSGA-II, IEEE TEVC 6, 2002, doi:10.1109/4235.996017',
  options: [
    {
      name: 'population',
      type: 'int',
      default: 50,
      min: 4,
      max: 10_000,
      doc: 'How many of the best trials may be parents, and how many random trials come first.',
    },
    {
      name: 'crossover',
      type: 'choice',
      default: 'sbx',
      choices: ['sbx', 'uniform'],
      doc: 'How numbers of two parents mix: near one of them, or taken from one of them.',
    },
    {
      name: 'crossoverProbability',
      type: 'float',
      default: 0.9,
      min: 0,
      max: 1,
      doc: 'How often a child has two parents rather than one.',
    },
  ],
  objectives: 'any',
  suggestOne: (options, history, rng) => {
    const table = tableOf(history);
    const spent = spentRows(table);
    const members = populationOf(table, history.directions, options.population);
    if (members.length < options.population) return suggestUniform(history, spent, rng.fork('startup'), 'STARTUP');

    const eta = history.directions.length > 1 ? 20 : 2;
    const parents = tournaments(members, rng.fork('parents'));
    for (let attempt = 0; attempt < MOST_CHILDREN; attempt++) {
      const draws = rng.fork(`child ${attempt}`);
      const isCrossed = draws.next() < options.crossoverProbability;
      const mix = options.crossover === 'uniform' ? 'uniform' : eta;
      const child = childOf(table, parents, isCrossed ? mix : null, attempt + 1, draws);
      if (!spent.has(child)) return suggested(child, 'EXPLOIT');
    }
    return suggestUniform(history, spent, rng.fork('unseen'), 'RANDOM');
  },
});

/** Rows of two parents, each the better of two drawn. */
function tournaments(members: readonly Member[], rng: Rng): readonly [number, number] {
  const draw = () => members[Math.floor(rng.next() * members.length)] as Member;
  const winner = () => {
    const [a, b] = [draw(), draw()];
    return (compareMembers(a, b) <= 0 ? a : b).row;
  };
  return [winner(), winner()];
}

/** `mix`: null for the first parent alone, or how numbers mix. What no parent has is drawn uniformly. */
function childOf(
  table: Table,
  parents: readonly [number, number],
  mix: number | 'uniform' | null,
  mutations: number,
  rng: Rng,
): Params {
  const params: Record<string, ParamValue> = {};
  const chance = mutations * mutationChance(table, parents[0]);
  table.codecs.forEach((codec, j) => {
    const { parameter } = codec;
    if (!isActive(parameter, params)) return;
    const draws = rng.fork(parameter.name);
    const [a = Number.NaN, b = Number.NaN] = parents.map((row) => table.points[j]?.[row] ?? Number.NaN);
    let point = mixed(a, b, codec.isUnordered ? (mix === null ? null : 'uniform') : mix, draws);
    if (Number.isNaN(point)) point = codec.isUnordered ? Math.floor(draws.next() * codec.levels) : draws.next();
    else if (draws.next() < chance) point = mutate(codec, point, MUTATION_ETA, draws);
    params[parameter.name] = codec.valueAt(point);
  });
  return params;
}

/** NaN stands for a parent that has none, and for none. */
function mixed(a: number, b: number, mix: number | 'uniform' | null, rng: Rng): number {
  if (Number.isNaN(a)) return mix === null ? a : b;
  if (mix === null || Number.isNaN(b)) return a;
  const isFirst = rng.next() < 0.5;
  if (mix === 'uniform') return isFirst ? a : b;
  // As in the authors' code, half of the coordinates are mixed.
  return isFirst ? a : crossNumbers(a, b, mix, rng);
}
