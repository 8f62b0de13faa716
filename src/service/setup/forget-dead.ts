/**
 * Forgets tokens of trials that ended and runners that fell silent. Rarer than `cleanUp`, as it looks again at rows that
 * may have to stay; and never soon after a start, for nobody could be heard while no server listened.
 */
import { deleteDeadTrialKeys } from '../../store/queries/api-key.js';
import { deleteSilentRunners } from '../../store/queries/runner.js';
import { TRIAL_TOKEN_AFTER_END_DAYS } from '../access/identify.js';
import type { Deps } from '../deps.js';
import { firstIdAt } from '../ids.js';
import { AT_ONCE, inSteps } from './in-steps.js';

/** An agent registers anew at each start; what it ran keeps its row alive. */
const RUNNER_DAYS = 7;

/** How many of each were forgotten. */
export async function forgetDead({
  database,
  clock,
  dayMs,
}: Deps): Promise<{ readonly tokens: number; readonly runners: number }> {
  const endedBefore = new Date(clock.now().getTime() - TRIAL_TOKEN_AFTER_END_DAYS * dayMs);
  const dead = { endedBefore, madeBefore: firstIdAt(endedBefore) };
  return {
    tokens: await inSteps(database, (tx) => deleteDeadTrialKeys(tx, dead, AT_ONCE)),
    runners: await inSteps(database, (tx) => deleteSilentRunners(tx, RUNNER_DAYS * dayMs, AT_ONCE)),
  };
}
