/** Stops the embedded Postgres of a data folder whose server was killed. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Finds `postmaster.pid` below `folder` and sends SIGINT (fast shutdown) to that postmaster, then waits for its end. */
export async function stopLeftPostgres(folder: string): Promise<void> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  for (const name of names.filter((one) => one.endsWith('postmaster.pid'))) {
    const [pid, directory] = (await readFile(join(folder, name), 'utf8').catch(() => '')).split('\n');
    if (!pid || !directory?.startsWith(folder)) continue;
    try {
      process.kill(Number(pid), 'SIGINT');
      for (let i = 0; i < 300; i += 1) {
        process.kill(Number(pid), 0);
        await new Promise((done) => setTimeout(done, 20));
      }
    } catch {
      // it has ended
    }
  }
}
