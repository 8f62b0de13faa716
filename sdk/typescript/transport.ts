/** The sender's way to the server: one attempt per call, with a trial's token or a user's key. */

import type { Client, RequestOptions } from './client.js';
import type { Float64Json } from './columns.js';
import {
  FinishTrialDocument,
  ReportMetricsDocument,
  type TrialEnd,
  TrialStopDocument,
} from './generated/operations.js';
import type { Ack, Batch, Transport } from './sender.js';
import type { EndRecord } from './spool.js';

const TIMEOUT_SECONDS = 10;

export function openTransport(client: Client, trial: { readonly id: string; readonly attempt: number }): Transport {
  const target = { trialId: trial.id, attempt: trial.attempt };
  return {
    async report({ stream, seq, series, dropped }: Batch, signal: AbortSignal): Promise<Ack> {
      const input = { ...target, stream, seq, series: [...series], dropped };
      const options = { signal, retry: false, timeoutSeconds: TIMEOUT_SECONDS };
      return (await client.request(ReportMetricsDocument, { input }, options)).reportMetrics;
    },
    async finish(end: EndRecord, signal: AbortSignal): Promise<void> {
      const { clientRequestId, state, value, objectiveValues, message } = end;
      const options = { signal, retry: false, timeoutSeconds: TIMEOUT_SECONDS };
      const told = state ?? (await stateAfterStop(client, trial.id, options));
      const values = objectiveValues ? { objectiveValues: objectiveValues as Float64Json[] } : {};
      const input = { ...target, clientRequestId, state: told, value: value as Float64Json | null, ...values, message };
      await client.request(FinishTrialDocument, { input }, options);
    },
  };
}

/** Pruned by the pruner, stopped by anyone else; completed when nobody asked after all. */
async function stateAfterStop(client: Client, id: string, options: RequestOptions): Promise<TrialEnd> {
  const { trial } = await client.request(TrialStopDocument, { id }, options);
  if (trial?.stopReason === 'PRUNER') return 'PRUNED';
  return trial?.stopReason ? 'STOPPED' : 'COMPLETED';
}
