/**
 * From the moment a script sends a report to the moment a subscriber of the trial holds its points: HTTP, login, commit
 * to disk, wake-up, read and graphql-ws in it; with 1, 100 and 1,000 trials (`--trials`) that each report ten points a
 * second, of which up to 20 are followed. Beside the round trip of a bare WebSocket echo with a message as large, which
 * is the limit that no such path can pass.
 */
import { parseArgs } from 'node:util';
import { cpuSeconds } from './support/cpu.js';
import { echoRoundTrips } from './support/echo.js';
import { follow } from './support/follow.js';
import { cost, finish, latency, quantile, type Result } from './support/result.js';
import { type BenchServer, startBenchServer, startTrials } from './support/server.js';
import { GraphqlWriter } from './support/writers.js';

const { values: flags } = parseArgs({
  options: { trials: { type: 'string', default: '1,100,1000' }, seconds: { type: 'string', default: '20' } },
});
const MOST_FOLLOWED = 20;
/** Of few trials more reports, as there would be too few; longer than the shortest time between two deltas (250 ms). */
const everyMs = (trials: number) => (trials > MOST_FOLLOWED ? 1_000 : 350);
const SHAPE = { points: 10, metrics: 1 };
const WARM_MS = 3_000;
const RIVAL = 'bare WebSocket echo';

async function measure(bench: BenchServer, count: number): Promise<Result[]> {
  const { trials } = await startTrials(bench, `live-${count}`, count);
  const writers = trials.map((trial) => new GraphqlWriter(bench.url, trial, SHAPE));
  const followed = await Promise.all(trials.slice(0, MOST_FOLLOWED).map((trial) => follow(bench, trial)));
  const taken: number[] = [];
  const every = everyMs(count);
  const [startMs, warmMs] = [performance.now(), performance.now() + WARM_MS];
  const endMs = warmMs + Number(flags.seconds) * 1_000;
  const used = () => cpuSeconds(bench.pid) + cpuSeconds(bench.postgresPid);
  const before = used();
  await Promise.all(
    writers.map(async (writer, i) => {
      const deltas = followed[i];
      // Strangers report at moments of their own, here spread over the second and a little off each time.
      for (let dueMs = startMs + (i / count) * every; dueMs < endMs; dueMs += every * (0.9 + 0.2 * Math.random())) {
        await pause(Math.max(0, dueMs - performance.now()));
        const sentMs = performance.now();
        const writing = writer.write();
        if (deltas === undefined) {
          await writing;
          continue;
        }
        await deltas.points(SHAPE.points);
        if (sentMs >= warmMs) taken.push(performance.now() - sentMs);
        await writing;
      }
    }),
  );
  const points = writers.reduce((sum, { acknowledged }) => sum + acknowledged, 0);
  const micros = ((used() - before) * 1e6) / points;
  for (const writer of writers) writer.close();
  for (const deltas of followed) await deltas.close();
  const echo = await echoRoundTrips(taken.length);
  console.error(`${count} trials: ${taken.length} reports followed, p90 ${quantile(taken, 0.9).toFixed(1)} ms`);
  const name = `live-latency, ${count} trials`;
  return [
    latency(`${name}, p50`, quantile(taken, 0.5), RIVAL, quantile(echo.latencies, 0.5)),
    latency(`${name}, p99`, quantile(taken, 0.99), RIVAL, quantile(echo.latencies, 0.99)),
    cost(`${name}, CPU`, micros, 'µs/point', RIVAL, (echo.cpuSeconds * 1e6) / (taken.length * SHAPE.points)),
  ];
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const server = await startBenchServer();
try {
  const results: Result[] = [];
  for (const count of flags.trials.split(',').map(Number)) results.push(...(await measure(server, count)));
  await server.close();
  finish(results);
  process.exit(0);
} catch (error) {
  await server.close();
  throw error;
}
