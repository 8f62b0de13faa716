/** Writers of points: each writes one batch after the other, and a crowd of them is measured together. */
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { type Columns, columnsOf, type Shape, seriesOf } from './columns.js';
import type { BenchTrial } from './server.js';

const REPORT =
  'mutation Report($input: ReportMetricsInput!) { reportMetrics(input: $input) { outcome nextSeq verdict { stop reason } } }';

export interface Writer {
  /** Writes one batch durably; says how many points. */
  write(): Promise<number>;
}

export interface Written {
  readonly points: number;
  readonly perSecond: number;
  /** Milliseconds from sent to acknowledged, per batch. */
  readonly latencies: readonly number[];
}

/** Each writer writes until `ms` are over, the next batch only after the ack of the last. */
export async function writeFor(writers: readonly Writer[], ms: number): Promise<Written> {
  const startedMs = performance.now();
  return await writeWhile(writers, () => performance.now() - startedMs < ms);
}

/** As long as `goesOn` says so before a batch. */
export async function writeWhile(writers: readonly Writer[], goesOn: () => boolean): Promise<Written> {
  const startedMs = performance.now();
  const latencies: number[] = [];
  let points = 0;
  await Promise.all(
    writers.map(async (writer) => {
      while (goesOn()) {
        const sentMs = performance.now();
        const written = await writer.write(); // read before the sum: others add to it meanwhile
        points += written;
        latencies.push(performance.now() - sentMs);
      }
    }),
  );
  return { points, perSecond: points / ((performance.now() - startedMs) / 1_000), latencies };
}

/** One SDK: a connection of its own, batches of base64 columns. */
export class GraphqlWriter implements Writer {
  acknowledged = 0;
  private step = 0;
  private readonly agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  private readonly stream = randomUUID();
  private readonly url: string;
  private readonly trial: BenchTrial;
  private readonly shape: Shape;
  private readonly columns: (shape: Shape, from: number) => readonly Columns[];

  constructor(url: string, trial: BenchTrial, shape: Shape, columns = columnsOf) {
    this.url = `${url}/graphql`;
    this.trial = trial;
    this.shape = shape;
    this.columns = columns;
  }

  async write(): Promise<number> {
    const { points, metrics } = this.shape;
    const input = {
      trialId: this.trial.id,
      attempt: this.trial.attempt,
      stream: this.stream,
      seq: this.acknowledged,
      series: seriesOf(this.columns(this.shape, this.step)),
    };
    const answer = await this.post(JSON.stringify({ query: REPORT, variables: { input } }));
    const report = (JSON.parse(answer) as { data?: { reportMetrics: { outcome: string; nextSeq: number } } }).data
      ?.reportMetrics;
    if (report?.outcome !== 'ACCEPTED') throw new Error(`refused: ${answer}`);
    this.acknowledged = report.nextSeq;
    this.step += points / metrics;
    return points;
  }

  close(): void {
    this.agent.destroy();
  }

  private post(body: string): Promise<string> {
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      authorization: `Bearer ${this.trial.token}`,
    };
    return new Promise((resolve, reject) => {
      const request = http.request(this.url, { method: 'POST', agent: this.agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve(Buffer.concat(chunks).toString()));
        response.on('error', reject);
      });
      request.on('error', reject);
      request.end(body);
    });
  }
}
