/** Shows what a search with several objectives found: the trials that no other beats. */
import { BestTrialsDocument, type Goal, ParetoFrontDocument } from '../../../sdk/typescript/generated/operations.js';
import type { Client } from '../../../sdk/typescript/node-client.js';
import { formatNumber, formatParams, printJson, printTable } from '../output.js';

const MOST_SHOWN = 200;

interface Objective {
  readonly metric: string;
  readonly goal: Goal;
}

/** `minimize loss, maximize accuracy`. */
export function formatObjectives(objectives: readonly Objective[]): string {
  return objectives.map(({ metric, goal }) => `${goal.toLowerCase()} ${metric}`).join(', ');
}

/** `loss=0.1 size=3`: a trial's values of its objectives. */
export function formatValues(
  objectives: readonly Objective[],
  values: readonly (number | string | null)[] | null | undefined,
): string {
  return objectives.map(({ metric }, i) => `${metric}=${formatNumber(values?.[i])}`).join(' ');
}

/** A line per trial of the front, with the knee marked; one JSON document where programs read. */
export async function printFront(client: Client, id: string, { json }: { readonly json: boolean }): Promise<void> {
  const { experiment } = await client.request(BestTrialsDocument, { id, first: MOST_SHOWN });
  const { experiment: measured } = await client.request(ParetoFrontDocument, { id });
  const { nodes: trials = [], totalCount = 0 } = experiment?.bestTrials ?? {};
  const knee = measured?.paretoFront?.knee ?? null;
  if (json) return printJson({ trials, knee, totalCount });
  const objectives = experiment?.search?.objectives ?? [];
  printTable(
    ['trial', ...objectives.map(({ metric }) => metric), '', 'params'],
    trials.map((trial) => [
      String(trial.number),
      ...objectives.map((_, i) => formatNumber(trial.objectiveValues?.[i])),
      trial.number === knee ? 'knee' : '',
      formatParams(trial.params, experiment?.search?.space),
    ]),
    'no trial has completed with finite values yet',
  );
  if (totalCount > trials.length) process.stdout.write(`… and ${totalCount - trials.length} more\n`);
}
