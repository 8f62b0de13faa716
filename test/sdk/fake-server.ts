/** The server's side of the protocol in memory, validated against the real SDL: for faults that the real one cannot be told to have. */

import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { decodeColumn } from '../../sdk/typescript/columns.js';

// The CommonJS build, as graphql-ws has it: Vitest would resolve the other one, and schemas do not cross.
const { buildSchema, graphql } = createRequire(import.meta.url)('graphql') as typeof import('graphql');

export interface Point {
  readonly key: string;
  readonly step: number;
  readonly value: number;
}

interface Report {
  readonly trialId: string;
  readonly attempt: number;
  readonly stream: string;
  readonly seq: number;
  readonly dropped?: number;
  readonly series: readonly { key: string; steps: string; times: string; values: string }[];
}

export class FakeServer {
  /** Points of each stream, in order. */
  readonly streams = new Map<string, Point[]>();
  readonly finished: Record<string, unknown>[] = [];
  readonly started: Record<string, unknown>[] = [];
  dropped = 0;
  reports = 0;
  verdict: { stop: boolean; pause?: boolean; reason: string | null } = { stop: false, reason: null };
  stopReason = 'PRUNER';
  isFenced = false;
  params: Record<string, unknown> = {};
  /** Answers a request in place of the protocol when it returns a text. */
  intercept: (body: string) => { status: number; body: string } | 'hang up' | null = () => null;
  /** What `metricsReported` yields after a cursor; the text of a cursor is a number. */
  deltas: { cursor: string; series: never[] }[] = [];
  readonly subscribedAfter: (string | null)[] = [];
  #http: Server | null = null;
  #sockets: WebSocketServer | null = null;
  #port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** All points, whatever their stream. */
  get points(): Point[] {
    return [...this.streams.values()].flat();
  }

  async start(): Promise<void> {
    const schema = buildSchema(readFileSync('schema/schema.graphql', 'utf8'));
    this.#http = createServer(async (request, response) => {
      const body = await read(request);
      const instead = this.intercept(body);
      if (instead === 'hang up') return request.socket.destroy();
      if (instead) return response.writeHead(instead.status).end(instead.body);
      const { query, variables } = JSON.parse(body) as { query: string; variables: Record<string, unknown> };
      const result = await graphql({ schema, source: query, variableValues: variables, rootValue: this.#root() });
      return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
    });
    this.#sockets = new WebSocketServer({ server: this.#http, path: '/graphql' });
    useServer({ schema, roots: { subscription: this.#subscriptions() } }, this.#sockets);
    await new Promise<void>((resolve) => this.#http?.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#http.address() as AddressInfo).port;
  }

  /** Cuts every connection; what was stored stays. */
  async stop(): Promise<void> {
    for (const socket of this.#sockets?.clients ?? []) socket.terminate();
    this.#sockets?.close();
    this.#http?.closeAllConnections();
    await new Promise((resolve) => this.#http?.close(resolve));
  }

  /** Forgets the newest points of each stream, as an asynchronous failover does. */
  forget(points: number): void {
    for (const stored of this.streams.values()) stored.splice(Math.max(0, stored.length - points));
  }

  report({ trialId, attempt, stream, seq, series, dropped }: Report) {
    this.reports += 1;
    const name = `${trialId}/${attempt}/${stream}`;
    const stored = this.streams.get(name) ?? [];
    this.streams.set(name, stored);
    const answer = (outcome: string) => ({
      outcome,
      nextSeq: stored.length,
      verdict: { pause: false, ...this.verdict },
    });
    if (this.isFenced) return answer('FENCED');
    if (seq > stored.length) return answer('GAP');
    const points = series.flatMap(({ key, steps, values }) => {
      const numbers = decodeColumn(values);
      return [...decodeColumn(steps)].map((step, at) => ({ key, step, value: numbers[at] ?? 0 }));
    });
    const overlap = points.slice(0, stored.length - seq);
    if (overlap.some((point, at) => !isSame(point, stored[seq + at]))) return answer('CONFLICT');
    stored.push(...points.slice(stored.length - seq));
    if (points.length > overlap.length || points.length === 0) this.dropped += dropped ?? 0;
    return answer('ACCEPTED');
  }

  #root() {
    return {
      reportMetrics: ({ input }: { input: Report }) => this.report(input),
      startTrial: ({ input }: { input: Record<string, unknown> }) => {
        this.started.push(input);
        return {
          trial: { ...TRIAL, params: { ...(input.params as object), ...this.params } },
          attempt: 1,
          token: 'tg_tri_x',
        };
      },
      finishTrial: ({ input }: { input: Record<string, unknown> }) => {
        this.finished.push(input);
        return { ...TRIAL, state: input.state === 'PAUSED' ? 'WAITING' : input.state, value: input.value };
      },
      trial: () => ({
        ...TRIAL,
        params: this.params,
        stopReason: this.verdict.stop && !this.verdict.pause ? this.stopReason : null,
      }),
    };
  }

  #subscriptions() {
    const server = this;
    return {
      async *metricsReported({ after }: { after: string | null }) {
        server.subscribedAfter.push(after);
        let at = Number(after ?? 0);
        for (;;) {
          const delta = server.deltas[at];
          if (delta) yield { metricsReported: delta };
          if (delta) at += 1;
          else await new Promise((resolve) => setTimeout(resolve, 5));
        }
      },
    };
  }
}

const TRIAL = {
  id: '0199aaaa-0000-7000-8000-000000000001',
  projectId: '0199aaaa-0000-7000-8000-000000000002',
  experimentId: '0199aaaa-0000-7000-8000-000000000003',
  experiment: { id: '0199aaaa-0000-7000-8000-000000000003', name: 'e', project: { id: 'p', name: 'p' }, search: null },
  number: 3,
  state: 'RUNNING',
  params: {},
  tags: [],
  proposedBy: 'user',
  attempt: 1,
  createdAt: '2026-01-01T00:00:00Z',
  dropped: 0,
};

function isSame(a: Point, b: Point | undefined): boolean {
  return b !== undefined && a.key === b.key && a.step === b.step && Object.is(a.value, b.value);
}

async function read(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
