/** The court of samplers: every rule of the port, for each row of the register. */

import { describe, expect, it, vi } from 'vitest';
import { bestTrial } from '../../src/search/analysis/best-so-far.js';
import { type History, type HistoryTrial, historyAt } from '../../src/search/history.js';
import { createRng } from '../../src/search/math/rng.js';
import { createSampler } from '../../src/search/samplers/index.js';
import type { SamplerDefinition } from '../../src/search/samplers/sampler.js';
import { simulate } from '../../src/search/simulate.js';
import { cells } from '../../src/search/space/cells.js';
import { completeParams } from '../../src/search/space/default-params.js';
import { key } from '../../src/search/space/key.js';
import type { Params, SearchSpace } from '../../src/search/space/parameter.js';
import { parseSpace } from '../../src/search/space/parse-space.js';
import { addParameter, extend, fitsRevision, freeze, removeParameter, shrink } from '../../src/search/space/revise.js';
import { validateParams } from '../../src/search/space/validate-params.js';
import { deepFreeze, everything, historyOf, makeGenerator, small, trial } from '../search/support.js';
import { YEAR } from './citation.js';
import { constrainedCells, constrainedSpaces, problems } from './sampler-spaces.js';

/** What one sampler asks of the court. */
export interface CourtOrder {
  /** Options without which its cases say nothing: those of a method that ends by itself. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Proposals drawn on constrained spaces; 10,000 when absent. Fewer, where one takes milliseconds. */
  readonly constrained?: number;
  /** It learns: after so many trials its median regret over seeds is below this share of random search's, on every problem. */
  readonly beatsRandom?: { readonly trials: number; readonly share: number };
}

export function samplerCourt(definition: SamplerDefinition, order: CourtOrder = {}): void {
  const { kind } = definition;
  const { options = {}, constrained = 10_000, beatsRandom } = order;
  const propose = (history: History, count = 1) =>
    definition.create(options).suggest(history, count, createRng(history.seed, makeGenerator));
  const suggest = (history: History, count = 1) => propose(history, count).map(({ params }) => params);
  const run = (space: SearchSpace, trials: number, rest: Partial<Parameters<typeof simulate>[0]> = {}) =>
    simulate({ space, sampler: { kind, options }, objective: score, trials, seed: 'court', makeGenerator, ...rest });
  const finished = once(() => run(everything, 40));
  const makeHistories = () => [
    historyOf(everything, []),
    run(everything, 40),
    run(everything, 40, { parallel: 6, finishingOrder: 'random' }),
    withPending(run(everything, 30), 7),
  ];
  // Shared by the cases that look at answers only: of a slow method they are half of the work.
  const histories = once(makeHistories);

  describe(`sampler ${kind} ${JSON.stringify(options)}`, { timeout: 60_000 }, () => {
    it('gives the same params for the same history, warm or cold', async () => {
      const warm = histories().map((history) => suggest(history, 3));
      expect(histories().map((history) => suggest(structuredClone(history), 3))).toEqual(warm);

      // Another copy of every module remembers nothing; asked the other way round, it then remembers other things.
      vi.resetModules();
      const { samplers } = await import('../../src/search/samplers/index.js');
      expect(samplers[kind]).not.toBe(definition);
      const cold = [...histories()].reverse().map((history) =>
        samplers[kind]
          ?.create(options)
          .suggest(structuredClone(history), 3, createRng(history.seed, makeGenerator))
          .map(({ params }) => params),
      );
      expect(cold.reverse()).toEqual(warm);
    });

    it('answers a batch as one at a time with the earlier answers pending', () => {
      for (const history of histories()) {
        let known = history;
        const single = [0, 1, 2, 3].map(() => {
          const [proposal] = propose(known);
          expect(proposal).toBeDefined();
          const { params = {}, by = kind } = proposal ?? {};
          const number = Math.max(-1, ...known.trials.map((other) => other.number)) + 1;
          known = { ...known, trials: [...known.trials, trial(number, params, { state: 'RUNNING', by })] };
          return params;
        });

        expect(suggest(history, 4)).toEqual(single);
      }
    });

    it('does not look at the order in which trials are stored', () => {
      for (const history of histories()) {
        const shuffled = [...history.trials].sort((a, b) => ((a.number * 7) % 13) - ((b.number * 7) % 13));

        expect(suggest({ ...history, trials: shuffled }, 2)).toEqual(suggest(history, 2));
      }
    });

    it('does not tell waiting from running', () => {
      const history = withPending(run(everything, 20), 5);
      const waiting = history.trials.map(
        (some): HistoryTrial => (some.state === 'RUNNING' ? { ...some, state: 'WAITING' } : some),
      );

      expect(suggest({ ...history, trials: waiting })).toEqual(suggest(history));
    });

    it('maximises f as it minimises -f', () => {
      const minimised = finished();
      const maximised = run(everything, 40, {
        directions: ['maximize'],
        objective: (params) => -score(params),
      });

      expect(maximised.trials.map((some) => some.params)).toEqual(minimised.trials.map((some) => some.params));
    });

    it('does not mutate the history', () => {
      for (const history of makeHistories()) {
        const before = structuredClone(history);
        deepFreeze(history);

        suggest(history, 2);

        expect(history).toEqual(before);
      }
    });

    it('proposes legal values and exact conditions, from 1 to 100 parameters', () => {
      const one = parseSpace({ x: { kind: 'float', low: -1, high: 1 } });
      const fixed = parseSpace({
        x: { kind: 'int', low: 3, high: 3 },
        y: { kind: 'categorical', choices: ['only'] },
        z: { kind: 'boolean' },
      });
      const wide = parseSpace(
        Object.fromEntries(
          Array.from({ length: 100 }, (_, i) => [
            `x${i}`,
            i % 2 ? { kind: 'float', low: 0, high: i } : { kind: 'boolean' },
          ]),
        ),
      );
      for (const [space, trials] of [
        [everything, 60],
        [small, 12],
        [one, 30],
        [fixed, 2],
        [wide, 15],
      ] as const) {
        for (const { params } of run(space, trials).trials) expect(validateParams(space, params)).toEqual([]);
      }
    });

    it('visits every point of a finite space once, then says that it is exhausted', () => {
      for (const parallel of [1, 5]) {
        const history = run(small, 100, { parallel, finishingOrder: 'random' });

        expect(cells(small)).toBe(12);
        expect(history.trials.length).toBe(12);
        expect(new Set(history.trials.map((some) => key(some.params))).size).toBe(12);
        expect(suggest(history)).toEqual([]);
      }
      expect(suggest(historyOf(small, []), 20).length).toBe(12);
    });

    it('proposes again what failed by no fault of its own, and not what failed by its own', () => {
      const spent = run(small, 12).trials;
      const failed = (cause: 'INFRASTRUCTURE' | 'OOM') =>
        spent.map((some): HistoryTrial => (some.number === 4 ? { ...some, state: 'FAILED', cause } : some));

      expect(suggest(historyOf(small, failed('INFRASTRUCTURE')))).toEqual([spent[4]?.params]);
      expect(suggest(historyOf(small, failed('OOM')))).toEqual([]);
    });

    it('begins with the default configuration when every active parameter has a default', () => {
      const space = parseSpace({
        mode: { kind: 'categorical', choices: ['x', 'y'], default: 'y' },
        k: { kind: 'int', low: 1, high: 9, default: 4, when: { param: 'mode', in: ['y'] } },
        never: { kind: 'boolean', when: { param: 'mode', in: ['x'] } },
      });

      const [first, second] = suggest(historyOf(space, []), 2);

      expect(first).toEqual({ mode: 'y', k: 4 });
      expect(second).not.toEqual(first);
    });

    it('stays sane on histories that teach nothing or too much', () => {
      const objectives: Record<string, Parameters<typeof simulate>[0]['objective']> = {
        constant: () => 1,
        nan: () => Number.NaN,
        infinite: () => -Infinity,
        huge: (params) => (score(params) - 3) * 1e300,
        tiny: (params) => score(params) * 1e-300,
        failed: () => ({ cause: 'OOM' }),
        nothing: () => ({}),
        mixed: (params, number) =>
          [score(params), Number.NaN, { cause: 'USER_CODE' as const }, Infinity][number % 4] ?? 0,
      };
      for (const [name, objective] of Object.entries(objectives)) {
        const history = run(everything, 40, { objective });

        expect(history.trials.length, name).toBe(40);
        for (const { params } of history.trials) expect(validateParams(everything, params), name).toEqual([]);
      }
    });

    it('stays sane with pruned and stopped trials, duplicates, and trials of another revision of the space', () => {
      const base = run(everything, 30).trials;
      const [first] = base;
      const pruned = base.map((some): HistoryTrial => ({ ...some, state: some.number % 2 ? 'PRUNED' : 'STOPPED' }));
      const reported = pruned.map((some) => ({
        ...some,
        steps: Float64Array.of(0, 1),
        reports: Float64Array.of(1, some.number % 3 ? 2 : Number.NaN),
      }));
      const duplicates = base.map((some) => ({ ...some, params: first?.params ?? {} }));
      const foreign = base.map((some) => ({ ...some, params: { other: 1, layers: 99, toString: 'x' } }));
      for (const trials of [pruned, reported, duplicates, foreign]) {
        const proposed = suggest(historyOf(everything, trials), 3);
        expect(proposed.length).toBe(3);
        for (const params of proposed) expect(validateParams(everything, params)).toEqual([]);
      }
    });

    it('replays every trial of an experiment from what was known when it was asked', () => {
      for (const finishingOrder of ['oldest', 'newest', 'random'] as const) {
        const objective = (params: Params) => ({
          values: [score(params)],
          reports: [score(params) + 1, score(params)],
        });
        const pruner = { kind: 'median', options: { startupTrials: 3 } };
        const history = run(everything, 45, { parallel: 5, finishingOrder, objective, pruner });
        for (const { askedAt, params, number } of history.trials) {
          expect(suggest(historyAt(history, askedAt)), `${finishingOrder} ${number}`).toEqual([params]);
        }
      }
    });

    it(`keeps every constraint in ${constrained} proposals on four spaces`, () => {
      const [each, length] = [constrained / 4, 50];
      for (const [name, space] of Object.entries(constrainedSpaces)) {
        let broken = 0;
        for (let asked = 0, seed = 0; asked < each; seed++) {
          const { trials } = run(space, Math.min(length, each - asked), { seed: `s${seed}`, parallel: 1 + (seed % 7) });
          expect(trials.length, name).toBe(Math.min(length, each - asked));
          asked += trials.length;
          for (const { params } of trials) broken += validateParams(space, params).length;
        }
        expect(broken, name).toBe(0);
      }
    }, 60_000);

    it('visits the cells that satisfy the constraints, each once, and says when none is left or there was none', () => {
      const history = run(constrainedCells, 100, { parallel: 3, finishingOrder: 'random' });

      expect(cells(constrainedCells)).toBe(20);
      expect(history.trials.length).toBe(20);
      expect(new Set(history.trials.map((some) => key(some.params))).size).toBe(history.trials.length);
      for (const { params } of history.trials) expect(validateParams(constrainedCells, params)).toEqual([]);
      expect(suggest(history)).toEqual([]);

      for (const kindOfX of [
        { kind: 'int', low: 0, high: 1 },
        { kind: 'float', low: 0, high: 1 },
      ]) {
        const none = parseSpace({
          parameters: { x: kindOfX },
          constraints: [{ kind: 'linear', name: 'tooMuch', coefficients: { x: -1 }, atMost: -2 }],
        });
        expect(() => suggest(historyOf(none, []))).toThrow(expect.objectContaining({ code: 'SPACE_INFEASIBLE' }));
        expect(() => suggest(historyOf(none, []))).toThrow('tooMuch');
      }
    });

    it('replays trials under constraints', () => {
      for (const space of Object.values(constrainedSpaces)) {
        const history = run(space, 25, { parallel: 4, finishingOrder: 'random' });
        for (const { askedAt, params } of history.trials) {
          expect(suggest(historyAt(history, askedAt))).toEqual([params]);
        }
      }
    });

    it('keeps to the newest revision of the space, and learns from older trials that fit it', () => {
      const old = run(everything, 60, { sampler: { kind: 'random' } });
      let space = freeze(everything, 'optimizer', 'sgd');
      space = addParameter(space, { name: 'warmup', kind: 'int', low: 0, high: 9, default: 0 });
      space = shrink(space, 'layers', { low: 2, high: 4 });
      space = extend(space, 'dropout', { high: 0.8 });
      space = removeParameter(space, 'batchSize');
      const revised = { ...old, space };
      const completed = old.trials.flatMap((some) => {
        const { batchSize: _, ...rest } = some.params;
        return fitsRevision(space, rest) ? [{ ...some, params: completeParams(space, rest) ?? {} }] : [];
      });
      expect(completed.length).toBeGreaterThan(2);
      for (const trials of [old.trials, completed]) {
        const proposed = suggest({ ...revised, trials }, 8);
        expect(proposed.length).toBe(8);
        for (const params of proposed) expect(validateParams(space, params)).toEqual([]);
      }
    });

    it('keeps proposals apart from a thousand that are pending', () => {
      const pending = createSampler('random', {}, ['minimize'])
        .suggest(historyOf(everything, []), 1_000, createRng('pending', makeGenerator))
        .map(({ params }, number) => trial(number, params, { state: number % 2 ? 'RUNNING' : 'WAITING' }));

      const proposed = suggest(historyOf(everything, pending), 3);

      expect(proposed.length).toBe(3);
      for (const params of proposed) expect(validateParams(everything, params)).toEqual([]);
      expect(new Set([...pending.map((some) => some.params), ...proposed].map(key)).size).toBe(1_003);
    });

    it('goes on from one trial, whatever became of it', () => {
      const [params] = suggest(historyOf(everything, []));
      const none = new Float64Array(0);
      const ends: readonly Partial<HistoryTrial>[] = [
        { state: 'COMPLETED', values: [1] },
        { state: 'COMPLETED', values: [Number.NaN] },
        { state: 'COMPLETED', values: [Number.POSITIVE_INFINITY] },
        { state: 'COMPLETED' },
        { state: 'FAILED', cause: 'OOM' },
        { state: 'PRUNED', steps: none },
        { state: 'STOPPED' },
        { state: 'RUNNING' },
      ];
      for (const end of ends) {
        const [next] = suggest(historyOf(everything, [trial(0, params ?? {}, end)]));

        expect(validateParams(everything, next ?? {})).toEqual([]);
        expect(next).not.toEqual(params);
      }
    });

    if (beatsRandom !== undefined) {
      const { trials, share } = beatsRandom;
      it.each(Object.keys(problems))(`has below ${share} of the regret of random search on %s`, (name) => {
        const [space, objective] = problems[name] ?? [everything, score];
        const hasSeed = definition.options.some((option) => option.name === 'seed');
        const medianOf = (sampler: (seed: number) => { kind: string; options?: unknown }) =>
          median(
            Array.from({ length: 15 }, (_, seed) => {
              const history = run(space, trials, { sampler: sampler(seed), objective, seed: `seed ${seed}` });
              return bestTrial(history)?.values?.[0] ?? Infinity;
            }),
          );
        const ours = medianOf((seed) => ({ kind, options: hasSeed ? { ...options, seed } : options }));

        expect(ours).toBeLessThan(share * medianOf(() => ({ kind: 'random' })));
      });
    }

    it.runIf(definition.objectives === 'any')('keeps to all this with three objectives, constrained', () => {
      const values = (params: Params) => [score(params), -(score(params) ** 2), String(params.optimizer).length];
      const constrained = (history: History): History => ({
        ...history,
        trials: history.trials.map((some) => ({ ...some, constraints: [(some.number % 3) - 1, -1] })),
      });
      const directions = ['minimize', 'maximize', 'minimize'] as const;
      const opposite = ['maximize', 'minimize', 'maximize'] as const;
      const history = run(everything, 50, { directions, objective: (params) => ({ values: values(params) }) });
      const flipped = run(everything, 50, {
        directions: opposite,
        objective: (params) => ({ values: values(params).map((value) => -value) }),
      });

      expect(flipped.trials.map((some) => some.params)).toEqual(history.trials.map((some) => some.params));
      for (const known of [history, constrained(history)]) {
        expect(suggest(structuredClone(known), 3)).toEqual(suggest(known, 3));
        for (const params of suggest(known, 3)) expect(validateParams(everything, params)).toEqual([]);
      }
      for (const { askedAt, params, number } of history.trials.slice(-10)) {
        expect(suggest(historyAt(history, askedAt)), String(number)).toEqual([params]);
      }
    });

    it.runIf(definition.objectives === 'any')('begins with four objectives, while nothing was observed yet', () => {
      const directions = ['minimize', 'maximize', 'minimize', 'minimize'] as const;
      const values = (params: Params) => [
        score(params),
        score(params) ** 2,
        -score(params),
        Object.keys(params).length,
      ];
      const empty = historyOf(everything, [], { directions });
      const history = run(everything, 12, { directions, objective: (params) => ({ values: values(params) }) });
      const failed = history.trials.map(
        ({ values: _, ...some }): HistoryTrial => ({ ...some, state: 'FAILED', cause: 'OOM' }),
      );
      const infeasible = history.trials.map((some) => ({ ...some, constraints: [1 + some.number] }));

      expect(history.trials.length).toBe(12);
      for (const known of [empty, history, { ...empty, trials: failed }, { ...empty, trials: infeasible }]) {
        const proposed = suggest(known, 3);
        expect(proposed.length).toBe(3);
        for (const params of proposed) expect(validateParams(everything, params)).toEqual([]);
      }
    });

    it('documents every option, and refuses others and values out of range', () => {
      expect(definition.summary).not.toBe('');
      expect(definition.source).toMatch(YEAR);
      for (const option of definition.options) {
        expect(option.doc.length, option.name).toBeGreaterThan(10);
        expect(() => definition.create({ [option.name]: option.default })).not.toThrow();
        expect(() => definition.create({ [option.name]: { not: 'a value' } })).toThrow(option.name);
      }
      expect(() => definition.create({ noSuchOption: 1 })).toThrow('noSuchOption');
    });
  });
}

/** Some number that depends on every parameter there is. */
function score(params: Params): number {
  return Object.values(params).reduce<number>(
    (sum, value) =>
      sum + (typeof value === 'number' ? Math.abs(value - 0.3) / (1 + Math.abs(value)) : String(value).length / 10),
    0,
  );
}

/** What `make` makes, when it is first asked for. */
function once<Made>(make: () => Made): () => Made {
  let made: { readonly value: Made } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

function withPending(history: History, count: number): History {
  const from = history.trials.length - count;
  const trials = history.trials.map((some): HistoryTrial => {
    const { values: _, endedAt: __, ...rest } = some;
    return some.number < from ? some : { ...rest, state: 'RUNNING' };
  });
  return { ...history, trials };
}
