/** Runs of ours in as many processes as there are cores; the order of runs is that of the jobs, whoever made them. */
import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import type { Run } from '../statistic/regret.js';
import type { Job } from './runner.js';

/** @throws Error when a process ends before its time, as it does when a sampler throws. */
export async function runOurs(jobs: readonly Job[], processes: number): Promise<readonly Run[]> {
  const runs: Run[] = [];
  let next = 0;
  const work = async () => {
    const child = fork(path.join(import.meta.dirname, 'runner.ts'), { serialization: 'advanced' });
    try {
      for (let i = next++; i < jobs.length; i = next++) runs[i] = await answerOf(child, jobs[i] as Job);
    } finally {
      child.kill();
    }
  };
  await Promise.all(Array.from({ length: Math.min(processes, jobs.length) }, work));
  return runs;
}

function answerOf(child: ChildProcess, job: Job): Promise<Run> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) =>
      reject(new Error(`${job.method} on ${job.problem}, seed ${job.seed}, ended with code ${code}`));
    child.once('exit', onExit);
    child.once('message', (run: Run) => {
      child.off('exit', onExit);
      resolve(run);
    });
    child.send(job);
  });
}
