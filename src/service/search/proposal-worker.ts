/** The worker thread of `worker-proposer.ts`: one request in, one reply out. */
import { parentPort } from 'node:worker_threads';
import { HistoryReceiver } from './history-memo.js';
import { proposeNow, resumeNow } from './proposer.js';
import type { ProposalReply, WorkerRequest } from './worker-proposer.js';

const receiver = new HistoryReceiver();

parentPort?.on('message', (request: WorkerRequest) => parentPort?.postMessage(reply(request)));

function reply({ id, task, news }: WorkerRequest): ProposalReply {
  try {
    const history = receiver.take(news);
    return { id, answers: 'sampler' in task ? proposeNow({ ...task, history }) : resumeNow({ ...task, history }) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}
