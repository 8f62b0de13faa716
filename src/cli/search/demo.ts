/** The demo search of `up --demo`: handwritten digits, a real network, real training on this machine. */

import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CreateExperimentFromFileDocument,
  ExperimentIdentityDocument,
} from '../../../sdk/typescript/generated/operations.js';
import type { Client } from '../../../sdk/typescript/node-client.js';
import { packageRoot } from '../../main/package-root.js';
import { type ConnectionOptions, withClient } from '../connection.js';
import { watchSearch } from './watch.js';

/** Runs it to its end. One that was interrupted goes on; a finished one is followed by the next, `digits-2`, `digits-3` … */
export async function runDemo(options: ConnectionOptions, signal: AbortSignal): Promise<void> {
  const root = packageRoot();
  const text = await readFile(join(root, 'examples/digits/search.yaml'), 'utf8');
  await withClient(options, async (client, { url }) => {
    for (let i = 1; ; i += 1) {
      const name = i === 1 ? 'digits' : `digits-${i}`;
      const { experiment: earlier } = await client
        .request(ExperimentIdentityDocument, { path: `examples/${name}` })
        .catch(nothingIfMissing);
      if (earlier && earlier.state !== 'ACTIVE') continue;
      const id = earlier?.id ?? (await create(client, text, name, root));
      process.stdout.write(
        `demo search examples/${name}${earlier ? ' goes on' : ''}: ${new URL(`/experiments/${id}`, url).href}\n`,
      );
      await watchSearch(client, id, { json: false, signal });
      return;
    }
  });
}

async function create(client: Client, text: string, name: string, root: string): Promise<string> {
  const input = { text, name, workingDirectory: root, clientRequestId: randomUUID() };
  return (await client.request(CreateExperimentFromFileDocument, { input })).createExperimentFromFile.id;
}

function nothingIfMissing(error: unknown): { experiment: null } {
  if (error instanceof Error && 'code' in error && error.code === 'NOT_FOUND') return { experiment: null };
  throw error;
}
