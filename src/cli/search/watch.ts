/** Shows a search while it runs: a line for each trial that ends, a status line on terminals, the best trial at the end. */

import {
  ExperimentChangedDocument,
  type ExperimentChangedSubscription,
  TrialsDocument,
} from '../../../sdk/typescript/generated/operations.js';
import type { Client } from '../../../sdk/typescript/node-client.js';
import { formatValues, printFront } from '../experiment/front.js';
import { formatDuration, formatNumber, formatParams, printJsonLine } from '../output.js';

export interface WatchOptions {
  readonly json: boolean;
  /** Trials that had ended before, and are not shown; absent: all that have when the watch begins. */
  readonly endedBefore?: number;
  readonly signal: AbortSignal;
}

type Delta = ExperimentChangedSubscription['experimentChanged'];
type TrialView = Delta['trials'][number];

const ENDED: ReadonlySet<TrialView['state']> = new Set(['COMPLETED', 'PRUNED', 'FAILED', 'STOPPED']);

/**
 * Resolves when the experiment has ended (its last line begins `best trial`; with several objectives the front is shown) or
 * `signal` aborts.
 * @returns `nothing` when it has ended without a best trial: a failure to scripts.
 */
export async function watchSearch(
  client: Client,
  experimentId: string,
  { json, signal, endedBefore }: WatchOptions,
): Promise<'best' | 'nothing' | 'aborted'> {
  const status = new StatusLine(!json && process.stdout.isTTY === true);
  const shown = new Set<string>();
  let before = endedBefore;
  const show = (trials: readonly TrialView[], delta: Delta) => {
    const ended = trials.filter((trial) => ENDED.has(trial.state) && !shown.has(trial.id));
    for (const trial of ended.sort((a, b) => a.number - b.number)) {
      shown.add(trial.id);
      if (json) printJsonLine({ trial });
      else status.print(describeTrial(trial, delta));
    }
  };
  const variables = (last: ExperimentChangedSubscription | null) => ({
    id: experimentId,
    after: last?.experimentChanged.cursor ?? null,
  });
  for await (const { experimentChanged: delta } of client.subscribe(ExperimentChangedDocument, variables, { signal })) {
    before ??= endedCount(delta);
    show(delta.trials, delta);
    status.show(describeProgress(delta));
    if (!isOver(delta)) continue;
    // Counts are read after changes: the last ends, and those before the first delta, may not have been told.
    if (endedCount(delta) - before > shown.size) show(await newestEnded(client, experimentId), delta);
    status.clear();
    if (json) printJsonLine({ state: delta.experiment.state, bestTrial: delta.bestTrial });
    else if (delta.bestTrial && (delta.experiment.search?.objectives.length ?? 0) > 1)
      await printFront(client, experimentId, { json: false });
    else process.stdout.write(`${describeBest(delta)}\n`);
    return delta.bestTrial ? 'best' : 'nothing';
  }
  return 'aborted';
}

/** The trials with the greatest numbers, of those that have ended: as many as a page holds. */
async function newestEnded(client: Client, experimentId: string): Promise<readonly TrialView[]> {
  const filter = { states: [...ENDED] };
  const orderBy = { by: 'NUMBER', direction: 'DESC' } as const;
  return (await client.request(TrialsDocument, { experimentId, first: 200, filter, orderBy })).trials.nodes;
}

function endedCount({ experiment: { counts } }: Delta): number {
  return counts.completed + counts.pruned + counts.failed + counts.stopped;
}

function isOver({ experiment }: Delta): boolean {
  const { running, waiting } = experiment.counts;
  return (experiment.state === 'COMPLETED' || experiment.state === 'STOPPED') && running + waiting === 0;
}

function describeTrial(trial: TrialView, { experiment }: Delta): string {
  const total = experiment.search?.budget.maxTrials;
  const isKnown = trial.objectiveValues !== null && trial.objectiveValues !== undefined;
  const bound = trial.isFeasible === false ? ' (infeasible)' : '';
  const value = isKnown ? `${formatValues(experiment.search?.objectives ?? [], trial.objectiveValues)}${bound}` : '';
  const why = trial.state === 'FAILED' ? `${trial.cause ?? ''} ${trial.message?.split('\n')[0] ?? ''}` : '';
  const cells = [
    `trial ${String(trial.number).padStart(3)}${total ? `/${total}` : ''}`,
    trial.state.padEnd(9),
    value.padEnd(22),
    formatDuration(trial.durationSeconds).padStart(6),
  ];
  return `${cells.join('  ')}  ${formatParams(trial.params, experiment.search?.space)} ${why}`.trimEnd();
}

function describeProgress(delta: Delta): string {
  const { experiment, bestTrial } = delta;
  const { counts, search } = experiment;
  const ended = endedCount(delta);
  const isOne = (search?.objectives.length ?? 1) === 1;
  const best = bestTrial && isOne ? `, best ${formatNumber(bestTrial.value)} (trial ${bestTrial.number})` : '';
  return `${ended}${search?.budget.maxTrials ? `/${search.budget.maxTrials}` : ''} trials ended, ${counts.running} running${best}`;
}

function describeBest({ experiment, bestTrial }: Delta): string {
  const { counts } = experiment;
  const summary = `${counts.completed} completed, ${counts.pruned} pruned, ${counts.failed} failed, ${counts.stopped} stopped`;
  if (!bestTrial) return `best trial: none (${summary})`;
  return `best trial ${bestTrial.number}: ${experiment.search?.objective.metric}=${formatNumber(bestTrial.value)}  ${formatParams(bestTrial.params, experiment.search?.space)}  (${summary})`;
}

/** One line at the bottom of a terminal, rewritten in place; nothing where output is not a terminal. */
class StatusLine {
  readonly #enabled: boolean;
  #text = '';

  constructor(enabled: boolean) {
    this.#enabled = enabled;
  }

  show(text: string): void {
    if (!this.#enabled) return;
    this.#text = text.slice(0, Math.max(20, (process.stdout.columns ?? 80) - 1));
    process.stdout.write(`\r\x1b[2K${this.#text}`);
  }

  print(line: string): void {
    this.clear();
    process.stdout.write(`${line}\n`);
    if (this.#text !== '') this.show(this.#text);
  }

  clear(): void {
    if (this.#enabled) process.stdout.write('\r\x1b[2K');
  }
}
