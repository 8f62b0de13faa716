/** `trialgraph experiment <verb>`. Experiments are named `project/name` or by id. */
import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import {
  DeleteExperimentDocument,
  ExperimentDocument,
  type ExperimentOrder,
  ExperimentsDocument,
  PauseExperimentDocument,
  ResumeExperimentDocument,
  type SearchFieldsFragment,
  StopExperimentDocument,
} from '../../../sdk/typescript/generated/operations.js';
import type { Client } from '../../../sdk/typescript/node-client.js';
import { type ConnectionOptions, withClient, withConnection } from '../connection.js';
import { CommandError, formatNumber, formatParams, type OutputOptions, printJson, printTable } from '../output.js';
import { wholeNumber } from '../whole-number.js';
import { addAdoptCommand } from './adopt.js';
import { addAnalyseCommand } from './analyse.js';
import { experimentId } from './experiment-id.js';
import { formatObjectives, printFront } from './front.js';
import { addReviseCommands } from './revise.js';

type Flags = ConnectionOptions & OutputOptions;

type MetricConstraint = NonNullable<SearchFieldsFragment['metricConstraints']>[number];

export function addExperimentCommands(program: Command): void {
  const experiment = program.command('experiment').description('questions, and the trials that answer them');
  verb(experiment, 'list', 'newest first, unless sorted')
    .option('--limit <n>', 'how many', '20')
    .option('--sort <by>', 'name, created or state')
    .option('--desc', 'largest or latest first')
    .action(list);
  verb(experiment, 'show <experiment>', 'one experiment').action(show);
  verb(experiment, 'best <experiment>', 'its best trial, or with several objectives its Pareto front').action(best);
  addAnalyseCommand(experiment);
  verb(experiment, 'watch <experiment>', 'follow a search to its end').action(watch);
  verb(experiment, 'pause <experiment>', 'propose and start no more trials').action(
    changer(PauseExperimentDocument, 'paused'),
  );
  verb(experiment, 'resume <experiment>', 'go on, also after its end').action(
    changer(ResumeExperimentDocument, 'resumed'),
  );
  verb(experiment, 'stop <experiment>', 'end it: running trials are stopped').action(
    changer(StopExperimentDocument, 'stopped'),
  );
  addReviseCommands(experiment);
  addAdoptCommand(experiment);
  verb(experiment, 'delete <experiment>', 'remove it with its trials, metrics and artifacts')
    .option('--yes', 'do not ask')
    .action(remove);
}

function verb(parent: Command, usage: string, description: string): Command {
  return withConnection(parent.command(usage)).description(description).option('--json', 'print JSON');
}

async function list(flags: Flags & { limit: string; sort?: string; desc?: boolean }): Promise<void> {
  const orderBy = parseOrder(flags.sort, flags.desc === true);
  await withClient(flags, async (client) => {
    const first = wholeNumber(flags.limit, '--limit');
    const { experiments } = await client.request(ExperimentsDocument, { first, orderBy });
    if (flags.json === true) return printJson(experiments.nodes);
    const rows = experiments.nodes.map((one) => [
      `${one.project.name}/${one.name}`,
      one.state,
      `${one.counts.total - one.counts.waiting - one.counts.running}/${one.search?.budget.maxTrials ?? one.counts.total}`,
      one.bestTrial ? formatNumber(one.bestTrial.value) : '-',
      one.search?.objective.metric ?? '-',
      one.createdAt,
    ]);
    printTable(
      ['experiment', 'state', 'trials', 'best', 'metric', 'created'],
      rows,
      'no experiments yet: `trialgraph search run FILE` makes one',
    );
  });
}

/** Null, which is newest first, when no sort is named. */
function parseOrder(sort: string | undefined, isDescending: boolean): ExperimentOrder | null {
  if (sort === undefined) return null;
  const known = { name: 'NAME', created: 'CREATED_AT', state: 'STATE' } as const;
  if (!Object.hasOwn(known, sort)) throw new CommandError(`cannot sort by ${sort}: say name, created or state`, 2);
  return { by: known[sort as keyof typeof known], direction: isDescending ? 'DESC' : 'ASC' };
}

async function load(client: Client, nameOrId: string) {
  const { experiment } = await client.request(ExperimentDocument, { id: await experimentId(client, nameOrId) });
  if (!experiment) throw new CommandError(`no experiment ${nameOrId}`);
  return experiment;
}

async function show(nameOrId: string, flags: Flags): Promise<void> {
  await withClient(flags, async (client) => {
    const experiment = await load(client, nameOrId);
    if (flags.json === true) return printJson(experiment);
    const { counts, search } = experiment;
    process.stdout.write(
      `${experiment.project.name}/${experiment.name}  ${experiment.state}\n${experiment.description}\n`,
    );
    if (search)
      process.stdout.write(
        `${formatObjectives(search.objectives)}${search.metricConstraints.map(formatBound).join('')} with ${search.sampler.kind}, pruner ${search.pruner.kind}${search.revision > 1 ? `, revision ${search.revision}` : ''}\n`,
      );
    process.stdout.write(
      `${counts.total} trials: ${counts.completed} completed, ${counts.pruned} pruned, ${counts.failed} failed, ${counts.stopped} stopped, ${counts.running} running, ${counts.waiting} waiting\n`,
    );
    process.stdout.write(`${costOf(experiment)}\n`);
    if (search && search.objectives.length > 1) await printFront(client, experiment.id, { json: false });
    else if (experiment.bestTrial)
      process.stdout.write(
        `best trial ${experiment.bestTrial.number}: ${formatNumber(experiment.bestTrial.value)}  ${formatParams(experiment.bestTrial.params, search?.space)}\n`,
      );
  });
}

/** What it has cost, beside the limits it has, and what of them is spent. */
function costOf({ cost, search }: Awaited<ReturnType<typeof load>>): string {
  const { hours, gpuHours, slotHours, spent } = cost;
  const of = (limit: number | null | undefined) => (limit ? ` of ${limit}` : '');
  const { maxHours, maxGpuHours, maxSlotHours } = search?.budget ?? {};
  const parts = [
    `${formatNumber(hours)}${of(maxHours)} hours`,
    `${formatNumber(gpuHours)}${of(maxGpuHours)} GPU hours`,
    `${formatNumber(slotHours)}${of(maxSlotHours)} slot hours`,
  ];
  return `cost: ${parts.join(', ')}${spent ? `; the budget is spent: ${spent}` : ''}`;
}

async function best(nameOrId: string, flags: Flags): Promise<void> {
  await withClient(flags, async (client) => {
    const { id, bestTrial, search } = await load(client, nameOrId);
    if (bestTrial && search && search.objectives.length > 1)
      return printFront(client, id, { json: flags.json === true });
    if (flags.json === true) return printJson(bestTrial);
    if (!bestTrial) throw new CommandError('no trial has completed with a finite value yet');
    process.stdout.write(
      `best trial ${bestTrial.number}: ${search?.objective.metric}=${formatNumber(bestTrial.value)}  ${formatParams(bestTrial.params, search?.space)}\n`,
    );
  });
}

function formatBound({ metric, atMost, atLeast }: MetricConstraint): string {
  return `, ${metric} ${atMost === null || atMost === undefined ? `>= ${atLeast}` : `<= ${atMost}`}`;
}

async function watch(nameOrId: string, flags: Flags): Promise<void> {
  const { watchSearch } = await import('../search/watch.js');
  const { stopSignal } = await import('../stopping.js');
  const signal = stopSignal({ limitSeconds: 5 });
  await withClient(flags, async (client) => {
    const found = await watchSearch(client, await experimentId(client, nameOrId), {
      json: flags.json === true,
      signal,
    });
    if (found === 'nothing') process.exitCode = 1;
  });
}

type Change = typeof PauseExperimentDocument | typeof ResumeExperimentDocument | typeof StopExperimentDocument;

function changer(document: Change, done: string): (nameOrId: string, flags: Flags) => Promise<void> {
  return (nameOrId, flags) =>
    withClient(flags, async (client) => {
      const variables = { id: await experimentId(client, nameOrId), clientRequestId: randomUUID() };
      const reply = await client.request(document as typeof PauseExperimentDocument, variables);
      if (flags.json === true) printJson(reply);
      else process.stdout.write(`${nameOrId} is ${done}\n`);
    });
}

async function remove(nameOrId: string, flags: Flags & { yes?: boolean }): Promise<void> {
  if (flags.yes !== true) throw new CommandError(`this removes ${nameOrId} with all its trials; say --yes to do it`, 2);
  await withClient(flags, async (client) => {
    await client.request(DeleteExperimentDocument, {
      id: await experimentId(client, nameOrId),
      clientRequestId: randomUUID(),
    });
    if (flags.json === true) printJson({ deleted: nameOrId });
    else process.stdout.write(`${nameOrId} is deleted\n`);
  });
}
