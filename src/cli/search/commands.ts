/** `trialgraph search run FILE`: create an experiment from a search file and watch it. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { CreateExperimentFromFileDocument } from '../../../sdk/typescript/generated/operations.js';
import { type ConnectionOptions, withClient, withConnection } from '../connection.js';
import { CommandError, type OutputOptions, printJson } from '../output.js';
import { stopSignal } from '../stopping.js';
import { watchSearch } from './watch.js';

interface RunFlags extends ConnectionOptions, OutputOptions {
  readonly name?: string;
  readonly project?: string;
  readonly directory: string;
  readonly seed?: string;
  readonly detach?: boolean;
}

export function addSearchCommands(program: Command): void {
  const search = program.command('search').alias('sweep').description('hyperparameter searches');
  withConnection(search.command('run <file>'))
    .description('create an experiment from a search file (YAML) and show its progress; runners execute the trials')
    .option('--name <name>', 'name of the experiment, instead of the one in the file')
    .option('--project <name>', 'project, instead of the one in the file')
    .option('--directory <folder>', 'folder in which runners start the command', '.')
    .option('--seed <text>', 'seed of the proposals, instead of the one in the file')
    .option('--detach', 'return as soon as it is created')
    .option('--json', 'print JSON, one document a line')
    .action(runSearch);
}

async function runSearch(file: string, flags: RunFlags): Promise<void> {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new CommandError(`cannot read the search file: ${error.message}`, 2);
  });
  const signal = stopSignal({ limitSeconds: 5 });
  await withClient(flags, async (client, { url }) => {
    const input = {
      text,
      name: flags.name ?? null,
      project: flags.project ?? null,
      seed: flags.seed ?? null,
      workingDirectory: resolve(flags.directory),
      clientRequestId: randomUUID(),
    };
    const { createExperimentFromFile: experiment } = await client.request(CreateExperimentFromFileDocument, { input });
    const address = new URL(`/experiments/${experiment.id}`, url).href;
    if (flags.json !== true)
      process.stdout.write(`experiment ${experiment.project.name}/${experiment.name}  ${address}\n`);
    if (flags.detach !== true) {
      const found = await watchSearch(client, experiment.id, { json: flags.json === true, signal, endedBefore: 0 });
      if (found === 'nothing') process.exitCode = 1;
      const name = `${experiment.project.name}/${experiment.name}`;
      if (signal.aborted)
        process.stderr.write(
          `the search goes on: \`trialgraph experiment watch ${name}\` shows it, \`trialgraph experiment stop ${name}\` ends it\n`,
        );
    } else if (flags.json === true) printJson({ ...experiment, address });
  });
}
