/** `trialgraph login | logout | open | whoami`: the login that is kept for this person. */
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { CreateLoginLinkDocument, ViewerDocument } from '../../sdk/typescript/generated/operations.js';
import { Client } from '../../sdk/typescript/node-client.js';
import {
  type ConnectionOptions,
  forgetCredentials,
  keepCredentials,
  withClient,
  withConnection,
} from './connection.js';
import { CommandError, type OutputOptions, printJson } from './output.js';

export function addSessionCommands(program: Command): void {
  program
    .command('login <url>')
    .description('keep an API key for a server; the key is read from TRIALGRAPH_API_KEY, a pipe, or a prompt')
    .action(async (url: string) => {
      const apiKey = process.env.TRIALGRAPH_API_KEY ?? (await askForKey());
      const client = new Client({ url, apiKey });
      const { viewer } = await client.request(ViewerDocument, {}, { retry: false }).finally(() => client.close());
      const path = await keepCredentials({ url, apiKey });
      process.stdout.write(`logged in to ${url} as ${viewer.user?.name ?? viewer.kind}; kept in ${path}\n`);
    });
  program
    .command('logout')
    .description('forget the kept key')
    .action(async () => {
      await forgetCredentials();
      process.stdout.write('logged out\n');
    });
  withConnection(program.command('open'))
    .description('print an address that opens the dashboard signed in; it works once')
    .option('--json', 'print JSON')
    .action((options: ConnectionOptions & OutputOptions) =>
      withClient(options, async (client, { url }) => {
        const { createLoginLink } = await client.request(CreateLoginLinkDocument, {});
        const address = new URL(createLoginLink.path, url).href;
        if (options.json === true) printJson({ address, expiresAt: createLoginLink.expiresAt });
        else process.stdout.write(`${address}\n`);
      }),
    );
  withConnection(program.command('whoami'))
    .description('show which server is used, and as whom')
    .option('--json', 'print JSON')
    .action((options: ConnectionOptions & OutputOptions) =>
      withClient(options, async (client, { url }) => {
        const { viewer } = await client.request(ViewerDocument, {}, { retry: false });
        if (options.json === true) printJson({ url, ...viewer });
        else
          process.stdout.write(
            `${viewer.user?.name ?? viewer.kind} (${viewer.role ?? 'roles in single projects'}) of ${viewer.organization.name} at ${url}\n`,
          );
      }),
    );
}

async function askForKey(): Promise<string> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  if (process.stdin.isTTY) process.stderr.write('API key: ');
  const key = (await prompt.question('')).trim();
  prompt.close();
  if (key === '') throw new CommandError('no API key was given', 2);
  return key;
}
