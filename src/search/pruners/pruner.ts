/** The port of methods that end trials early. Every rule of the port is a case of `test/contract/pruner.ts`. */

import type { History } from '../history.js';
import { type Option, type OptionsOf, parseOptions } from '../options.js';

/** What a pruner decided about a running trial, and why in words for a person. `NAN`: its reports are no numbers any more. */
export interface Verdict {
  readonly stop: boolean;
  readonly code: 'CONTINUE' | 'PRUNE' | 'NAN';
  readonly reason: string;
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

interface Declaration<Table extends readonly Option[]> extends Omit<PrunerDefinition, 'options' | 'create'> {
  readonly options: Table;
  readonly judge: (options: OptionsOf<Table>, history: History, trialNumber: number) => Verdict;
}

/** Makes the register's row of a pruner from its rule. */
export function definePruner<const Table extends readonly Option[]>(declared: Declaration<Table>): PrunerDefinition {
  const { judge, ...shown } = declared;
  return {
    ...shown,
    create: (given) => {
      const options = parseOptions(declared.options, given);
      return { judge: (history, trialNumber) => judge(options, history, trialNumber) };
    },
  };
}

/** The verdict that lets a trial go on. */
export function goOn(reason: string): Verdict {
  return { stop: false, code: 'CONTINUE', reason };
}
