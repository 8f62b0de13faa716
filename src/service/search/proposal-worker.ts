/** The worker thread of `worker-proposer.ts`: one request in, one reply out. */
import { parentPort } from 'node:worker_threads';
import { type ProposalRequest, proposeNow } from './proposer.js';
import type { ProposalReply } from './worker-proposer.js';

parentPort?.on('message', ({ id, request }: { readonly id: number; readonly request: ProposalRequest }) => {
  parentPort?.postMessage(reply(id, request));
});

function reply(id: number, request: ProposalRequest): ProposalReply {
  try {
    return { id, proposals: proposeNow(request) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}
