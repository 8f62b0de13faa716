/** `trialgraph experiment extend | revise`: more budget, or another space, for a search that goes on or has ended. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import {
  type BudgetChangeInput,
  ExperimentDocument,
  ReviseSearchDocument,
  type ReviseSearchInput,
  type WhenSpent,
} from '../../../sdk/typescript/generated/operations.js';
import type { Client } from '../../../sdk/typescript/node-client.js';
import { type ConnectionOptions, withClient, withConnection } from '../connection.js';
import { CommandError, type OutputOptions, printJson } from '../output.js';
import { wholeNumber } from '../whole-number.js';
import { experimentId } from './experiment-id.js';

type Flags = ConnectionOptions & OutputOptions & { readonly resume?: boolean };

interface ExtendFlags extends Flags {
  readonly trials?: string;
  readonly hours?: string;
  readonly parallel?: string;
  readonly gpuHours?: string;
  readonly slotHours?: string;
  readonly whenSpent?: string;
}

export function addReviseCommands(experiment: Command): void {
  verb(experiment, 'extend <experiment>', 'give its search another budget')
    .option('--trials <n>', 'most trials: 100 in all, +50 more than now, or none for no limit')
    .option('--hours <n>', 'hours since its creation: 24, +8 or none')
    .option('--parallel <n>', 'most trials at the same time')
    .option('--gpu-hours <n>', 'GPUs times the hours that runners held them: 24, +8 or none')
    .option('--slot-hours <n>', 'the same of CPU slots')
    .addOption(
      new Option('--when-spent <what>', 'what becomes of running trials when hours are spent').choices([
        'finish',
        'stop',
      ]),
    )
    .action(extend);
  verb(experiment, 'revise <experiment> <file>', 'give its search the parameters of a search file (YAML)').action(
    revise,
  );
}

function verb(parent: Command, usage: string, description: string): Command {
  return withConnection(parent.command(usage))
    .description(description)
    .option('--resume', 'let an experiment go on that is paused or has ended')
    .option('--json', 'print JSON');
}

async function extend(nameOrId: string, flags: ExtendFlags): Promise<void> {
  const { trials, hours, parallel, gpuHours, slotHours, whenSpent } = flags;
  if ([trials, hours, parallel, gpuHours, slotHours, whenSpent].every((flag) => flag === undefined))
    throw new CommandError(
      'say what to change: --trials, --hours, --gpu-hours, --slot-hours, --parallel or --when-spent',
      2,
    );
  await withClient(flags, async (client) => {
    const id = await experimentId(client, nameOrId);
    const now = await budgetOf(client, id, nameOrId);
    const budget: BudgetChangeInput = {
      ...(trials === undefined ? {} : { maxTrials: wholeLimit(trials, now.maxTrials, '--trials') }),
      ...(hours === undefined ? {} : { maxHours: limit(hours, now.maxHours, '--hours') }),
      ...(parallel === undefined ? {} : { maxParallel: wholeNumber(parallel, '--parallel') }),
      ...(gpuHours === undefined ? {} : { maxGpuHours: limit(gpuHours, now.maxGpuHours, '--gpu-hours') }),
      ...(slotHours === undefined ? {} : { maxSlotHours: limit(slotHours, now.maxSlotHours, '--slot-hours') }),
      ...(whenSpent === undefined ? {} : { whenSpent: whenSpent.toUpperCase() as WhenSpent }),
    };
    await change(client, nameOrId, { experimentId: id, budget }, flags);
  });
}

async function revise(nameOrId: string, path: string, flags: Flags): Promise<void> {
  const file = await readFile(path, 'utf8').catch((error: Error) => {
    throw new CommandError(`cannot read the search file: ${error.message}`, 2);
  });
  await withClient(flags, async (client) =>
    change(client, nameOrId, { experimentId: await experimentId(client, nameOrId), file }, flags),
  );
}

async function change(
  client: Client,
  nameOrId: string,
  input: Pick<ReviseSearchInput, 'experimentId' | 'budget' | 'file'>,
  flags: Flags,
): Promise<void> {
  const { reviseSearch: experiment } = await client.request(ReviseSearchDocument, {
    input: { ...input, resume: flags.resume === true, clientRequestId: randomUUID() },
  });
  if (flags.json === true) return printJson(experiment);
  const { revision, budget } = experiment.search ?? {};
  const trials = budget?.maxTrials === null ? 'any number of trials' : `at most ${budget?.maxTrials} trials`;
  process.stdout.write(`${nameOrId} is ${experiment.state}, revision ${revision} of its search: ${trials}\n`);
  if (experiment.state === 'COMPLETED' || experiment.state === 'STOPPED')
    process.stdout.write(`\`trialgraph experiment resume ${nameOrId}\` lets it go on\n`);
}

async function budgetOf(client: Client, id: string, nameOrId: string) {
  const { experiment } = await client.request(ExperimentDocument, { id });
  if (!experiment?.search) throw new CommandError(`${nameOrId} has no search`);
  return experiment.search.budget;
}

function wholeLimit(text: string, now: number | null, flag: string): number | null {
  const found = limit(text, now, flag);
  return found === null ? null : wholeNumber(String(found), flag);
}

/** `100`, `+50` or `none`. */
function limit(text: string, now: number | null, flag: string): number | null {
  if (text === 'none') return null;
  const number = Number(text);
  if (text.trim() === '' || !(number > 0)) throw new CommandError(`${flag} must be a number, +number or none`, 2);
  if (!text.startsWith('+')) return number;
  if (now === null) throw new CommandError(`there is no limit now: ${flag} cannot add to it`, 2);
  return now + number;
}
