#!/usr/bin/env node
/** The command line: `trialgraph <noun> <verb>`. Commands load what they need when they run, so that help is instant. */
import { Command } from 'commander';
import { addExperimentCommands } from './experiment/commands.js';
import { addExportCommands } from './export/commands.js';
import { addKeyCommands } from './key/commands.js';
import { addMethodCommands } from './method/commands.js';
import { reportFailure } from './output.js';
import { addRunnerCommands } from './runner/commands.js';
import { addSearchCommands } from './search/commands.js';
import { addServerCommand } from './server.js';
import { addSessionCommands } from './session.js';
import { addSpoolCommands } from './spool.js';
import { addLogsCommand, addTrialCommands } from './trial/commands.js';
import { addUpCommand } from './up.js';

const program = new Command('trialgraph')
  .description(
    'Records what you tried, proposes what to try next, runs it on your GPUs, and shows it while it happens.',
  )
  .version('0.1.0')
  .showHelpAfterError('(add --help for what is possible)')
  .configureHelp({ sortSubcommands: false, showGlobalOptions: true });

addUpCommand(program);
addServerCommand(program);
addSessionCommands(program);
addSearchCommands(program);
addMethodCommands(program);
addExperimentCommands(program);
addTrialCommands(program);
addLogsCommand(program);
addExportCommands(program);
addRunnerCommands(program);
addKeyCommands(program);
addSpoolCommands(program);

// A reader that has seen enough (`| head`) ends a command as Ctrl+C would; a supervised process goes on unheard.
for (const stream of [process.stdout, process.stderr]) stream.on('error', leave);

// A reader that is gone (a closed terminal, `| head`) is no failure: what is under way still ends in order.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

program.parseAsync().catch((error: unknown) => {
  process.exitCode = reportFailure(error);
});

let isLeaving = false;
function leave(): void {
  if (isLeaving || process.connected) return;
  isLeaving = true;
  if (!process.emit('SIGTERM')) process.exit(0);
}
