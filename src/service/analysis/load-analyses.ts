/** Experiments ready to be analysed, for the edges of a graph: many ids, two statements. */
import type { Experiment, Search } from '../../domain/experiment.js';
import type { ExperimentId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import { type AnalysisState, listAnalysisStates } from '../../store/queries/analysis.js';
import { findExperiments } from '../../store/queries/experiment.js';
import { scopeOf } from '../authorize.js';
import type { Deps } from '../deps.js';

/** A searching experiment that the caller may see, and the state of it that all answers are of, or of a later one. */
export interface Analysis {
  readonly experiment: Experiment;
  readonly search: Search;
  /** Names the state: as long as it is the same, so are all answers. */
  readonly version: string;
}

/** Per id the experiment ready to be analysed; null without a search, and where it is not visible. */
export async function loadAnalyses(
  deps: Deps,
  principal: Principal,
  ids: readonly ExperimentId[],
): Promise<(Analysis | null)[]> {
  const { read } = deps.database;
  // Read before the experiments: an answer may then be newer than its name, never older.
  const states = new Map((await listAnalysisStates(read, ids)).map((state) => [state.experimentId, state]));
  const visible = await findExperiments(read, scopeOf(principal), ids);
  const found = new Map(
    visible.map((experiment) => [experiment.id, analysisOf(experiment, states.get(experiment.id))]),
  );
  return ids.map((id) => found.get(id) ?? null);
}

function analysisOf(experiment: Experiment, state: AnalysisState | undefined): Analysis | null {
  const { search } = experiment;
  if (search === null || state === undefined) return null;
  const { sequence, trials, running, reports } = state;
  const version = [sequence, search.revision, search.warmTrials, trials, running, reports].join(' ');
  return { experiment, search, version };
}
