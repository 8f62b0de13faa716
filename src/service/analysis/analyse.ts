/** The one way to an answer about an experiment: checked, computed off the event loop, and kept for the next who asks. */
import { PlatformError } from '../../domain/errors.js';
import type { History } from '../../search/history.js';
import type { Deps } from '../deps.js';
import { loadHistory } from '../search/load-history.js';
import { AnalysisMemo } from './analysis-memo.js';
import type { Analyst } from './analyst.js';
import type { Analysis } from './load-analyses.js';
import type { AnalysisAnswer, AnalysisKind, AnalysisOptions } from './questions.js';

/** What the options may be, wherever an analysis has an option of this name. Both ends included. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  first: [1, 10_000],
  points: [2, 2_000],
  pairs: [0, 10],
  patience: [1, 10_000],
  ahead: [1, 10_000],
};
/** Rows that are objects are dearer than rows of columns. */
const MOST_OBJECTS = 200;
const OF_OBJECTS: ReadonlySet<AnalysisKind> = new Set(['intermediateValues', 'regimes', 'duplicates']);
const MOST_PARAMETERS = 50;

interface Desk {
  readonly memo: AnalysisMemo;
  /** Histories that are being read, by experiment and version: questions that come together read one. */
  readonly reading: Map<string, Promise<History>>;
}

const desks = new WeakMap<Analyst, Desk>();

/**
 * The answer to one question about an experiment that `loadAnalyses` gave, as of its version or later. The same question at the
 * same version is computed once.
 * @throws INPUT_INVALID for an objective or a parameter that does not exist, and for numbers out of range; QUERY_TOO_COSTLY when
 * it takes too long; OVERLOADED.
 */
export async function analyse<Kind extends AnalysisKind>(
  deps: Deps,
  analysis: Analysis,
  kind: Kind,
  options: AnalysisOptions<Kind>,
): Promise<AnalysisAnswer<Kind>> {
  checkNumbers(kind, options);
  const { id } = analysis.experiment;
  const { memo, reading } = deskOf(deps);
  return memo.answer(`${id} ${kind} ${JSON.stringify(options)}`, analysis.version, async () => {
    const history = await readOnce(deps, analysis, reading);
    checkNames(history, options);
    return deps.analyst.answer({ kind, options, history, experimentId: id });
  });
}

function deskOf({ analyst, clock }: Deps): Desk {
  const desk = desks.get(analyst) ?? { memo: new AnalysisMemo(() => clock.monotonicMs()), reading: new Map() };
  desks.set(analyst, desk);
  return desk;
}

function readOnce({ database }: Deps, analysis: Analysis, reading: Desk['reading']): Promise<History> {
  const { experiment, search, version } = analysis;
  const name = `${experiment.id} ${version}`;
  const before = reading.get(name);
  if (before !== undefined) return before;
  const history = loadHistory(database.read, database, experiment.id, search).finally(() => reading.delete(name));
  reading.set(name, history);
  return history;
}

interface Named {
  readonly objective?: number | null;
  readonly parameters?: readonly string[];
}

function checkNumbers(kind: AnalysisKind, options: object): void {
  for (const [name, [least, most]] of Object.entries(RANGES)) {
    const value = (options as Readonly<Record<string, unknown>>)[name];
    if (value === undefined) continue;
    const end = name === 'first' && OF_OBJECTS.has(kind) ? MOST_OBJECTS : most;
    if (!(Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= end))
      throw new PlatformError('INPUT_INVALID', `${name} must be a whole number from ${least} to ${end}`);
  }
  const { parameters = [] } = options as Named;
  if (parameters.length > MOST_PARAMETERS || new Set(parameters).size < parameters.length)
    throw new PlatformError('INPUT_INVALID', `parameters must be at most ${MOST_PARAMETERS} different names`);
}

function checkNames({ space, directions }: History, options: object): void {
  const { objective, parameters = [] } = options as Named;
  if (objective !== undefined && objective !== null && !(objective in directions))
    throw new PlatformError(
      'INPUT_INVALID',
      `there is no objective ${objective}: they are numbered from 0 to ${directions.length - 1}`,
    );
  const known = space.parameters.map(({ name }) => name);
  const unknown = parameters.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new PlatformError('INPUT_INVALID', `the space has no parameter ${unknown}: use one of ${known.join(', ')}`);
}
