import { pathToFileURL } from 'node:url';
import { Client, decodeFloat, type ExperimentHandle, type Params, space } from '../../sdk/typescript/index.js';

// A sampler outside of the server: a program that enqueues points and waits for their values. Who runs the trials does not
// matter to it: runners, scripts elsewhere, or as here a worker in the same process.

const WIDTH = 5;
const POLL_MS = 100;
const SHRINK = 0.8;

interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Evolution {
  readonly generations: number;
  /** Points of one generation, which run in parallel. */
  readonly children: number;
  /** Uniform in [0, 1). */
  random(): number;
}

/** An experiment whose trials come from a program: its sampler proposes nothing, and whoever asks waits for what is enqueued. */
export function createSearch(client: Client, name: string): Promise<ExperimentHandle> {
  return client.createExperiment({
    project: 'examples',
    name,
    objective: { metric: 'distance', goal: 'minimize' },
    space: { x: space.float(-WIDTH, WIDTH), y: space.float(-WIDTH, WIDTH) },
    sampler: 'external',
    budget: { maxParallel: 100 },
  });
}

/** The best point of so many generations, each scattered around the best of those before; the experiment is then stopped. */
export async function evolve(
  client: Client,
  experiment: ExperimentHandle,
  { generations, children, random }: Evolution,
): Promise<Point & { readonly value: number }> {
  let best = { x: 0, y: 0, value: Number.POSITIVE_INFINITY };
  for (let generation = 0; generation < generations; generation++) {
    const width = WIDTH * SHRINK ** generation;
    const near = (centre: number) => Math.min(WIDTH, Math.max(-WIDTH, centre + width * (2 * random() - 1)));
    const points = Array.from({ length: children }, () => ({ x: near(best.x), y: near(best.y) }));
    const values = await Promise.all(points.map((point) => evaluate(client, experiment, point)));
    points.forEach((point, i) => {
      const value = values[i] ?? Number.POSITIVE_INFINITY;
      if (value < best.value) best = { ...point, value };
    });
  }
  await experiment.stop();
  return best;
}

/** What becomes of a point: infinitely bad when its trial failed. */
async function evaluate(client: Client, experiment: ExperimentHandle, point: Point): Promise<number> {
  const { id } = await experiment.enqueue({ ...point }, { tags: ['evolved'] });
  const trial = await client.trial(id);
  while (trial.view.endedAt === null) {
    await new Promise((done) => setTimeout(done, POLL_MS));
    await trial.load();
  }
  const { state, value } = trial.view;
  return state === 'COMPLETED' && value !== null ? decodeFloat(value) : Number.POSITIVE_INFINITY;
}

/** Runs trials until the experiment is stopped. */
export async function work(experiment: ExperimentHandle, objective: (params: Params) => number): Promise<number> {
  let done = 0;
  for await (const trial of experiment.ask()) {
    await trial.tell(objective(trial.params));
    done += 1;
  }
  return done;
}

/** Smallest, 0, at (3, -2). */
export function distance({ x, y }: Params): number {
  return Math.hypot(Number(x) - 3, Number(y) + 2);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const client = new Client();
  const experiment = await createSearch(client, `evolved-${Date.now()}`);
  const worker = work(experiment, distance);
  const best = await evolve(client, experiment, { generations: 6, children: 8, random: Math.random });
  console.log(`${await worker} trials; the best is ${JSON.stringify(best)}`);
  await client.close();
}
