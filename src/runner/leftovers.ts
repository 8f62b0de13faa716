/** Cleans up after an agent that died: sends the points its jobs had spooled, then removes their folders. */
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { JobNote } from './job.js';
import type { ServerApi } from './server-api.js';

const SYNC_LIMIT_MS = 10_000;

/**
 * Called before the new agent registers: until then the old leases stand, and their tokens may still write. What the
 * server refuses is superseded; what it cannot take in time stays where it is for `trialgraph spool sync`.
 */
export async function clearLeftovers(
  jobsDirectory: string,
  api: ServerApi,
  log: (line: string) => void,
): Promise<void> {
  for (const jobId of await readdir(jobsDirectory)) {
    const directory = join(jobsDirectory, jobId);
    const note = await readNote(directory);
    const sent = note === null || (await send(note, join(directory, 'spool'), api));
    if (sent) await rm(directory, { recursive: true, force: true });
    else log(`unsent points of trial ${note.trialId} stay in ${directory}`);
  }
}

async function readNote(directory: string): Promise<JobNote | null> {
  try {
    return JSON.parse(await readFile(join(directory, 'job.json'), 'utf8')) as JobNote;
  } catch {
    return null; // died before anything was started
  }
}

async function send(note: JobNote, spool: string, api: ServerApi): Promise<boolean> {
  try {
    await api.syncSpool(note.token, spool, AbortSignal.timeout(SYNC_LIMIT_MS));
    return true;
  } catch {
    return false;
  }
}
