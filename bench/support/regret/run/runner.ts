/** A process that makes runs of ours for its parent: `{ method, problem, seed, trials }` in, the run out, until it is let go. */
import { PROBLEMS } from '../problems.js';
import { drive } from './drive.js';
import { beginOurs, parseSpec } from './ours.js';

export interface Job {
  readonly method: string;
  readonly problem: string;
  readonly seed: number;
  readonly trials: number;
}

process.on('message', (job: Job) => {
  const problem = PROBLEMS.find(({ name }) => name === job.problem);
  if (problem === undefined) throw new Error(`no problem is called ${job.problem}`);
  const spec = parseSpec(job.method);
  void drive(job.method, problem, job.seed, job.trials, (start) => beginOurs(spec, start)).then((run) =>
    process.send?.(run),
  );
});
