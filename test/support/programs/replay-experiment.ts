/**
 * Replays an experiment from what is stored, as a process that knows nothing else: EXPERIMENT_ID, DATABASE_URL. Each trial
 * is proposed again from `historyAt` its own proposal; what differs is named. Prints one line of JSON.
 */
import type { ExperimentId } from '../../../src/domain/ids.js';
import { historyAt } from '../../../src/search/history.js';
import { loadHistory } from '../../../src/service/search/load-history.js';
import { proposeNow } from '../../../src/service/search/proposer.js';
import { openDatabase } from '../../../src/store/database.js';
import { findSearch } from '../../../src/store/queries/history.js';
import { tables } from '../../../src/store/tables/index.js';

export interface Replayed {
  readonly trials: number;
  readonly equal: number;
  /** Numbers of trials that are not proposed again. */
  readonly different: readonly number[];
  /** Trials whose sampler failed then, which a random draw stood in for. */
  readonly fallbacks: number;
  /** Trials by state. */
  readonly states: Readonly<Record<string, number>>;
  readonly reports: number;
}

const id = process.env.EXPERIMENT_ID as ExperimentId;
const database = await openDatabase({ url: process.env.DATABASE_URL ?? '', tables, log: console.error });
try {
  const search = await findSearch(database.read, id);
  if (search === null) throw new Error(`there is no search ${id}`);
  const history = await loadHistory(database.read, database, id, search);
  const events = await database.read.query<{ number: number }>(
    `/* test */ SELECT (data->>'number')::int AS number FROM event WHERE experiment_id = $1 AND kind = 'SAMPLER_FALLBACK'`,
    [id],
  );
  const fallbacks = new Set(events.map(({ number }) => number));
  const random = { kind: 'random', options: {} };
  const different: number[] = [];
  const states: Record<string, number> = {};
  for (const trial of history.trials) {
    states[trial.state] = (states[trial.state] ?? 0) + 1;
    const sampler = fallbacks.has(trial.number) ? random : search.sampler;
    const [proposal] = proposeNow({ sampler, history: historyAt(history, trial.askedAt), count: 1 });
    if (JSON.stringify(proposal?.params) !== JSON.stringify(trial.params)) different.push(trial.number);
  }
  const { length } = history.trials;
  const reports = history.trials.reduce((sum, trial) => sum + trial.reports.length, 0);
  const replayed: Replayed = {
    trials: length,
    equal: length - different.length,
    different,
    fallbacks: fallbacks.size,
    states,
    reports,
  };
  console.log(JSON.stringify(replayed));
} finally {
  await database.close();
}
