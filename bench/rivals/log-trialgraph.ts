/** What a call of `log` of our TypeScript SDK costs: URL KEY CALLS. */
import { init } from '../../sdk/typescript/index.js';

const [url, apiKey, count] = process.argv.slice(2);
const calls = Number(count);
const trial = await init({ url, apiKey, project: 'bench', experiment: 'rivals-typescript' });
const startedMs = performance.now();
for (let step = 0; step < calls; step++) trial.log({ loss: step * 0.5 }, { step });
const loggedMs = performance.now();
await trial.finish();
const endedMs = performance.now();
const perSecond = (calls / (endedMs - startedMs)) * 1_000;
console.log(JSON.stringify({ micros: ((loggedMs - startedMs) * 1_000) / calls, perSecond, id: trial.id }));
