/**
 * A Postgres of our own, for when no DATABASE_URL is given: starts it, or attaches to the one that already runs on the
 * same directory, keeps it alive, and stops it when its last user leaves. It never signals a process that it did not
 * start or prove to be ours, and knows nothing of tables: migrations are run by `main/`.
 */

import path from 'node:path';

import { prepareBinaries } from './embedded/binaries.js';
import { prepareCluster } from './embedded/cluster.js';
import { choosePlace } from './embedded/place.js';
import { Supervisor } from './embedded/supervisor.js';
import { registerUser } from './embedded/users.js';

export interface EmbeddedPostgres {
  /** `postgres://trialgraph:<password>@127.0.0.1:<port>/trialgraph`; the same until `stop`, also over restarts. */
  readonly url: string;
  /** The process id of the server that runs now; another one after a restart. */
  readonly pid: number;
  /** Stops the server and waits until it is gone, unless another live process uses it too. Close pools first. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Where the cluster lives. As root it may move to where an unprivileged user can reach it; a file here tells. */
  readonly directory: string;
  /** Takes one line, without its end, for each thing that a user should know. */
  log(line: string): void;
  /** The folder with bin/, lib/ and share/; by default that of the installed package for this platform. */
  readonly nativeDirectory?: string;
  /** Server settings that win over ours, as in `{ fsync: 'off' }` for tests. They apply only if this call starts the server. */
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * A running Postgres with an empty or earlier database `trialgraph` that answers queries.
 *
 * Every committed row survives `kill -9` of this process, of the server, or of both. A server that dies while in use
 * is started again on the same port; queries that were under way fail, and pools reconnect.
 *
 * @throws Error with the remedy when there is no Postgres for this platform, the directory cannot be used, or the
 * server does not start within a minute.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { log, settings = {} } = options;
  const place = choosePlace(path.resolve(options.directory), log);
  const binaries = prepareBinaries(place, options.nativeDirectory);
  const cluster = await prepareCluster(place, binaries, log);
  const user = registerUser(place);

  const supervisor = new Supervisor({ cluster, binaries, user, settings, log });
  await supervisor.start();

  return {
    url: supervisor.url,
    get pid() {
      return supervisor.pid;
    },
    stop: () => supervisor.stop(),
  };
}
