/** The background sender's thread: spool and network live here, so that even a loop that never yields is recorded. */

import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { Client } from './client.js';
import { type Chunk, Sender, type SenderReport } from './sender.js';
import { type EndRecord, Spool, type SpoolHeader } from './spool.js';
import { openTransport } from './transport.js';

const FSYNC_MS = 400;

/** What the cell `shouldStop` says; a stop is not taken back. */
export const STOP = { no: 0, yes: 1, pause: 2 } as const;

/** Cells of the memory that both threads see. */
export const SHARED = { shouldStop: 0, spooledPoints: 1, isFinished: 2, isDelivered: 3, cells: 4 } as const;

export interface WorkerData {
  readonly url: string;
  /** Null: record offline. */
  readonly apiKey: string | null;
  readonly isOffline: boolean;
  readonly folder: string;
  readonly header: SpoolHeader;
  readonly shared: SharedArrayBuffer;
  readonly events: MessagePort;
}

export type ToWorker =
  | { readonly type: 'points'; readonly chunk: Chunk }
  | {
      readonly type: 'finish';
      readonly end: Omit<EndRecord, 'type' | 'clientRequestId'> | null;
      readonly limitMs: number;
    };

export type FromWorker =
  | { readonly type: 'stop'; readonly reason: string | null }
  | { readonly type: 'warning'; readonly text: string }
  | { readonly type: 'finished'; readonly report: SenderReport };

if (parentPort) serve(parentPort, workerData as WorkerData);

function serve(port: MessagePort, { url, apiKey, isOffline, folder, header, shared, events }: WorkerData): void {
  const cells = new Int32Array(shared);
  const say = (message: FromWorker): void => events.postMessage(message);
  const spool = Spool.create(folder, header);
  const trial = { id: header.trialId ?? '', attempt: header.attempt };
  const sender = new Sender({
    spool,
    transport: isOffline ? null : openTransport(new Client({ url, apiKey }), trial),
    onVerdict: (reason, pause) => {
      const before = Atomics.load(cells, SHARED.shouldStop);
      const now = pause ? STOP.pause : STOP.yes;
      if (before === STOP.yes || before === now) return;
      Atomics.store(cells, SHARED.shouldStop, now);
      say({ type: 'stop', reason });
    },
    onWarning: (text) => say({ type: 'warning', text }),
  });
  const syncing = setInterval(() => spool.sync(), FSYNC_MS);
  sender.start();
  port.on('message', async (message: ToWorker) => {
    if (message.type === 'points') {
      sender.add(message.chunk);
      Atomics.add(cells, SHARED.spooledPoints, message.chunk.keyIds.length);
      return;
    }
    clearInterval(syncing);
    const report = await sender.finish(message.end, message.limitMs);
    Atomics.store(cells, SHARED.isDelivered, report.isDelivered ? 1 : 0);
    Atomics.store(cells, SHARED.isFinished, 1);
    Atomics.notify(cells, SHARED.isFinished);
    say({ type: 'finished', report });
    port.close();
  });
}
