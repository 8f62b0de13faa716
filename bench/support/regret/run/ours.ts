/** Our samplers as an optimiser: what the platform would ask of `search/`, without the platform. */
import type { History, HistoryTrial } from '../../../../src/search/history.js';
import { createRng } from '../../../../src/search/math/rng.js';
import { createSampler } from '../../../../src/search/samplers/index.js';
import type { Params } from '../../../../src/search/space/parameter.js';
import { seededGenerator } from '../../../../src/service/search/generator.js';
import type { Evaluation } from '../problem.js';
import type { Optimiser, Start } from './drive.js';

export interface SamplerSpec {
  readonly kind: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** `tpe` or `tpe?gamma=sqrt&nStartup=5`: the kind, then options that are not at their defaults. */
export function parseSpec(text: string): SamplerSpec {
  const [kind = '', rest = ''] = text.split('?');
  const options = [...new URLSearchParams(rest)].map(([name, value]) => [name, optionOf(value)]);
  return { kind, options: Object.fromEntries(options) };
}

/** @throws MethodError when the sampler is unknown or an option is not its own. */
export async function beginOurs({ kind, options }: SamplerSpec, start: Start): Promise<Optimiser> {
  const directions = [start.direction];
  const sampler = createSampler(kind, options, directions);
  const seed = `regret ${start.seed}`;
  const rng = createRng(seed, seededGenerator);
  const trials: HistoryTrial[] = [];
  const history: History = { seed, space: start.space, directions, budget: start.trials, trials };
  let spentMicroseconds = 0;
  let position = 0;

  const ask = (params: Params, by: string) => {
    const none = new Float64Array(0);
    const reports = { steps: none, reports: none, reportedAt: none };
    position += 1;
    trials.push({ number: trials.length, params, state: 'RUNNING', ...reports, by, askedAt: position });
  };
  const tell = ({ value, constraints }: Evaluation) => {
    const running = trials.pop();
    if (running === undefined) throw new Error('told before asked');
    position += 1;
    const ended = { ...running, state: 'COMPLETED' as const, values: [value], endedAt: position };
    trials.push(constraints === undefined ? ended : { ...ended, constraints });
  };

  return {
    ask: async () => {
      const begun = process.cpuUsage();
      const [proposal] = sampler.suggest(history, 1, rng);
      const { user, system } = process.cpuUsage(begun);
      spentMicroseconds += user + system;
      if (proposal !== undefined) ask(proposal.params, proposal.by);
      return proposal?.params;
    },
    tell: async (evaluation) => tell(evaluation),
    fill: async (params, values) =>
      params.forEach((one, i) => {
        ask(one, 'user');
        tell({ value: values[i] ?? Number.NaN });
      }),
    seconds: () => spentMicroseconds / 1e6,
  };
}

function optionOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
