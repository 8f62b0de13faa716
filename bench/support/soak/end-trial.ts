/** The end of a trial as its script, or a person after its script died, tells it. */
import { randomUUID } from 'node:crypto';
import type { Client } from '../../../sdk/typescript/client.js';
import { FinishTrialDocument } from '../../../sdk/typescript/generated/operations.js';
import type { Entry } from './ledger.js';

export async function endTrial(client: Client, entry: Entry, state: 'COMPLETED' | 'FAILED'): Promise<void> {
  const { id: trialId, attempt } = entry;
  await client.request(FinishTrialDocument, { input: { trialId, attempt, state, clientRequestId: randomUUID() } });
  entry.endedMs = Date.now();
}
