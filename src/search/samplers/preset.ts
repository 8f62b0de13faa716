/** Presets: methods under the names and options of the reference platform, made of our own. */

import { nextNumber } from '../history.js';
import { type Option, type OptionsOf, parseOptions } from '../options.js';
import type { Sampler, SamplerDefinition } from './sampler.js';

/** The options that every preset has, with the reference platform's defaults. */
const SHARED = [
  {
    name: 'num_samples',
    type: 'int',
    default: 20,
    min: 1,
    max: 1_000_000,
    doc: 'Trials in all: the search is complete after so many.',
  },
  { name: 'seed', type: 'int', default: 1, min: 0, max: 2 ** 31 - 1, doc: 'Used in place of the experiment’s seed.' },
] as const;

interface Preset<Table extends readonly Option[]> extends Omit<SamplerDefinition, 'options' | 'create'> {
  /** Its own, beside `num_samples` and `seed`. */
  readonly options: Table;
  /** The method that runs; `num_samples` and `seed` are seen to already. */
  readonly sampler: (options: OptionsOf<typeof SHARED> & OptionsOf<Table>) => Sampler;
}

/** The register's row of a preset: the method's proposals from the preset's own seed, up to its own number of trials. */
export function definePreset<const Table extends readonly Option[]>(preset: Preset<Table>): SamplerDefinition {
  const { sampler, ...shown } = preset;
  const [budget, seedOption] = SHARED;
  return {
    ...shown,
    options: [budget, ...preset.options, seedOption],
    create: (given) => {
      const shared = parseOptions([budget, ...preset.options, seedOption], given) as OptionsOf<typeof SHARED>;
      // The same values, of which the method reads its own.
      const inner = sampler(shared as OptionsOf<typeof SHARED> & OptionsOf<Table>);
      return {
        suggest: (history, count, rng) => {
          const left = Math.min(count, shared.num_samples - nextNumber(history));
          if (left <= 0) return [];
          const seed = String(shared.seed);
          // In the history too: sequences that all trials share begin from there.
          const proposals = inner.suggest({ ...history, seed }, left, rng.reseed(seed));
          return proposals.map((proposal) => ({ ...proposal, by: preset.kind }));
        },
      };
    },
  };
}
