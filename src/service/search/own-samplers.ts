/**
 * Samplers of the operator's own, from files. Only a worker runs their code: a file that hangs or breaks costs it, and
 * never the server, which knows what the file says of itself.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, dirname, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as kit from '../../search/sampler-kit.js';
import { isFickle, samplerProblems } from '../../search/samplers/check-sampler.js';
import type { Proposal } from '../../search/samplers/proposal.js';
import type { SamplerDefinition } from '../../search/samplers/sampler.js';
import { seededGenerator } from './generator.js';

/** A file of the server's configuration. */
export interface SamplerFile {
  /** Absolute. */
  readonly path: string;
  /** What it must be, as it was when the server started; null: whatever it is. */
  readonly version: string | null;
}

/** What a sampler of the operator's own says of itself: plain data. */
export interface OwnSampler extends Omit<SamplerDefinition, 'create'> {
  /** Name of its file. */
  readonly origin: string;
  /** Hash of the file's content: with another one, replay may not hold. */
  readonly version: string;
  readonly path: string;
}

/** The same with its code. */
export interface LoadedSampler extends OwnSampler, SamplerDefinition {}

export interface LoadedSamplers {
  readonly samplers: readonly LoadedSampler[];
  /** Of files that cannot be used, in words that name them. */
  readonly problems: readonly string[];
}

const VERSION_LENGTH = 12;

/** The samplers that the files export by default: what `defineSampler` returns, a list of those, or a function of the kit that gives either. */
export async function loadOwnSamplers(
  files: readonly SamplerFile[],
  builtIn: readonly string[],
): Promise<LoadedSamplers> {
  const samplers: LoadedSampler[] = [];
  const problems: string[] = [];
  for (const file of files) {
    try {
      const taken = [...builtIn, ...samplers.map(({ kind }) => kind)];
      samplers.push(...(await loadFile(file, taken)));
    } catch (error) {
      problems.push(
        `the sampler of ${file.path} cannot be used: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  return { samplers, problems };
}

/** The text without the folders of the files, which are nothing that viewers of an experiment need to know. */
export function withoutFolders(text: string, paths: readonly string[]): string {
  const folders = [...new Set(paths.map(dirname))].filter((folder) => !folder.endsWith(sep)); // but for the root
  return folders.reduce(
    (rest, folder) => rest.replaceAll(`${pathToFileURL(folder).href}/`, '').replaceAll(folder + sep, ''),
    text,
  );
}

async function loadFile({ path, version: wanted }: SamplerFile, taken: readonly string[]): Promise<LoadedSampler[]> {
  const version = createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
    .slice(0, VERSION_LENGTH);
  if (wanted !== null && version !== wanted)
    throw new Error(`it is version ${version} now, and was ${wanted} when the server started; start the server again`);
  const { default: exported } = (await import(pathToFileURL(path).href)) as { readonly default?: unknown };
  const given: unknown =
    typeof exported === 'function' ? await (exported as (given: typeof kit) => unknown)(kit) : exported;
  const loaded: LoadedSampler[] = [];
  for (const one of Array.isArray(given) ? (given as unknown[]) : [given]) {
    const problems = samplerProblems(one, [...taken, ...loaded.map(({ kind }) => kind)]);
    if (problems.length > 0) throw new Error(problems.join('; '));
    const definition = one as SamplerDefinition;
    if (isFickle(definition, seededGenerator))
      throw new Error(
        `${definition.kind} answers the same history differently: draw from the rng it is given, and from nothing else`,
      );
    loaded.push(asOwn(definition, { origin: basename(path), version, path }));
  }
  return loaded;
}

/** Proposals carry the sampler's own kind, whatever it is made of, and an explanation that can be stored. */
function asOwn(definition: SamplerDefinition, from: Pick<OwnSampler, 'origin' | 'version' | 'path'>): LoadedSampler {
  const { kind, summary, source, objectives, options } = definition;
  return {
    ...{ kind, summary, objectives, options, ...from },
    ...(source === undefined ? {} : { source }),
    create: (given) => {
      const sampler = definition.create(given);
      return {
        suggest: (history, count, rng) =>
          sampler.suggest(history, count, rng).map(({ params, explanation }) => ({
            params,
            by: kind,
            version: `${kind}@${from.version}`,
            explanation: cleaned(explanation),
          })),
      };
    },
  };
}

const PHASES: readonly unknown[] = ['DEFAULT', 'STARTUP', 'LISTED', 'RANDOM', 'EXPLORE', 'EXPLOIT'];
const MOST_REASON = 1_000;

function cleaned(given: Partial<Proposal['explanation']> | undefined): Proposal['explanation'] {
  const { phase, reason, mean, deviation, acquisition } = given ?? {};
  const numbers = Object.entries({ mean, deviation, acquisition }).filter(([, value]) => Number.isFinite(value));
  return {
    phase: phase !== undefined && PHASES.includes(phase) ? phase : 'EXPLORE',
    ...(typeof reason === 'string' ? { reason: reason.slice(0, MOST_REASON) } : {}),
    ...Object.fromEntries(numbers),
  };
}
