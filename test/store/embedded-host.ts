/** A process of its own that runs an embedded Postgres, for tests that kill it. Says what it has, then waits for SIGTERM. */

import { startEmbeddedPostgres } from '../../src/store/embedded.js';

const [directory = '', nativeDirectory] = process.argv.slice(2);

const server = await startEmbeddedPostgres({
  directory,
  log: (line) => console.error(line),
  ...(nativeDirectory && { nativeDirectory }),
});
console.log(JSON.stringify({ url: server.url, pid: server.pid }));

const staysAlive = setInterval(() => undefined, 60_000);
process.once('SIGTERM', () => {
  clearInterval(staysAlive);
  void server.stop().then(() => console.log('stopped'));
});
