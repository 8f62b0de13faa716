import { createMetricStore } from '../../../src/store/metrics/postgres/metric-store.js';
import { metricStoreContract, type Report } from '../../contract/metric-store.js';
import type { Ground } from './ground.js';
import { openGround } from './ground.js';

metricStoreContract('Postgres', async () => {
  const ground: Ground = await openGround();
  const { database } = ground;
  const store = createMetricStore(database);
  return {
    store,
    another: async () => createMetricStore(await ground.openAnother()),
    newExperiment: ground.newExperiment,
    newTrial: ground.newTrial,
    raiseEpoch: async (trialId, { newAttempt }) => {
      await database.read.query(
        'UPDATE trial_lease SET epoch = epoch + 1, attempt = attempt + $2 WHERE trial_id = $1',
        [trialId, newAttempt ? 1 : 0],
      );
    },
    endTrial: async (trialId) => {
      await database.read.query(`UPDATE trial SET state = 'COMPLETED', ended_at = now() WHERE id = $1`, [trialId]);
    },
    reports: (trialId) =>
      database.read.query<Report>(
        'SELECT attempt, step, value, position FROM trial_report WHERE trial_id = $1 ORDER BY attempt, step',
        [trialId],
      ),
    placeReports: async (trialId, position) => {
      await database.read.query('UPDATE trial_report SET position = $2 WHERE trial_id = $1', [trialId, position]);
    },
    dropped: async (trialId) =>
      (await database.read.query<{ dropped: number }>('SELECT dropped FROM trial WHERE id = $1', [trialId]))[0]
        ?.dropped ?? 0,
    close: async () => {
      await store.close();
      await ground.close();
    },
  };
});
