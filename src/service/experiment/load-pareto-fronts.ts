/** Pareto fronts and their trials for the edges of a graph: many experiments, few statements. */
import { PlatformError } from '../../domain/errors.js';
import type { Experiment, Search } from '../../domain/experiment.js';
import type { ExperimentId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import type { Trial } from '../../domain/trial.js';
import { type GrowingFront, referenceOfFront } from '../../search/analysis/growing-front.js';
import { kneeOf } from '../../search/analysis/pareto.js';
import { findBestTrials, findExperiments } from '../../store/queries/experiment.js';
import { readTrials, readTrialsByNumber } from '../../store/queries/trial.js';
import { scopeOf } from '../authorize.js';
import type { Deps } from '../deps.js';
import { invalidCursor, type PageInput } from '../page.js';
import { type PageOrError, pagesByParent } from '../pages-by-parent.js';
import { loadFronts, signOf } from '../search/load-fronts.js';
import { measureFront } from '../search/measure-front.js';

/** The trials that no other beats, as columns, in the objectives' own units and directions. */
export interface ParetoFront {
  /** Trial numbers, ascending. [n] */
  readonly numbers: Float64Array;
  /** A column per objective. [m][n] */
  readonly values: readonly Float64Array[];
  /** Number of the trial where the front bends; null when it does not. */
  readonly knee: number | null;
  /** The point up to which volumes are measured; empty without a front. [m] */
  readonly reference: readonly number[];
  /** Null where it takes too long to work out: with more than three objectives, and a large front. */
  readonly hypervolume: Hypervolume | null;
}

/** How the volume that the front dominates grew: one row per trial that made it grow, in the order of ends. */
export interface Hypervolume {
  readonly numbers: Float64Array; // [k]
  /** How many trials had ended then. [k] */
  readonly ended: Float64Array;
  /** Never falling. [k] */
  readonly volumes: Float64Array;
}

/**
 * Per experiment its front; null where it is not visible, or has not several objectives. `reference`: in the objectives' own
 * units; null: a tenth beyond the worst of each front. INPUT_INVALID where it has not one finite number per objective.
 */
export async function loadParetoFronts(
  deps: Deps,
  principal: Principal,
  ids: readonly ExperimentId[],
  reference: readonly number[] | null,
): Promise<(ParetoFront | PlatformError | null)[]> {
  const searching = severalOf(await findExperiments(deps.database.read, scopeOf(principal), ids));
  const fronts = await frontsOf(deps, searching);
  const found = new Map<ExperimentId, ParetoFront | PlatformError>();
  for (const { id, search } of searching) {
    const front = fronts.get(id);
    if (front !== undefined) found.set(id, await describe(front, search, reference));
  }
  return ids.map((id) => found.get(id) ?? null);
}

/**
 * Per experiment its best trials by number: with several objectives those of the front, else the one best trial if there is
 * one. NOT_FOUND where it is not visible.
 */
export async function loadBestTrialPages(
  deps: Deps,
  principal: Principal,
  ids: readonly ExperimentId[],
  input: PageInput,
): Promise<PageOrError<Trial>[]> {
  const { read } = deps.database;
  const visible = await findExperiments(read, scopeOf(principal), ids);
  const fronts = await frontsOf(deps, severalOf(visible));
  const numbersOf = (id: ExperimentId) =>
    (fronts.get(id)?.members ?? []).map(({ number }) => number).sort((a, b) => a - b);
  const single = async (some: readonly ExperimentId[]) => {
    const best = await findBestTrials(
      read,
      some.filter((id) => !fronts.has(id)),
    );
    return readTrials(
      read,
      best.map(({ trialId }) => trialId),
    );
  };
  const visibleIds = visible.map(({ id }) => id);
  const pages = await pagesByParent<ExperimentId, Trial>(visibleIds, input, {
    nameOf: (id) => `best-trials:${id}`,
    read: async (some, { limit, after }) => {
      const from = Number(after?.[0] ?? -1);
      if (!Number.isInteger(from)) throw invalidCursor();
      const pairs = some.flatMap((experimentId) =>
        numbersOf(experimentId)
          .filter((number) => number > from)
          .slice(0, limit)
          .map((number) => ({ experimentId, number })),
      );
      const front = pairs.length === 0 ? [] : await readTrialsByNumber(read, pairs);
      return [...front, ...(await single(some)).filter(({ number }) => number > from)];
    },
    parentOf: ({ experimentId }) => experimentId,
    positionOf: ({ number }) => [number],
    count: async (some) => {
      const best = await single(some);
      return some.map((id) => ({
        id,
        n: fronts.has(id) ? numbersOf(id).length : best.filter(({ experimentId }) => experimentId === id).length,
      }));
    },
  });
  return ids.map((id) => pages.get(id) ?? new PlatformError('NOT_FOUND', `there is no experiment ${id}`));
}

type Several = Experiment & { readonly search: Search };

function severalOf(experiments: readonly Experiment[]): Several[] {
  return experiments.filter((one): one is Several => one.search !== null && one.search.objectives.length > 1);
}

async function frontsOf(deps: Deps, several: readonly Several[]): Promise<ReadonlyMap<ExperimentId, GrowingFront>> {
  const { database } = deps;
  const searching = several.map(({ id, search }) => ({ id, objectives: search.objectives }));
  const fronts = await loadFronts(database.read, database, searching);
  return new Map(several.map(({ id }, i) => [id, fronts[i] as GrowingFront])); // one each
}

async function describe(
  front: GrowingFront,
  { objectives }: Search,
  given: readonly number[] | null,
): Promise<ParetoFront | PlatformError> {
  const wrong = given !== null && (given.length !== objectives.length || !given.every(Number.isFinite));
  if (wrong)
    return new PlatformError(
      'INPUT_INVALID',
      `the reference needs ${objectives.length} finite numbers, one per objective`,
    );
  const members = [...front.members].sort((a, b) => a.number - b.number);
  const signs = objectives.map(signOf);
  const border = given === null ? referenceOfFront(front) : given.map((value, o) => (signs[o] ?? 1) * value);
  const knee = kneeOf(members.map(({ values }) => values));
  return {
    numbers: Float64Array.from(members, ({ number }) => number),
    values: signs.map((sign, o) => Float64Array.from(members, ({ values }) => own(sign, values[o] ?? 0))),
    knee: members[knee ?? -1]?.number ?? null,
    reference: border.map((value, o) => own(signs[o] ?? 1, value)),
    hypervolume: await measure(front, border),
  };
}

async function measure(front: GrowingFront, border: readonly number[]): Promise<Hypervolume | null> {
  const volumes = await measureFront(front, border);
  if (volumes === null) return null;
  return {
    numbers: Float64Array.from(front.entrants, ({ number }) => number),
    ended: Float64Array.from(front.entrants, ({ ended }) => ended),
    volumes,
  };
}

/** As it was stored, but for the sign of zero. */
function own(sign: 1 | -1, value: number): number {
  return sign * value + 0;
}
