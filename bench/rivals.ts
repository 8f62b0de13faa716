/**
 * Our figures beside MLflow 3 on a Postgres of the same version and settings, each on a cluster of its own, and beside
 * Aim and tensorboardX, in one run with rounds in turn. A rival that cannot be installed is left out, and said.
 */
import { parseArgs } from 'node:util';
import { compareCharts } from './rivals/charts.js';
import { compareAimChart, compareClientLog } from './rivals/client-log.js';
import { compareColdStart } from './rivals/cold-start.js';
import { compareIngest } from './rivals/ingest.js';
import { memoryMiB } from './rivals/memory.js';
import { type Python, preparePython } from './rivals/python.js';
import { startMlflow } from './rivals/servers.js';
import type { Sides } from './rivals/sides.js';
import { compareTable } from './rivals/table.js';
import { compareVisible } from './rivals/visible.js';
import { finish, growth, type Result } from './support/result.js';
import { startBenchServer } from './support/server.js';

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    'round-ms': { type: 'string', default: '4000' },
    trials: { type: 'string', default: '10000' },
    steps: { type: 'string', default: '100000' },
    only: { type: 'string' },
  },
});
const ROUNDS = Number(flags.rounds);
/** MLflow's workers have loaded by then what they load. */
const SETTLE_MS = 10_000;

/** In this order: disk is measured while nothing but the points of charts is stored. */
const STEPS: Readonly<Record<string, (python: Python, sides: Sides) => Promise<Result[]>>> = {
  memory: async (_, { ours, mlflow, rival }) => {
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    return [growth('rivals, memory at rest', memoryMiB(ours.pid), rival, memoryMiB(mlflow.pid))];
  },
  charts: async (_, sides) => await compareCharts(sides, Number(flags.steps)),
  ingest: async (_, sides) => await compareIngest(sides),
  visible: async (_, sides) => await compareVisible(sides),
  table: async (_, sides) => await compareTable(sides, Number(flags.trials)),
  log: async (python, sides) => await compareClientLog(python, sides),
  aim: async (python, sides) => (python.has('Aim') ? await compareAimChart(python, sides) : []),
};

async function compareAll(python: Python): Promise<Result[]> {
  const isWanted = (step: string) => flags.only?.split(',').includes(step) ?? true;
  const results: Result[] = [];
  if (isWanted('start')) results.push(...(await compareColdStart(python, Math.min(ROUNDS, 3))));
  const ours = await startBenchServer();
  try {
    const mlflow = await startMlflow(python);
    try {
      const rival = python.title('MLflow');
      const sides: Sides = { ours, mlflow, rival, rounds: ROUNDS, roundMs: Number(flags['round-ms']) };
      for (const [name, step] of Object.entries(STEPS)) {
        if (!isWanted(name)) continue;
        const startedMs = performance.now();
        results.push(...(await step(python, sides)));
        console.error(`${name}: ${((performance.now() - startedMs) / 1_000).toFixed(0)} s`);
      }
    } finally {
      await mlflow.close();
    }
  } finally {
    await ours.close();
  }
  return results;
}

const python = await preparePython();
// Without MLflow there is nothing to stand beside; an empty list says that no goal was measured.
finish(python?.has('MLflow') ? await compareAll(python) : []);
process.exit(0);
