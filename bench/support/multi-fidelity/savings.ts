/** What early stopping saves and loses: pruners at their defaults under several samplers, and when all make as many mistakes. */

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
  forecast: { usual: {}, others: [{ chance: 0.05 }, { chance: 0.2 }, { warmupSteps: 1, chance: 0.02 }] },
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
  /** Of a default beside the other settings: what is saved when no more than the goal's share are mistakes. */
  readonly savedAtEqual?: number;
}

/** Who proposes: every setting under the first, which learns nothing; defaults only under those that do. */
const SAMPLERS = ['random', 'tpe', 'mfgp'] as const;
/** A proposal of it takes tens of milliseconds: one seed, and not beside everyone. */
const DEAR = { sampler: 'mfgp', kinds: ['forecast', 'median'] };

/** What forecast saves and loses beside the goal and each other pruner, at defaults and at equal mistakes. */
export function savings({ tasks, seeds, trials, only }: Savings): Result[] {
  const kinds = Object.keys(SETTINGS).filter((kind) => only.includes('') || only.includes(kind));
  const rows: string[][] = [];
  const results: Result[] = [];
  for (const sampler of SAMPLERS) {
    const isDear = sampler === DEAR.sampler;
    const usual = new Map<string, Saving>();
    for (const kind of kinds.filter((one) => !isDear || DEAR.kinds.includes(one))) {
      const { usual: first = {}, others = [] } = SETTINGS[kind] ?? {};
      const all = (sampler === 'random' ? [first, ...others] : [first]).map((options) => {
        const saving = savingOf(sampler, kind, options, isDear ? seeds.slice(0, 1) : seeds);
        const shown = Object.keys(options).length === 0 ? 'default' : JSON.stringify(options);
        rows.push([sampler, kind, shown, ...[saving.saved, saving.mistakes, saving.lost].map(percent)]);
        console.error(rows.at(-1)?.join(', '));
        return saving;
      });
      usual.set(kind, { ...(all[0] as Saving), savedAtEqual: savedAt(MISTAKES, all) }); // There is the default.
    }
    results.push(...resultsOf(sampler, usual));
  }
  printTable(['sampler', 'pruner', 'options', 'epochs saved', 'false prunes', 'best lost'], rows);
  return results;

  function savingOf(sampler: string, kind: string, options: object, some: readonly number[]): Saving {
    const reports = tasks.flatMap(({ train }) =>
      some.map((seed) => {
        const run = exhaust({ name: kind, sampler: { kind: sampler }, pruner: { kind, options } }, train, seed, trials);
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

function resultsOf(sampler: string, usual: ReadonlyMap<string, Saving>): Result[] {
  const own = usual.get('forecast');
  if (own === undefined) return [];
  const name = (what: string) => `multi-fidelity, ${what}, forecast under ${sampler}`;
  const others = [...usual].filter(([kind]) => kind !== 'forecast');
  return [
    rate(name('epochs saved'), own.saved, 'of all', 'the goal', 0.6),
    cost(name('false prunes'), Math.max(own.mistakes, 1e-4), 'of the pruned', 'the goal', MISTAKES),
    ...others.map(([kind, { saved }]) => rate(name('epochs saved'), own.saved, 'of all', kind, saved)),
    ...others.map(([kind, { savedAtEqual = 0 }]) =>
      rate(name('epochs saved at 2 % false prunes'), own.savedAtEqual ?? 0, 'of all', kind, savedAtEqual),
    ),
  ];
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
