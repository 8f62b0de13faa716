/** Looks over a sampler that somebody else wrote, before anything relies on it. */

import type { History } from '../history.js';
import { createRng, type MakeGenerator } from '../math/rng.js';
import { type Option, parseOptions } from '../options.js';
import { parseSpace } from '../space/parse-space.js';
import type { SamplerDefinition } from './sampler.js';

const KIND = /^[a-z][a-z0-9_]{0,63}$/;
const TYPES: readonly unknown[] = ['int', 'float', 'boolean', 'choice'];

/** What is wrong with a would-be row of the register, in words; empty when nothing is found. `taken` are the kinds there are. */
export function samplerProblems(given: unknown, taken: readonly string[]): readonly string[] {
  if (typeof given !== 'object' || given === null) return ['it is no object: export what defineSampler returns'];
  const { kind, summary, source, objectives, options, create } = given as Partial<Record<string, unknown>>;
  const problems: string[] = [];
  if (typeof kind !== 'string' || !KIND.test(kind))
    problems.push('kind must be a name of small letters, digits and underscores, beginning with a letter');
  else if (taken.includes(kind)) problems.push(`the kind ${kind} is taken: choose another`);
  if (typeof summary !== 'string' || summary === '') problems.push('summary must be a sentence');
  if (source !== undefined && typeof source !== 'string') problems.push('source must be a text, or left out');
  if (objectives !== 'one' && objectives !== 'any') problems.push("objectives must be 'one' or 'any'");
  if (typeof create !== 'function') problems.push('create must be a function: use defineSampler');
  return [...problems, ...optionProblems(options)];
}

function optionProblems(options: unknown): readonly string[] {
  if (!Array.isArray(options)) return ['options must be a list, which may be empty'];
  const wrong = options.filter((option) => !isDescribed(option)).map((option) => JSON.stringify(option));
  if (wrong.length > 0)
    return wrong.map(
      (option) => `the option ${option} must have a name, a doc, a default, and a type of ${TYPES.join(', ')}`,
    );
  const names = options.map(({ name }: Option) => name);
  if (new Set(names).size < names.length) return ['two options have the same name'];
  try {
    parseOptions(options as Option[], {});
    return [];
  } catch (error) {
    return [`the defaults of its options are not legal: ${error instanceof Error ? error.message : String(error)}`];
  }
}

function isDescribed(option: unknown): boolean {
  if (typeof option !== 'object' || option === null) return false;
  const { name, type, doc, choices } = option as Partial<Record<string, unknown>>;
  const hasChoices = type !== 'choice' || (Array.isArray(choices) && choices.every((one) => typeof one === 'string'));
  return typeof name === 'string' && name !== '' && typeof doc === 'string' && TYPES.includes(type) && hasChoices;
}

/**
 * Whether the sampler answered a small history twice, and not alike: it then draws from something other than its history, and
 * replay would not hold. One that refuses such a history proves nothing.
 */
export function isFickle(definition: SamplerDefinition, makeGenerator: MakeGenerator): boolean {
  try {
    const [first, second] = [0, 1].map(() => {
      const rng = createRng('twice', makeGenerator);
      return JSON.stringify(
        definition
          .create({})
          .suggest(sample(), 2, rng)
          .map(({ params }) => params),
      );
    });
    return first !== second;
  } catch {
    return false;
  }
}

function sample(): History {
  const none = new Float64Array(0);
  const reports = { steps: none, reports: none, reportedAt: none };
  const space = parseSpace({
    x: { kind: 'float', low: 0, high: 1 },
    kind: { kind: 'categorical', choices: ['a', 'b'] },
  });
  const trials = [0.2, 0.7, 0.4].map((x, number) => ({
    number,
    params: { x, kind: number === 1 ? 'b' : 'a' },
    state: 'COMPLETED' as const,
    values: [x * x],
    ...reports,
    by: 'user',
    askedAt: 2 * number + 1,
    endedAt: 2 * number + 2,
  }));
  return { seed: 'twice', space, directions: ['minimize'], trials };
}
