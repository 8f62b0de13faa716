/** Tells an out-of-memory kill from any other SIGKILL: by the cgroup's own counter, never by exit code 137 alone. */
import { readFile } from 'node:fs/promises';

export interface OomCounter {
  /** Whether the kernel killed for memory in our cgroup since the counter was made. False where cgroup v2 is missing. */
  hasKilledSince(): Promise<boolean>;
}

export async function createOomCounter(): Promise<OomCounter> {
  const before = await readKills();
  return { hasKilledSince: async () => (await readKills()) > before };
}

async function readKills(): Promise<number> {
  const own = await readFile('/proc/self/cgroup', 'utf8').catch(() => '');
  const path = /^0::(.*)$/m.exec(own)?.[1];
  if (path === undefined) return 0;
  const events = await readFile(`/sys/fs/cgroup${path === '/' ? '' : path}/memory.events`, 'utf8').catch(() => '');
  return Number(/^oom_kill (\d+)$/m.exec(events)?.[1] ?? 0);
}
