/** Reliability F10 on a real small file system: needs the right to mount one. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportMetrics } from '../../../src/service/metric/report-metrics.js';
import { findTrial } from '../../../src/service/trial/find-trial.js';
import { finishTrial } from '../../../src/service/trial/finish-trial.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../../src/store/embedded.js';
import { migrate } from '../../../src/store/migrate.js';
import { budgetGauge, clusterGauges } from '../../../src/store/storage/gauges.js';
import { createStorageGuard } from '../../../src/store/storage/storage-guard.js';
import { addTrial, codeOf } from '../../support/builders.js';
import { MIGRATIONS } from '../../support/database.js';
import { openWorld, type World } from '../../support/world.js';

const MIB = 2 ** 20;
const POINTS = 1_000;

/** A file system of our own, or why there is none. */
function mountSmall(): { readonly directory: string } | { readonly reason: string } {
  const directory = mkdtempSync(path.join(tmpdir(), 'trialgraph-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400m,mode=755', 'tmpfs', directory], { stdio: 'pipe' });
    return { directory };
  } catch {
    rmSync(directory, { recursive: true, force: true });
    return { reason: 'this account may not mount a small file system' };
  }
}

const disk = mountSmall();
if ('reason' in disk) console.warn(`skipped: ${disk.reason}`);

describe.skipIf('reason' in disk)('a disk that fills up', () => {
  const directory = 'directory' in disk ? disk.directory : '';
  let postgres: EmbeddedPostgres;
  let world: World;

  beforeAll(async () => {
    chmodSync(directory, 0o755);
    postgres = await startEmbeddedPostgres({
      directory,
      log: () => undefined,
      settings: { max_wal_size: '64MB', min_wal_size: '32MB', max_connections: '40' },
    });
    await migrate({ url: postgres.url, directory: MIGRATIONS, log: () => undefined });
    world = await openWorld({ url: postgres.url });
  }, 120_000);
  afterAll(async () => {
    await world.close();
    await postgres.stop();
    execFileSync('umount', [directory]);
    rmSync(directory, { recursive: true, force: true });
  });

  it('loses nothing that was acknowledged, refuses in time, goes on reading and comes back by itself', async () => {
    const { logged } = world;
    const storage = createStorageGuard({
      gauges: await clusterGauges(world.deps.database.vital.read, 64 * MIB),
      monotonicMs: world.clock.monotonicMs,
      log: (line) => void logged.push(line),
    });
    const deps = { ...world.deps, storage };
    const trial = await addTrial(world);
    const other = await addTrial(world);
    const values = Float64Array.from({ length: POINTS }, () => randomBytes(6).readUIntLE(0, 6));
    const column = Float64Array.from({ length: POINTS }, (_, i) => i);
    let acked = 0;
    const report = async () => {
      const series = [{ key: 'loss', steps: column, times: column, values }];
      const batch = { trialId: trial.id, attempt: 1, stream: 's', seq: acked, series };
      acked = (await reportMetrics(deps, world.admin, batch)).nextSeq;
    };
    const ballast = path.join(directory, 'ballast');
    await storage.look();
    for (let i = 0; i < 20; i++) await report();

    const { bavail, bsize } = statfsSync(directory);
    writeFileSync(ballast, Buffer.alloc(bavail * bsize - 66 * MIB));
    let refused = 'no error';
    for (let i = 0; i < 2_000 && refused === 'no error'; i++) {
      if (i % 10 === 0) await storage.look(); // as the timer would
      refused = await codeOf(report());
    }
    expect(refused).toBe('STORAGE_FULL');
    expect(await codeOf(report())).toBe('STORAGE_FULL');

    const empty = { trialId: trial.id, attempt: 1, stream: 's', seq: acked, series: [] };
    expect((await reportMetrics(deps, world.admin, empty)).outcome).toBe('ACCEPTED');
    expect((await findTrial(deps, world.admin, { id: trial.id }))?.id).toBe(trial.id);
    await finishTrial(deps, world.admin, { trialId: other.id, attempt: 1, state: 'COMPLETED' });
    expect((await findTrial(deps, world.admin, { id: other.id }))?.state).toBe('COMPLETED');

    rmSync(ballast);
    await storage.look();
    await report();
    const [stored] = await deps.database.read.query<{ n: number }>(
      '/* test */ SELECT sum(g.n)::int AS n FROM metric_segment g JOIN metric_stream s ON s.id = g.stream_id WHERE s.trial_id = $1',
      [trial.id],
    );
    expect(stored?.n).toBe(acked);
    expect(logged.filter((line) => line.startsWith('storage:'))).toHaveLength(2);
  }, 120_000);

  it('may be a budget for a database elsewhere', async () => {
    const { vital } = world.deps.database;
    const roomy = await budgetGauge(vital.read, 10 ** 12)();
    const tight = await budgetGauge(vital.read, 10 * MIB)();

    expect(roomy.freeBytes).toBeGreaterThan(roomy.highBytes);
    expect(tight.freeBytes).toBeLessThan(tight.lowBytes);
  });
});
