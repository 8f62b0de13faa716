/** MLflow's REST API as the comparisons ask it. */
import http from 'node:http';
import { columnsOf, type Shape } from '../support/columns.js';
import type { Writer } from '../support/writers.js';
import type { MlflowServer } from './servers.js';

/** A question that takes longer is not waited for. */
export const ASK_LIMIT_MS = 60_000;

/** Whether the rival was stopped at its limit, rather than wrong. */
export function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError';
}

/** The answer as JSON. @throws Error with what the server said; `TimeoutError` after the limit. */
export async function askMlflow<Answer>(
  { url }: MlflowServer,
  path: string,
  body?: object,
  limitMs = ASK_LIMIT_MS,
): Promise<Answer> {
  const given = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(`${url}/${path}`, {
    ...(body === undefined ? {} : given),
    signal: AbortSignal.timeout(limitMs),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`MLflow, ${path.replace(/\?.*/, '')}: ${response.status} ${text.slice(0, 300)}`);
  return JSON.parse(text) as Answer;
}

/** Ids of new runs. */
export async function startRuns(server: MlflowServer, count: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let i = 0; i < count; i++) {
    const { run } = await askMlflow<{ run: { info: { run_id: string } } }>(server, 'api/2.0/mlflow/runs/create', {
      experiment_id: '0',
      start_time: Date.now(),
    });
    ids.push(run.info.run_id);
  }
  return ids;
}

/** One client: a connection of its own, batches of at most 1,000 points, which is MLflow's limit. */
export class LogBatchWriter implements Writer {
  acknowledged = 0;
  private step = 0;
  private readonly agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  private readonly url: string;
  private readonly runId: string;
  private readonly shape: Shape;

  constructor(server: MlflowServer, runId: string, shape: Shape) {
    this.url = `${server.url}/api/2.0/mlflow/runs/log-batch`;
    this.runId = runId;
    this.shape = shape;
  }

  async write(): Promise<number> {
    const { points, metrics } = this.shape;
    const rows = columnsOf(this.shape, this.step).flatMap(({ key, steps, times, values }) =>
      Array.from(steps, (step, i) => ({
        key,
        value: values[i],
        timestamp: Math.round((times[i] as number) * 1_000),
        step,
      })),
    );
    await this.post(JSON.stringify({ run_id: this.runId, metrics: rows }));
    this.acknowledged += points;
    this.step += points / metrics;
    return points;
  }

  close(): void {
    this.agent.destroy();
  }

  private post(body: string): Promise<void> {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    return new Promise((resolve, reject) => {
      const request = http.request(
        this.url,
        { method: 'POST', agent: this.agent, headers, timeout: ASK_LIMIT_MS },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => {
            if (response.statusCode === 200) return resolve();
            reject(new Error(`log-batch: ${response.statusCode} ${Buffer.concat(chunks)}`));
          });
          response.on('error', reject);
        },
      );
      request.on('timeout', () => request.destroy(new DOMException('log-batch took too long', 'TimeoutError')));
      request.on('error', (error: NodeJS.ErrnoException) => {
        // Its server closes a connection that was idle for 5 s, as in our turn, perhaps just as we write to it.
        if (request.reusedSocket && error.code === 'ECONNRESET') resolve(this.post(body));
        else reject(error);
      });
      request.end(body);
    });
  }
}
