/** The worker thread of `worker-proposer.ts`: one request in, one reply out. */
import { parentPort } from 'node:worker_threads';
import { HistoryReceiver } from './history-memo.js';
import { proposeNow } from './proposer.js';
import type { ProposalReply, WorkerRequest } from './worker-proposer.js';

const receiver = new HistoryReceiver();

parentPort?.on('message', (request: WorkerRequest) => parentPort?.postMessage(reply(request)));

function reply({ id, sampler, count, news }: WorkerRequest): ProposalReply {
  try {
    return { id, proposals: proposeNow({ sampler, count, history: receiver.take(news) }) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}
