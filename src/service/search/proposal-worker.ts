/** The worker thread of `worker-proposer.ts`: one request in, one reply out. It is the only one to run code of the operator's. */
import { parentPort, workerData } from 'node:worker_threads';
import { samplers } from '../../search/samplers/index.js';
import { EXTERNAL } from './external.js';
import { HistoryReceiver } from './history-memo.js';
import { loadOwnSamplers } from './own-samplers.js';
import { proposeNow, resumeNow } from './proposer.js';
import type { WorkerReply, WorkerRequest, WorkerSetup } from './worker-proposer.js';

const { files } = workerData as WorkerSetup;
const own = await loadOwnSamplers(files, [...Object.keys(samplers), EXTERNAL]);
const register = { ...samplers, ...Object.fromEntries(own.samplers.map((sampler) => [sampler.kind, sampler])) };
const receiver = new HistoryReceiver();
parentPort?.postMessage({ ready: true } satisfies WorkerReply);

parentPort?.on('message', (request: WorkerRequest) => {
  try {
    parentPort?.postMessage(reply(request));
  } catch (error) {
    // What an operator's sampler answers may be nothing that can be sent.
    parentPort?.postMessage({ id: request.id, error: wordsOf(error) } satisfies WorkerReply);
  }
});

function reply(request: WorkerRequest): WorkerReply {
  const { id } = request;
  try {
    if ('describe' in request) return described(id);
    const { task, news } = request;
    const history = receiver.take(news);
    if ('scheduler' in task) return { id, starts: resumeNow({ ...task, history }) };
    const isMissing = !Object.hasOwn(register, task.sampler.kind);
    if (isMissing && own.problems.length > 0) return { id, error: own.problems.join('; ') };
    return { id, proposals: proposeNow({ ...task, history }, register) };
  } catch (error) {
    return { id, error: wordsOf(error) };
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function described(id: number): WorkerReply {
  if (own.problems.length > 0) return { id, error: own.problems.join('; ') };
  return { id, own: own.samplers.map(({ create: _, ...described }) => described) };
}
