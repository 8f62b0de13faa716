/** The port of methods that end trials early. Every rule of the port is a case of `test/contract/pruner.ts`. */

import type { History, HistoryTrial } from '../history.js';
import { type Option, type OptionsOf, parseOptions } from '../options.js';

/**
 * `CONTINUE`: go on. `PRUNE`: end the trial. `NAN`: its reports are no numbers any more, end it. `PAUSE`: end the job and keep
 * the trial and its checkpoint, a scheduler may go on with it. `EXPLOIT`: end the trial, a scheduler replaces it by a better one.
 */
export type VerdictCode = 'CONTINUE' | 'PRUNE' | 'NAN' | 'PAUSE' | 'EXPLOIT';

/** What was decided about a running trial, and why in words for a person. */
export interface Verdict {
  /** Whether the job ends now: true for every code but `CONTINUE`. */
  readonly stop: boolean;
  readonly code: VerdictCode;
  readonly reason: string;
  /** The step of the rung at which trials were compared, where the method has rungs. */
  readonly rung?: number;
}

/** Judges a trial by its reports so far; depends on steps and values, never on time or on storage order. */
export interface Pruner {
  /** A trial that is not in the history, or has reported nothing, goes on. */
  readonly judge: (history: History, trialNumber: number) => Verdict;
}

/** A row of the register: what a person needs to choose the method, and how to make it. */
export interface PrunerDefinition {
  readonly kind: string;
  /** One sentence for the form. */
  readonly summary: string;
  /** Where the method comes from: author, year, place; absent when it needs no source. */
  readonly source?: string;
  readonly options: readonly Option[];
  /** @throws MethodError OPTIONS_INVALID */
  readonly create: (options: unknown) => Pruner;
}

/** What is judged: a trial and its latest report, which may be NaN. */
export interface Judged {
  readonly trial: HistoryTrial;
  readonly step: number;
  readonly value: number;
}

/** The rule of a method. */
export type Rule<Options> = (options: Options, history: History, judged: Judged) => Verdict;

interface Declaration<Table extends readonly Option[]> extends Omit<PrunerDefinition, 'options' | 'create'> {
  readonly options: Table;
  readonly judge: Rule<OptionsOf<Table>>;
}

/** Makes the register's row of a pruner from its rule, which is asked only once something was reported. */
export function definePruner<const Table extends readonly Option[]>(declared: Declaration<Table>): PrunerDefinition {
  const { judge, ...shown } = declared;
  return {
    ...shown,
    create: (given) => {
      const options = parseOptions(declared.options, given);
      return { judge: judgeLatest((history, judged) => judge(options, history, judged)) };
    },
  };
}

/** Puts the trial's latest report before a rule; lets a trial without one go on. */
export function judgeLatest(rule: (history: History, judged: Judged) => Verdict): Pruner['judge'] {
  return (history, trialNumber) => {
    const trial = findTrial(history, trialNumber);
    const step = trial?.steps.at(-1);
    const value = trial?.reports.at(-1);
    if (trial === null || step === undefined || value === undefined) return goOn('nothing was reported yet');
    return rule(history, { trial, step, value });
  };
}

/** The verdict that lets a trial go on. */
export function goOn(reason: string, rung?: number): Verdict {
  return { stop: false, code: 'CONTINUE', reason, ...(rung === undefined ? {} : { rung }) };
}

/** A verdict that ends the job. */
export function halt(code: Exclude<VerdictCode, 'CONTINUE'>, reason: string, rung?: number): Verdict {
  return { stop: true, code, reason, ...(rung === undefined ? {} : { rung }) };
}

/** The verdict on a trial whose value at a decision step is NaN. */
export function isNaNAt(step: number, rung?: number): Verdict {
  return halt('NAN', `the value at step ${step} is NaN`, rung);
}

/** 1 when the first objective is minimised, -1 when it is maximised: times it, smaller is better. */
export function signOf(history: History): 1 | -1 {
  return history.directions[0] === 'maximize' ? -1 : 1;
}

/** For people: five significant digits. */
export function brief(value: number): number {
  return Number(value.toPrecision(5));
}

/** Trials are mostly stored by number: try that place first. */
function findTrial(history: History, number: number): HistoryTrial | null {
  const there = history.trials[number];
  if (there?.number === number) return there;
  return history.trials.find((trial) => trial.number === number) ?? null;
}
