/** How lately something was heard from: what people are shown. Leases, not these, decide what is reclaimed. */
import type { Runner, RunnerState } from './runner.js';
import type { Trial } from './trial.js';

/** `LIVE` lately heard from, `DISCONNECTED` may come back, `LOST` likely dead. */
export type Contact = 'LIVE' | 'DISCONNECTED' | 'LOST';

const LIVE_MS = 90_000;
const LOST_MS = 15 * 60_000;

/** The contact of a running trial at `now`; null when it does not run. */
export function contactOf(trial: Pick<Trial, 'state' | 'contactAt' | 'startedAt'>, now: Date): Contact | null {
  if (trial.state !== 'RUNNING') return null;
  const heardAt = trial.contactAt ?? trial.startedAt;
  if (heardAt === null) return 'LIVE';
  const silentMs = now.getTime() - heardAt.getTime();
  if (silentMs <= LIVE_MS) return 'LIVE';
  return silentMs <= LOST_MS ? 'DISCONNECTED' : 'LOST';
}

/** The state of a runner at `now`, given the lease time of its pool: one lease of silence is offline. */
export function runnerStateOf(
  runner: Pick<Runner, 'draining' | 'contactAt'>,
  leaseSeconds: number,
  now: Date,
): RunnerState {
  if (now.getTime() - runner.contactAt.getTime() > leaseSeconds * 1000) return 'OFFLINE';
  return runner.draining ? 'DRAINING' : 'ONLINE';
}
