/** The SDK for Node: `init` records a trial, `Client` does the rest. */

import { type InitOptions, initTrial } from './start-trial.js';
import type { Trial } from './trial.js';

export type { AnalysisBasis, BestSoFar, Importance, ImportanceOptions, StoppingAdvice } from './analysis.js';
export type { Artifact, ArtifactOptions, Checkpoint } from './artifact.js';
export type { BudgetOptions } from './budget.js';
export type { ClientOptions, RequestOptions, RetryOptions, SubscribeOptions } from './client.js';
export { decodeColumn, decodeFloat, encodeColumn, encodeFloat, type Float64Json } from './columns.js';
export type { DocumentText } from './document.js';
export * from './errors.js';
export {
  type AdviceOptions,
  type ExperimentDelta,
  ExperimentHandle,
  type TrialsMessage,
  type WatchTrialsOptions,
} from './experiment.js';
export type { ExportFormat, ExportOptions } from './export.js';
export { Client, type ExperimentOptions, type ObjectiveOptions } from './node-client.js';
export type { FrontOptions, ParetoFront } from './pareto-front.js';
export type { MetricDelta, PointsOptions, SeriesDelta } from './points.js';
export { newRequestId } from './request-id.js';
export type { GroupColumns, GroupsOptions, SeriesGroup, SeriesGroups } from './series-groups.js';
export type { ConnectionState } from './sockets.js';
export { space } from './space.js';
export { type SyncOptions, type SyncResult, syncSpool } from './spool-sync.js';
export type { InitOptions } from './start-trial.js';
export { type FinishOptions, type LogOptions, type Params, Trial, type TrialEnd, type Verdict } from './trial.js';
export { type LogLine, TrialHandle } from './trial-handle.js';
export { TrialSet, type TrialSetMessage } from './trial-set.js';

/** Starts the trial of this process, or opens the leased one under a runner. See `InitOptions` for what it reads. */
export function init(options: InitOptions = {}): Promise<Trial> {
  return initTrial(options);
}
