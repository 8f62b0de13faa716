/** What early stopping saves and loses under tpe: pruners at their defaults, and when all make as many mistakes. */

import { pruningReport } from '../../../src/search/simulate-pruning.js';
import { cost, type Result, rate } from '../result.js';
import { exhaust, type Train } from './contest.js';
import { EPOCHS } from './lcbench.js';
import { percent, printTable } from './table.js';

export interface Savings {
  readonly tasks: readonly { readonly train: Train }[];
  readonly seeds: readonly number[];
  readonly trials: number;
  /** Kinds; an empty text among them means all. */
  readonly only: readonly string[];
}

/** The share of mistakes at which pruners are compared: the goal's. */
const MISTAKES = 0.02;

/** Settings by boldness, of which the default is one. */
const SETTINGS: Readonly<Record<string, { readonly usual: object; readonly others: readonly object[] }>> = {
  forecast: { usual: {}, others: [{ chance: 0.01 }, { chance: 0.02 }, { chance: 0.08 }] },
  median: { usual: {}, others: [] },
  percentile: { usual: {}, others: [{ percentile: 10 }, { percentile: 50 }, { percentile: 75 }] },
  asha: { usual: {}, others: [{ eta: 1.5 }, { eta: 2 }, { minSteps: 3 }, { minSteps: 9 }] },
  hyperband: { usual: {}, others: [] },
};

/** Of one setting, means over tasks and seeds. */
export interface Saving {
  readonly saved: number;
  /** Share of the pruned that would have ended among the best 5 %. */
  readonly mistakes: number;
  /** Share of the best 5 % that were pruned. */
  readonly lost: number;
}

/** What the default pruner saves beside each other one, at defaults and at equal mistakes; and its mistakes beside the goal. */
export function savings({ tasks, seeds, trials, only }: Savings): Result[] {
  const kinds = Object.keys(SETTINGS).filter((kind) => only.includes('') || only.includes(kind));
  const usual = new Map<string, Saving>();
  const equal = new Map<string, number>();
  const rows: string[][] = [];
  for (const kind of kinds) {
    const { usual: first = {}, others = [] } = SETTINGS[kind] ?? {};
    const all = [first, ...others].map((options) => {
      const saving = savingOf(kind, options);
      rows.push([
        kind,
        Object.keys(options).length === 0 ? 'default' : JSON.stringify(options),
        ...[saving.saved, saving.mistakes, saving.lost].map(percent),
      ]);
      return saving;
    });
    usual.set(kind, all[0] as Saving); // There is the default.
    equal.set(kind, savedAt(MISTAKES, all));
  }
  printTable(['pruner', 'options', 'epochs saved', 'of the pruned among the best 5 %', 'of the best pruned'], rows);
  printTable(
    ['pruner', `epochs saved at ${percent(MISTAKES)} mistakes`],
    [...equal].map(([kind, saved]) => [kind, percent(saved)]),
  );

  const [own, ...others] = kinds;
  if (own !== 'forecast') return [];
  const { saved = 0, mistakes = 0 } = usual.get(own) ?? {};
  return [
    rate('multi-fidelity, epochs saved, forecast', saved, 'of all', 'the goal', 0.6),
    cost('multi-fidelity, false prunes, forecast', Math.max(mistakes, 1e-4), 'of the pruned', 'the goal', MISTAKES),
    ...others.map((other) =>
      rate('multi-fidelity, epochs saved, forecast', saved, 'of all', other, usual.get(other)?.saved ?? 0),
    ),
    ...others.map((other) =>
      rate(
        'multi-fidelity, epochs saved at 2 % false prunes, forecast',
        equal.get(own) ?? 0,
        'of all',
        other,
        equal.get(other) ?? 0,
      ),
    ),
  ];

  function savingOf(kind: string, options: object): Saving {
    const reports = tasks.flatMap(({ train }) =>
      seeds.map((seed) => {
        const run = exhaust({ name: kind, sampler: { kind: 'tpe' }, pruner: { kind, options } }, train, seed, trials);
        return pruningReport(
          run,
          ({ params }) => train(params).valueAt(EPOCHS),
          () => EPOCHS,
        );
      }),
    );
    const of = (column: 'epochsSaved' | 'falsePrunes' | 'lost') =>
      reports.reduce((sum, report) => sum + report[column] / reports.length, 0);
    return { saved: of('epochsSaved'), mistakes: of('falsePrunes'), lost: of('lost') };
  }
}

/**
 * The most that a pruner saves at so many mistakes: with one of its settings, or by taking turns between two of them, or between
 * one and never pruning.
 */
export function savedAt(mistakes: number, settings: readonly Pick<Saving, 'saved' | 'mistakes'>[]): number {
  const all = [{ saved: 0, mistakes: 0 }, ...settings];
  const within = all.filter((one) => one.mistakes <= mistakes);
  const beyond = all.filter((one) => one.mistakes > mistakes);
  const mixed = within.flatMap((low) =>
    beyond.map((high) => {
      const share = (mistakes - low.mistakes) / (high.mistakes - low.mistakes);
      return low.saved * (1 - share) + high.saved * share;
    }),
  );
  return Math.max(...within.map(({ saved }) => saved), ...mixed);
}
