/** The other end of `history-worker.ts`, in the worker thread: for each request one reply. */
import { parentPort } from 'node:worker_threads';
import type { History } from '../../search/history.js';
import { HistoryReceiver } from './history-memo.js';
import type { WorkerCall, WorkerMessage, WorkerReply } from './history-worker.js';

/** Answers every request with what `work` gives, or with the message of what it throws. */
export function serveHistories<Request, Answer>(work: (request: Request, history: History) => Answer): void {
  const receiver = new HistoryReceiver();
  const reply = ({ id, request, news }: WorkerCall<Request>): WorkerReply<Answer> => {
    try {
      return { id, answer: work(request, receiver.take(news)) };
    } catch (error) {
      return { id, error: error instanceof Error ? error.message : String(error) };
    }
  };
  parentPort?.on('message', (message: WorkerMessage<Request>) => {
    if ('id' in message) parentPort?.postMessage(reply(message));
    else receiver.learn(message.news);
  });
}
