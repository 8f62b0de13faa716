/** `trialgraph key <verb>`: API keys. A secret is printed once, to stdout, and never again. */
import { randomUUID } from 'node:crypto';
import { type Command, Option } from 'commander';
import {
  type ApiKeyKind,
  ApiKeysDocument,
  CreateApiKeyDocument,
  ResourcePoolsDocument,
  RevokeApiKeyDocument,
  type Role,
} from '../../../sdk/typescript/generated/operations.js';
import { type ConnectionOptions, withClient, withConnection } from '../connection.js';
import { CommandError, type OutputOptions, printJson, printTable } from '../output.js';
import { wholeNumber } from '../whole-number.js';

interface CreateFlags extends ConnectionOptions, OutputOptions {
  readonly kind: string;
  readonly role?: string;
  readonly pool?: string;
  readonly days?: string;
  readonly quiet?: boolean;
}

export function addKeyCommands(program: Command): void {
  const key = program.command('key').description('API keys');
  withConnection(key.command('create [name]'))
    .description('make a key and print its secret once')
    .addOption(new Option('--kind <kind>', 'what it is for').choices(['user', 'service', 'runner']).default('user'))
    .addOption(new Option('--role <role>', 'narrow its power').choices(['viewer', 'writer', 'submitter', 'admin']))
    .option('--pool <name>', 'the pool that a runner key may lease from', 'default')
    .option('--days <n>', 'days until it expires')
    .option('--quiet', 'print the secret only')
    .option('--json', 'print JSON')
    .action(create);
  withConnection(key.command('list')).description('your keys').option('--json', 'print JSON').action(list);
  withConnection(key.command('revoke <id>'))
    .description('end a key at once')
    .option('--json', 'print JSON')
    .action(revoke);
}

async function create(name: string | undefined, flags: CreateFlags): Promise<void> {
  await withClient(flags, async (client) => {
    const kind = flags.kind.toUpperCase() as ApiKeyKind;
    const { resourcePools } =
      kind === 'RUNNER' ? await client.request(ResourcePoolsDocument, {}) : { resourcePools: [] };
    const pool = resourcePools.find((one) => one.name === flags.pool);
    if (kind === 'RUNNER' && !pool) throw new CommandError(`no pool ${flags.pool}`);
    const input = {
      kind,
      name: name ?? `${flags.kind} key`,
      role: (flags.role?.toUpperCase() as Role | undefined) ?? null,
      poolId: pool?.id ?? null,
      expiresInDays: flags.days === undefined ? null : wholeNumber(flags.days, '--days'),
      clientRequestId: randomUUID(),
    };
    const { createApiKey } = await client.request(CreateApiKeyDocument, { input });
    if (flags.json === true) return printJson(createApiKey);
    if (flags.quiet !== true)
      process.stderr.write(`key ${createApiKey.apiKey.name} (${createApiKey.apiKey.id}); this is shown once:\n`);
    process.stdout.write(`${createApiKey.secret}\n`);
  });
}

async function list(flags: ConnectionOptions & OutputOptions): Promise<void> {
  await withClient(flags, async (client) => {
    const { apiKeys } = await client.request(ApiKeysDocument, { first: 200 });
    if (flags.json === true) return printJson(apiKeys.nodes);
    const rows = apiKeys.nodes.map((one) => [
      one.id,
      one.kind,
      one.name,
      one.role ?? '-',
      one.revokedAt ? 'revoked' : (one.expiresAt ?? 'no expiry'),
      one.lastUsedAt ?? 'never',
    ]);
    printTable(['id', 'kind', 'name', 'role', 'expires', 'last used'], rows, 'no keys');
  });
}

async function revoke(id: string, flags: ConnectionOptions & OutputOptions): Promise<void> {
  await withClient(flags, async (client) => {
    const { revokeApiKey } = await client.request(RevokeApiKeyDocument, { id, clientRequestId: randomUUID() });
    if (flags.json === true) printJson(revokeApiKey);
    else process.stdout.write(`key ${revokeApiKey.name} is revoked\n`);
  });
}
