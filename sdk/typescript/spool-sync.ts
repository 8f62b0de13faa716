/** Sends what processes left behind: after a kill, a server that was away, or recording offline. */

import { hostname } from 'node:os';
import { Client } from './client.js';
import { NetworkError } from './errors.js';
import { StartTrialDocument } from './generated/operations.js';
import { Sender, type SenderReport } from './sender.js';
import { forgetOldSent, isSent } from './sent-spools.js';
import { Spool } from './spool.js';
import { openTransport } from './transport.js';

const NO_LIMIT_MS = 0x7fffffff;

export interface SyncOptions {
  readonly url: string;
  /** A user's or service's key, or the trial's own token. */
  readonly apiKey: string | null;
  /** Also asks about what was sent within a day: a server that failed over may have lost it. */
  readonly includesSent?: boolean | undefined;
  /** Ends all waiting for a server that is away; the rest stays in the folder. Without it, waits for ever. */
  readonly signal?: AbortSignal | undefined;
  onWarning?(text: string): void;
}

export interface SyncResult {
  /** Spools that waited in the folder. */
  readonly spools: number;
  /** Points in them; those that the server had already are not stored twice. */
  readonly points: number;
  /** Points of attempts that a newer one has replaced. */
  readonly refused: number;
  /** Spools that had been sent before and were offered again. */
  readonly offered: number;
}

/**
 * Sends all spools of a folder and marks them as sent: they stay for a day. Safe to repeat, and beside a process that
 * still writes.
 *
 * @throws NetworkError when `signal` aborted with points unsent; the exception of the code when the server refuses.
 */
export async function syncSpool(folder: string, options: SyncOptions): Promise<SyncResult> {
  const result = { spools: 0, points: 0, refused: 0, offered: 0 };
  forgetOldSent(folder);
  for (const name of Spool.list(folder)) {
    const wasSent = isSent(folder, name);
    if (wasSent && options.includesSent !== true) continue;
    const spool = Spool.load(folder, name);
    if (!spool) continue; // torn within its first record: it never held a point
    const points = spool.end - spool.start;
    const report = await send(spool, options);
    if (!report.isDelivered && report.refused === 0 && report.unsent + points > 0) {
      throw new NetworkError(`${report.unsent} points of ${name} are still unsent; they stay in ${folder}`);
    }
    result.refused += report.refused;
    if (wasSent) result.offered += 1;
    else {
      result.spools += 1;
      result.points += points;
    }
  }
  return result;
}

async function send(spool: Spool, options: SyncOptions): Promise<SenderReport> {
  const { url, apiKey, signal } = options;
  const own = new Client({ url, apiKey });
  const target = await findTrial(own, spool, signal);
  const transport = openTransport(target.token ? new Client({ url, apiKey: target.token }) : own, target);
  const onWarning = options.onWarning ?? (() => undefined);
  const keepsFiles = isAlive(spool);
  if (keepsFiles) spool.leaveFiles();
  const sender = new Sender({
    spool,
    transport,
    onVerdict: () => undefined,
    onWarning,
    failsWhenRefused: true,
    keepsFiles,
  });
  sender.start();
  return sender.finish(null, NO_LIMIT_MS, signal);
}

async function findTrial(
  client: Client,
  spool: Spool,
  signal: AbortSignal | undefined,
): Promise<{ id: string; attempt: number; token?: string }> {
  const { trialId, attempt, create } = spool.header;
  if (trialId !== null || create === null) return { id: trialId ?? '', attempt };
  const input = { ...create, tags: [...create.tags], params: { ...create.params } };
  const { startTrial } = await client.request(StartTrialDocument, { input }, { signal });
  return { id: startTrial.trial.id, attempt: startTrial.attempt, token: startTrial.token };
}

/** Whether the process that wrote it may still be writing. */
function isAlive({ header }: Spool): boolean {
  if (header.host !== hostname() || header.pid === process.pid) return false;
  try {
    process.kill(header.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
