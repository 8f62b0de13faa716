/** The port of schedulers: pruners that also say which paused trial goes on, or what starts from another's checkpoint. */

import type { History } from '../../history.js';
import type { Rng } from '../../math/rng.js';
import { type Option, type OptionsOf, parseOptions } from '../../options.js';
import type { Params } from '../../space/parameter.js';
import { judgeLatest, type Pruner, type PrunerDefinition, type Rule } from '../pruner.js';

/** A paused trial to go on with from its checkpoint. */
export interface Resumption {
  readonly trial: number;
  /** One sentence for people. */
  readonly reason: string;
}

/** A new trial that goes on from the latest checkpoint of its parent, with other params. */
export interface Offspring {
  readonly params: Params;
  readonly parent: number;
  /** One sentence for people. */
  readonly reason: string;
}

export type Start = Resumption | Offspring;

/** The history is all its state: what is paused, which rungs are taken and who has children is read off the trials. */
export interface Scheduler extends Pruner {
  /**
   * What to start in `free` slots before the sampler is asked for more: at most `free`, none when nothing may go on. Equal to
   * asking for one at a time with the earlier answers done. `rng` is the experiment's root stream.
   */
  readonly resume: (history: History, free: number, rng: Rng) => readonly Start[];
}

/** A row of the register. Trials must keep checkpoints: without one, use the pruner of the same name. */
export interface SchedulerDefinition extends Omit<PrunerDefinition, 'create'> {
  /** @throws MethodError OPTIONS_INVALID */
  readonly create: (options: unknown) => Scheduler;
}

interface Declaration<Table extends readonly Option[]> extends Omit<SchedulerDefinition, 'options' | 'create'> {
  readonly options: Table;
  readonly judge: Rule<OptionsOf<Table>>;
  readonly resume: (options: OptionsOf<Table>, history: History, free: number, rng: Rng) => readonly Start[];
}

/** Makes the register's row of a scheduler from its two rules. */
export function defineScheduler<const Table extends readonly Option[]>(
  declared: Declaration<Table>,
): SchedulerDefinition {
  const { judge, resume, ...shown } = declared;
  return {
    ...shown,
    create: (given) => {
      const options = parseOptions(declared.options, given);
      return {
        judge: judgeLatest((history, judged) => judge(options, history, judged)),
        resume: (history, free, rng) => (free > 0 ? resume(options, history, free, rng) : []),
      };
    },
  };
}
