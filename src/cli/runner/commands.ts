/** `trialgraph runner <verb>`: the agents that execute trials. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { DrainRunnerDocument, RunnersDocument } from '../../../sdk/typescript/generated/operations.js';
import {
  type ConnectionOptions,
  type Credentials,
  findCredentials,
  withClient,
  withConnection,
} from '../connection.js';
import { type OutputOptions, printJson, printTable, reportFailure } from '../output.js';
import { stopSignal } from '../stopping.js';
import { wholeNumber } from '../whole-number.js';

interface StartFlags extends ConnectionOptions {
  readonly pool: string;
  readonly name?: string;
  readonly slots?: string;
  readonly gpus?: string;
  readonly executor: string;
  readonly quiet?: boolean;
}

export function addRunnerCommands(program: Command): void {
  const runner = program.command('runner').description('agents that execute trials');
  withConnection(runner.command('start'))
    .description('run trials on this machine until Ctrl+C (which gives its work back)')
    .addOption(new Option('--pool <name>', 'pool to lease from').env('TRIALGRAPH_POOL').default('default'))
    .addOption(
      new Option('--name <name>', 'name of this runner (default: the host name)').env('TRIALGRAPH_RUNNER_NAME'),
    )
    .addOption(
      new Option('--slots <n>', 'trials at once (default: number of cores, at least one per GPU)').env(
        'TRIALGRAPH_SLOTS',
      ),
    )
    .addOption(
      new Option('--gpus <indices>', 'GPUs to offer, e.g. 0,1 (default: all; none: an empty text)').env(
        'TRIALGRAPH_GPUS',
      ),
    )
    .addOption(
      new Option('--executor <kind>', 'how commands are executed').env('TRIALGRAPH_EXECUTOR').default('process'),
    )
    .option('--quiet', 'say only what went wrong')
    .action(start);
  withConnection(runner.command('list'))
    .description('runners and what they do')
    .option('--json', 'print JSON')
    .action(list);
  withConnection(runner.command('drain <id>'))
    .description('let a runner finish its trials and end')
    .option('--json', 'print JSON')
    .action(drain);
}

async function start(flags: StartFlags): Promise<void> {
  const { url, apiKey } = await runnerCredentials(flags);
  const signal = stopSignal({ limitSeconds: 40 });
  const { runRunner } = await import('../../main/runner.js');
  await runRunner(
    {
      url,
      apiKey,
      dataDirectory: flags.dataDir,
      pool: flags.pool,
      name: flags.name ?? null,
      slots: flags.slots === undefined ? null : wholeNumber(flags.slots, '--slots'),
      gpuIndices: flags.gpus === undefined ? null : flags.gpus.split(',').filter(Boolean).map(gpuIndex),
      executor: flags.executor,
      environment: process.env,
      note: (line) => flags.quiet === true || process.stdout.write(`${line}\n`),
      log: (line) => process.stdout.write(`${line}\n`),
    },
    signal,
  ).catch((error: unknown) => process.exit(reportFailure(error))); // a supervisor's channel would keep us alive
  process.exit(0);
}

function gpuIndex(text: string): number {
  return wholeNumber(text, '--gpus', 0);
}

/** A runner's own key first: the server of this folder keeps one beside its data. */
async function runnerCredentials(flags: StartFlags): Promise<Credentials> {
  if (process.env.TRIALGRAPH_API_KEY) return findCredentials(flags);
  const text = await readFile(resolve(flags.dataDir, 'runner.json'), 'utf8').catch(() => null);
  const kept = text === null ? null : (JSON.parse(text) as Credentials);
  return kept && (flags.url === undefined || new URL(flags.url).host === new URL(kept.url).host)
    ? kept
    : findCredentials(flags);
}

async function list(flags: ConnectionOptions & OutputOptions): Promise<void> {
  await withClient(flags, async (client) => {
    const { runners } = await client.request(RunnersDocument, { first: 200 });
    if (flags.json === true) return printJson(runners.nodes);
    const rows = runners.nodes.map((one) => [
      one.id,
      one.name,
      one.pool.name,
      one.state,
      `${one.jobs.length}/${one.slots}`,
      String(one.gpus.length),
      one.contactAt,
    ]);
    printTable(
      ['id', 'name', 'pool', 'state', 'busy', 'gpus', 'last contact'],
      rows,
      'no runners yet: `trialgraph runner start` starts one',
    );
  });
}

async function drain(id: string, flags: ConnectionOptions & OutputOptions): Promise<void> {
  await withClient(flags, async (client) => {
    const { drainRunner } = await client.request(DrainRunnerDocument, { id, clientRequestId: randomUUID() });
    if (flags.json === true) printJson(drainRunner);
    else process.stdout.write(`runner ${drainRunner.name} takes no more work and ends when its trials have ended\n`);
  });
}
