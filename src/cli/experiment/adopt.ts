/** `trialgraph experiment adopt`: trials that ran outside of a search, for its models to learn from. */
import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { AdoptTrialsDocument } from '../../../sdk/typescript/generated/operations.js';
import { type ConnectionOptions, withClient, withConnection } from '../connection.js';
import { CommandError, type OutputOptions, printJson } from '../output.js';
import { experimentId } from './experiment-id.js';

interface Flags extends ConnectionOptions, OutputOptions {
  readonly from?: string[];
  readonly trial?: string[];
  readonly keepMisfits?: boolean;
  readonly ignoreUnknown?: boolean;
}

export function addAdoptCommand(experiment: Command): void {
  withConnection(experiment.command('adopt <experiment>'))
    .description('let its search learn from trials that ran outside of it')
    .option('--from <experiment...>', 'all ended trials of these experiments')
    .option('--trial <trial...>', 'single trials: project/experiment/number, or ids')
    .option('--keep-misfits', 'keep those that are not legal in its space, outside its models, instead of refusing all')
    .option('--ignore-unknown', 'leave out params that the space has not')
    .option('--json', 'print JSON')
    .action(adopt);
}

async function adopt(nameOrId: string, flags: Flags): Promise<void> {
  const { from = [], trial = [] } = flags;
  if (from.length + trial.length === 0) throw new CommandError('say which: --from experiments, or --trial trials', 2);
  await withClient(flags, async (client) => {
    const { adoptTrials } = await client.request(AdoptTrialsDocument, {
      input: {
        experimentId: await experimentId(client, nameOrId),
        experiments: from,
        trials: trial,
        misfits: flags.keepMisfits === true ? 'KEEP' : 'REFUSE',
        ignoreUnknown: flags.ignoreUnknown === true,
        clientRequestId: randomUUID(),
      },
    });
    if (flags.json === true) return printJson(adoptTrials);
    process.stdout.write(`${nameOrId} learns from ${adoptTrials.adopted} more trials\n`);
    if (adoptTrials.outside.length > 0)
      process.stdout.write(`outside its space, and not modelled: ${adoptTrials.outside.join(', ')}\n`);
  });
}
