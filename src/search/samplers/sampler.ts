/** The port of search methods that propose trials. Every rule of the port is a case of `test/contract/sampler.ts`. */

import { type History, type HistoryTrial, nextNumber } from '../history.js';
import type { Rng } from '../math/rng.js';
import { type Option, type OptionsOf, parseOptions } from '../options.js';
import { keepConstraints } from './feasible.js';
import type { Proposal, Suggested } from './proposal.js';

/**
 * Proposes trials from a history, which is all its state: same history and seed, same params; storage order is no matter;
 * the history is not mutated; maximising f is minimising -f.
 */
export interface Sampler {
  /**
   * The next `count` trials: legal, and on a finite space none that is spent while others remain. Equal to asking
   * for one at a time with the earlier answers pending. Fewer than `count`: the space is exhausted. `rng` is the
   * experiment's root stream; draws come from its fork at the trial's number.
   * @throws InfeasibleError SPACE_INFEASIBLE when no point was found that satisfies the constraints.
   */
  readonly suggest: (history: History, count: number, rng: Rng) => readonly Proposal[];
}

/** A row of the register: what a person needs to choose the method, and how to make it. */
export interface SamplerDefinition {
  readonly kind: string;
  /** One sentence for the form. */
  readonly summary: string;
  readonly options: readonly Option[];
  /** Where the method comes from: author, year, place; absent when it needs no source. */
  readonly source?: string;
  /** How many objectives it can serve. */
  readonly objectives: 'one' | 'any';
  /** @throws MethodError OPTIONS_INVALID */
  readonly create: (options: unknown) => Sampler;
}

interface Declaration<Table extends readonly Option[]> extends Omit<SamplerDefinition, 'options' | 'create'> {
  readonly options: Table;
  /**
   * The next trial, or null when the space is exhausted; `rng` is the stream of that trial. One that breaks a constraint
   * is replaced: a method need not know of them, and does better when it leaves such points out (`isFeasible`). `root` is
   * the experiment's stream, of which `rng` is the fork at the trial's number: for methods that draw again what they drew
   * for earlier trials.
   */
  readonly suggestOne: (options: OptionsOf<Table>, history: History, rng: Rng, root: Rng) => Suggested | null;
}

/** Makes the register's row of a method that proposes one trial at a time: the batch rule then holds by construction. */
export function defineSampler<const Table extends readonly Option[]>(declared: Declaration<Table>): SamplerDefinition {
  const { suggestOne, ...shown } = declared;
  return {
    ...shown,
    create: (given) => {
      const options = parseOptions(declared.options, given);
      return { suggest: oneByOne(declared.kind, (history, rng, root) => suggestOne(options, history, rng, root)) };
    },
  };
}

function oneByOne(
  kind: string,
  suggestOne: (history: History, rng: Rng, root: Rng) => Suggested | null,
): Sampler['suggest'] {
  return (history, count, rng) => {
    const answers: Proposal[] = [];
    let known = history;
    while (answers.length < count) {
      const number = nextNumber(known);
      const stream = rng.fork(String(number));
      const suggestion = keepConstraints(known, suggestOne(known, stream, rng), stream);
      if (suggestion === null) break;
      const proposal = { by: kind, ...suggestion };
      answers.push(proposal);
      if (answers.length === count) break;
      known = { ...known, trials: [...known.trials, pendingTrial(number, proposal)] };
    }
    return answers;
  };
}

/** A proposal as the next one sees it. */
export function pendingTrial(number: number, { params, by }: Proposal): HistoryTrial {
  const none = new Float64Array(0);
  return { number, params, state: 'WAITING', steps: none, reports: none, reportedAt: none, by, askedAt: Infinity };
}
