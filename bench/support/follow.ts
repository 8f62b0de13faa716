/** A subscriber of one trial over graphql-ws, with a client and a socket of its own. */
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import type { BenchServer, BenchTrial } from './server.js';

const FOLLOW =
  'subscription Follow($ids: [ID!]) { metricsReported(trialIds: $ids) { cursor series { trialId key steps times values } } }';

export interface Follower {
  /** Fulfilled when this many more points have arrived. */
  points(count: number): Promise<void>;
  close(): Promise<void>;
}

/** Fulfilled when the subscription stands. */
export async function follow(bench: BenchServer, trial: BenchTrial): Promise<Follower> {
  const client = createClient({
    url: `${bench.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${bench.apiKey}` },
    retryAttempts: 0,
  });
  interface Delta {
    readonly metricsReported: { readonly series: readonly { readonly values: string }[] };
  }
  const deltas = client.iterate<Delta>({ query: FOLLOW, variables: { ids: [trial.id] } });
  await deltas.next(); // the first comes at once and is empty
  return {
    points: async (count) => {
      let arrived = 0;
      while (arrived < count) {
        const { value } = await deltas.next();
        if (value?.data == null) throw new Error(`the subscription ended: ${JSON.stringify(value)}`);
        for (const { values } of value.data.metricsReported.series) arrived += Buffer.from(values, 'base64').length / 8;
      }
    },
    close: async () => {
      await deltas.return?.();
      await client.dispose();
    },
  };
}
