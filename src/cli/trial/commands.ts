/** `trialgraph trial <verb>`. Trials are named `project/experiment/number` or by id. */
import { randomUUID } from 'node:crypto';
import { type Command, Option } from 'commander';
import {
  StopTrialDocument,
  type TrialOrder,
  type TrialQuery,
  type TrialState,
  TrialsDocument,
} from '../../../sdk/typescript/generated/operations.js';
import { type ConnectionOptions, withClient, withConnection } from '../connection.js';
import { experimentId } from '../experiment/experiment-id.js';
import {
  CommandError,
  formatDuration,
  formatNumber,
  formatParams,
  type OutputOptions,
  printJson,
  printTable,
} from '../output.js';
import { wholeNumber } from '../whole-number.js';
import { explain } from './explain.js';
import { loadTrial } from './load-trial.js';
import { showLogs } from './logs.js';
import { pointing } from './pointing.js';

type Flags = ConnectionOptions & OutputOptions;

export function addTrialCommands(program: Command): void {
  const trial = program.command('trial').description('single sets of hyperparameters and what was observed');
  verb(trial, 'list <experiment>', 'the trials of an experiment')
    .option('--limit <n>', 'how many', '50')
    .option('--state <state...>', 'only these states')
    .option('--where <filter>', "only these, e.g. 'metrics.loss.min < 0.1 AND params.layers = 4'")
    .option(
      '--sort <by>',
      'number, state, duration, value, params.NAME, last:METRIC, min:METRIC or max:METRIC',
      'number',
    )
    .option('--desc', 'largest first')
    .action(list);
  verb(trial, 'show <trial>', 'parameters, results and attempts of one trial').action(show);
  verb(trial, 'stop <trial>', 'ask it to end').option('--reason <text>', 'why').action(stop);
  logsOptions(verb(trial, 'logs <trial>', 'what it wrote to its console')).action(showLogs);
}

/** `trialgraph logs`: short for `trial logs`. */
export function addLogsCommand(program: Command): void {
  logsOptions(verb(program, 'logs <trial>', 'console of a trial (short for `trial logs`)')).action(showLogs);
}

function verb(parent: Command, usage: string, description: string): Command {
  return withConnection(parent.command(usage)).description(description).option('--json', 'print JSON');
}

function logsOptions(command: Command): Command {
  return command
    .option('-f, --follow', 'go on as it writes')
    .addOption(new Option('--tail <n>', 'only the last n lines').conflicts(['search']))
    .addOption(
      new Option('--search <text>', 'only lines that contain this, of the whole log; case does not matter').conflicts([
        'follow',
      ]),
    )
    .addOption(new Option('--attempt <n>', 'an earlier attempt'));
}

async function list(
  experiment: string,
  flags: Flags & { limit: string; state?: string[]; where?: string; sort: string; desc?: boolean },
): Promise<void> {
  await withClient(flags, async (client) => {
    const variables = {
      experimentId: await experimentId(client, experiment),
      first: wholeNumber(flags.limit, '--limit'),
      orderBy: parseOrder(flags.sort, flags.desc === true),
      filter: flags.state ? { states: flags.state.map((state) => state.toUpperCase() as TrialState) } : null,
      where: flags.where ?? null,
    };
    const { trials } = await pointing(flags.where, () => client.request(TrialsDocument, variables));
    if (flags.json === true) return printJson(trials.nodes);
    const rows = trials.nodes.map((trial) => [
      String(trial.number),
      trial.state,
      formatNumber(trial.value),
      formatDuration(trial.durationSeconds),
      formatParams(trial.params),
    ]);
    printTable(['#', 'state', 'value', 'duration', 'params'], rows, 'no trials');
  });
}

function parseOrder(sort: string, isDescending: boolean): TrialOrder {
  const direction = isDescending ? 'DESC' : 'ASC';
  const plain = {
    number: 'NUMBER',
    state: 'STATE',
    duration: 'DURATION',
    value: 'VALUE',
    created: 'CREATED_AT',
  } as const;
  if (sort in plain) return { by: plain[sort as keyof typeof plain], direction };
  if (sort.startsWith('params.')) return { by: 'PARAM', key: sort.slice('params.'.length), direction };
  const [stat, key] = [sort.slice(0, sort.indexOf(':')), sort.slice(sort.indexOf(':') + 1)];
  const metric = { last: 'METRIC_LAST', min: 'METRIC_MIN', max: 'METRIC_MAX' } as const;
  if (stat in metric) return { by: metric[stat as keyof typeof metric], key, direction };
  throw new CommandError(
    `cannot sort by ${sort}: say number, state, duration, value, params.NAME, last:METRIC, min:METRIC or max:METRIC`,
    2,
  );
}

async function show(pathOrId: string, flags: Flags): Promise<void> {
  await withClient(flags, async (client) => {
    const trial = await loadTrial(client, pathOrId);
    if (flags.json === true) return printJson(trial);
    process.stdout.write(
      `trial ${trial.number} of ${trial.experiment.project.name}/${trial.experiment.name}  ${trial.paused ? 'PAUSED' : trial.state}  ${formatDuration(trial.durationSeconds)}\n`,
    );
    if (trial.message) process.stdout.write(`${trial.message}\n`);
    process.stdout.write(`params   ${formatParams(trial.params)}\n`);
    process.stdout.write(`by       ${explain(trial.proposedBy, trial.explanation)}\n`);
    if (trial.parent) process.stdout.write(`parent   trial ${trial.parent.number}, from its checkpoint\n`);
    const children = trial.children.map(({ number }) => number);
    if (children.length > 0) process.stdout.write(`children ${children.join(', ')}\n`);
    if (trial.isFeasible === false)
      process.stdout.write(`bounds   exceeded by ${formatNumber(trial.violation)} in all: infeasible\n`);
    if (trial.pointMean) process.stdout.write(`point    ${formatMean(trial.pointMean)} with these params\n`);
    printTable(
      ['metric', 'last', 'min', 'max', 'points'],
      trial.summary.map((one) => [
        one.key,
        formatNumber(one.last),
        formatNumber(one.min),
        formatNumber(one.max),
        String(one.count),
      ]),
      'no metrics yet',
    );
    printTable(
      ['attempt', 'state', 'runner', 'cause', 'message'],
      trial.jobs.map((job) => [
        String(job.attempt),
        job.state,
        job.runner?.name ?? '-',
        job.cause ?? '-',
        job.message?.split('\n')[0] ?? '',
      ]),
      'it was not run by a runner',
    );
    for (const artifact of trial.artifacts)
      process.stdout.write(
        `artifact ${artifact.name} (${artifact.fileName}, ${artifact.sizeBytes} bytes, ${artifact.state})\n`,
      );
  });
}

/** `mean 0.1 (95 %: 0.08 to 0.12) of 5 trials`. */
function formatMean({ count, mean, low, high }: NonNullable<TrialQuery['trial']>['pointMean'] & object): string {
  const interval = count > 1 ? ` (95 %: ${formatNumber(low)} to ${formatNumber(high)})` : '';
  return `mean ${formatNumber(mean)}${interval} of ${count} ${count === 1 ? 'trial' : 'trials'}`;
}

async function stop(pathOrId: string, flags: Flags & { reason?: string }): Promise<void> {
  await withClient(flags, async (client) => {
    const { id } = await loadTrial(client, pathOrId);
    const reply = await client.request(StopTrialDocument, {
      id,
      reason: flags.reason ?? null,
      clientRequestId: randomUUID(),
    });
    if (flags.json === true) printJson(reply.stopTrial);
    else
      process.stdout.write(
        `trial ${reply.stopTrial.number} ${reply.stopTrial.state === 'STOPPED' ? 'is stopped' : 'is asked to stop'}\n`,
      );
  });
}
