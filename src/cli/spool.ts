/** `trialgraph spool sync`: send points that a program had to leave on disk. */
import type { Command } from 'commander';
import { type ConnectionOptions, findCredentials, withConnection } from './connection.js';
import { type OutputOptions, printJson } from './output.js';
import { stopSignal } from './stopping.js';

export function addSpoolCommands(program: Command): void {
  const spool = program.command('spool').description('points kept on disk because the server was away');
  withConnection(spool.command('sync <folder>'))
    .description('send all that is left in a spool folder')
    .option('--json', 'print JSON')
    .action(async (folder: string, flags: ConnectionOptions & OutputOptions) => {
      const signal = stopSignal({ limitSeconds: 5 });
      const { syncSpool } = await import('../../sdk/typescript/spool-sync.js');
      const result = await syncSpool(folder, { ...(await findCredentials(flags)), signal });
      if (flags.json === true) printJson(result);
      else process.stdout.write(`${folder} is sent\n`);
    });
}
