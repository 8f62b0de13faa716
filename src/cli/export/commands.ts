/** `trialgraph export metrics | trials`: points and trials as a file, however many there are. */
import { type Command, Option } from 'commander';
import type { ExportFormat } from '../../../sdk/typescript/export.js';
import { type ConnectionOptions, withClient, withConnection } from '../connection.js';
import { CommandError } from '../output.js';
import { stopSignal } from '../stopping.js';
import { pointing } from '../trial/pointing.js';
import { saveBytes } from './save-bytes.js';

interface Flags extends ConnectionOptions {
  readonly format: ExportFormat;
  readonly keys?: readonly string[];
  readonly where?: string;
  readonly out?: string;
}

export function addExportCommands(program: Command): void {
  const parent = program.command('export').description('points and trials as CSV or Arrow, for other tools');
  verb(parent, 'metrics <experiment>', 'every point: trial, attempt, key, step, time, value').action(
    (nameOrId: string, flags: Flags) => save('metrics', nameOrId, flags),
  );
  verb(parent, 'trials <experiment>', 'one row per trial: state, parameters, last, min and max of its metrics')
    .option('--where <filter>', "only these, e.g. 'metrics.loss.min < 0.1 AND params.layers = 4'")
    .action((nameOrId: string, flags: Flags) => save('trials', nameOrId, flags));
}

function verb(parent: Command, usage: string, description: string): Command {
  return withConnection(parent.command(usage))
    .description(description)
    .option('--keys <key...>', 'only these metrics')
    .addOption(new Option('--format <format>', 'of the file').choices(['csv', 'arrow']).default('csv'))
    .option('--out <file>', 'where to write; default: standard output');
}

async function save(what: 'metrics' | 'trials', nameOrId: string, flags: Flags): Promise<void> {
  const { format, keys, where, out } = flags;
  if (format === 'arrow' && out === undefined && process.stdout.isTTY)
    throw new CommandError('Arrow is not for reading on a terminal: name a file with --out, or pipe it on', 2);
  const signal = stopSignal({ limitSeconds: 5 });
  await withClient(flags, async (client) => {
    const experiment = await client.experiment(nameOrId);
    const bytes = await pointing(where, () => experiment.export(what, { format, keys, where, signal }));
    await saveBytes(bytes, out ?? null, signal);
  });
}
