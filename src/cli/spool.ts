/** `trialgraph spool sync`: send points that a program had to leave on disk. */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { type ConnectionOptions, findCredentials, withConnection } from './connection.js';
import { CommandError, type OutputOptions, printJson } from './output.js';
import { stopSignal } from './stopping.js';

export function addSpoolCommands(program: Command): void {
  const spool = program.command('spool').description('points kept on disk because the server was away');
  withConnection(spool.command('sync <folder>'))
    .description('send all that is left in a spool folder, and what was sent within a day and a failover may have lost')
    .option('--json', 'print JSON')
    .action(async (folder: string, flags: ConnectionOptions & OutputOptions) => {
      if (!existsSync(folder)) throw new CommandError(`there is no folder ${folder}`, 2);
      const signal = stopSignal({ limitSeconds: 5 });
      const { syncSpool } = await import('../../sdk/typescript/spool-sync.js');
      const result = await syncSpool(folder, { ...(await findCredentials(flags)), includesSent: true, signal });
      if (flags.json === true) printJson(result);
      else {
        process.stdout.write(result.spools === 0 ? `nothing is left in ${folder}\n` : `${folder} is sent\n`);
        if (result.offered > 0)
          process.stdout.write(`${result.offered} spools that were sent before are on the server, whole\n`);
      }
    });
}
