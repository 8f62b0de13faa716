/**
 * Spools whose points the server has acknowledged. They stay for a day: a standby that takes over may lack the youngest
 * points of a trial that has ended, and then nobody else has them. A file beside the spool marks it.
 */
import { closeSync, openSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const KEPT_MS = 24 * 3_600_000;
const KEPT_BYTES = 1024 ** 3;
const MARK = '.sent';

/** Marks a spool; the day begins when it is marked first. Never throws: an unmarked one is sent again, which is safe. */
export function markSent(folder: string, name: string): void {
  try {
    closeSync(openSync(join(folder, name + MARK), 'wx', 0o600));
  } catch {
    // marked already, or the disk is full
  }
}

export function isSent(folder: string, name: string): boolean {
  return filesIn(folder).includes(name + MARK);
}

/** Deletes those older than a day and, of the others, the oldest while all together are larger than 1 GiB. Never throws. */
export function forgetOldSent(folder: string, now: number = Date.now()): void {
  const files = filesIn(folder);
  const sent = files
    .filter((file) => file.endsWith(MARK))
    .map((mark) => {
      const name = mark.slice(0, -MARK.length);
      const own = files.filter((file) => file === mark || (file.startsWith(`${name}.`) && file.endsWith('.spool')));
      return { own, at: stat(folder, mark).mtimeMs, bytes: own.reduce((sum, one) => sum + stat(folder, one).size, 0) };
    })
    .sort((a, b) => b.at - a.at);
  let bytes = 0;
  for (const spool of sent) {
    bytes += spool.bytes;
    if (now - spool.at <= KEPT_MS && bytes <= KEPT_BYTES) continue;
    for (const file of spool.own) rmSync(join(folder, file), { force: true });
  }
}

function stat(folder: string, file: string): { readonly mtimeMs: number; readonly size: number } {
  return statSync(join(folder, file), { throwIfNoEntry: false }) ?? { mtimeMs: 0, size: 0 };
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
