/** The end of a trial as its script, or a person after its script died, tells it. */
import { randomUUID } from 'node:crypto';
import type { Client } from '../../../sdk/typescript/client.js';
import { TrialgraphError } from '../../../sdk/typescript/error.js';
import { FinishTrialDocument } from '../../../sdk/typescript/generated/operations.js';
import type { Entry } from './ledger.js';

export async function endTrial(client: Client, entry: Entry, state: 'COMPLETED' | 'FAILED'): Promise<void> {
  const { id: trialId, attempt } = entry;
  try {
    await client.request(FinishTrialDocument, { input: { trialId, attempt, state, clientRequestId: randomUUID() } });
  } catch (error) {
    // Told before, by a request whose answer nobody heard.
    if (!(error instanceof TrialgraphError && error.code === 'STATE_CONFLICT')) throw error;
  }
  entry.endedMs = Date.now();
}
