/** The worker thread of `measure-front.ts`: the volumes of one front, and then it ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { volumesOf } from '../../search/analysis/growing-front.js';
import type { Measuring } from './measure-front.js';

const { entrants, reference } = workerData as Measuring;
parentPort?.postMessage(Float64Array.from(volumesOf(entrants, reference)));
