import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { spawnServer, stopped, clientOf } from './support/server.js';
import { startEmbeddedPostgres } from '../src/store/embedded.js';
const root = mkdtempSync('/tmp/trialgraph-bench-'); chmodSync(root, 0o755);
const postgres = await startEmbeddedPostgres({ directory: path.join(root, 'postgres'), log: () => undefined });
for (let i = 0; i < 4; i++) {
  const t0 = performance.now();
  const child = spawnServer({ directory: root, databaseUrl: postgres.url, port: 18999 });
  await new Promise<void>((r) => child.stdout!.on('data', (d) => d.toString().includes('ready') && r()));
  const t1 = performance.now();
  await fetch('http://127.0.0.1:18999/graphql', { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${clientOf(root).apiKey}` }, body: JSON.stringify({ query: '{ viewer { organization { id } } }' }) }).then((r) => r.json());
  console.log(i, (t1 - t0).toFixed(), (performance.now() - t1).toFixed());
  await stopped(child);
}
await postgres.stop(); rmSync(root, { recursive: true });
