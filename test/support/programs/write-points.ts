/**
 * One training process with the real SDK: logs known numbers up to the step that its parent names, and says so; at
 * `finish` it ends its trial and tells how long the last points took to be acknowledged.
 */
import { init } from '../../../sdk/typescript/index.js';
import { knownKey, knownValue } from '../known-points.js';

export type ToWriter = { readonly upTo: number; readonly keys?: number | undefined } | 'finish';
export type FromWriter = { readonly trialId: string } | { readonly logged: number } | 'finished';

const writer = Number(process.env.WRITER);
const usualKeys = Number(process.env.KEYS);
const PAUSE_EVERY = 4;

const say = (message: FromWriter) => process.send?.(message);
const trial = await init({ params: {}, finishSeconds: 120 });
let step = 0;
let done = Promise.resolve();

process.on('message', (message: ToWriter) => {
  done = done.then(() => (message === 'finish' ? finish() : logUpTo(message.upTo, message.keys ?? usualKeys)));
});
process.on('disconnect', () => process.exit(1));
say({ trialId: trial.id });

async function logUpTo(end: number, keys: number): Promise<void> {
  for (; step < end; step++) {
    trial.log(
      Object.fromEntries(Array.from({ length: keys }, (_, key) => [knownKey(key), knownValue(writer, key, step)])),
      {
        step,
      },
    );
    if (step % PAUSE_EVERY === 0) await new Promise((resolve) => setTimeout(resolve, 2));
  }
  say({ logged: step });
}

async function finish(): Promise<void> {
  await trial.finish();
  say('finished');
  process.disconnect();
}
