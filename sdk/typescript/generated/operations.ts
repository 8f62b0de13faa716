/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Trials of other experiments for a search to learn from. */
export type AdoptTrialsInput = {
  /** A text of your own, unique per request, e.g. a UUID. Sent again with the same input, it returns the first reply instead of doing the work twice. Kept at least 24 hours. */
  clientRequestId?: string | null | undefined;
  /** The experiment whose search shall learn. */
  experimentId: string;
  /** Experiments, by path `project/experiment` or identifier: all their ended trials. */
  experiments?: Array<string> | null | undefined;
  /** Whether hyperparameters that the space has not are left out, instead of making a misfit. */
  ignoreUnknown?: boolean;
  /** What becomes of those that are not legal in the search space. Unset: REFUSE. */
  misfits?: Misfits | null | undefined;
  /** Single trials, by path `project/experiment/number` or identifier. */
  trials?: Array<string> | null | undefined;
};

/** Why an analysis is empty, or says little. None of these is an error. */
export type AnalysisProblem =
  /** The model cannot say anything about what was asked. */
  | 'NO_MODEL'
  /** There is no trial that counts. */
  | 'NO_TRIALS'
  /** All values are alike. */
  | 'NO_VARIANCE'
  /** There are too few to say anything. */
  | 'TOO_FEW';

/** Whom a key stands for. */
export type ApiKeyKind =
  /** A runner agent: may lease and report jobs of its pool. */
  | 'RUNNER'
  /** A program, such as a CI job: has a role of its own. */
  | 'SERVICE'
  /** One attempt of one trial. Issued by the server when the attempt starts. */
  | 'TRIAL'
  /** A person: may what its user may, or less. */
  | 'USER';

/** Whether the bytes of an artifact are all there. */
export type ArtifactState =
  /** Complete, with the size and checksum that were claimed. */
  | 'COMMITTED'
  /** Begun; its bytes are not proved yet. Never served. */
  | 'PENDING';

/** A script that asks for its next trial. */
export type AskTrialInput = {
  /** A text of your own, unique per request, e.g. a UUID. Sent again with the same input, it returns the first reply instead of doing the work twice. Kept at least 24 hours. */
  clientRequestId?: string | null | undefined;
  /** The experiment to work for. */
  experimentId: string;
};

/** A file about to be uploaded. */
export type BeginArtifactInput = {
  /** The attempt that made it. */
  attempt: number;
  /** A text of your own, unique per request, e.g. a UUID. Sent again with the same input, it returns the first reply instead of doing the work twice. Kept at least 24 hours. */
  clientRequestId?: string | null | undefined;
  /** Name that the file gets when downloaded. */
  fileName: string;
  /** What it is, in a word of your own, e.g. `model`. */
  kind: string;
  /** Name within the trial, e.g. `checkpoint`. */
  name: string;
  /** SHA-256 of the bytes, in lower-case hex. */
  sha256: string;
  /** Size in bytes. */
  sizeBytes: number;
  /** The trial that made it. */
  trialId: string;
};

/** Which number of a metric is held against its bound. */
export type BoundTake =
  /** The last one reported. */
  | 'LAST'
  /** The largest finite one of an upper bound, the smallest of a lower one. */
  | 'WORST';

/** What of a budget shall change. What is not given stays as it is. */
export type BudgetChangeInput = {
  /** GPU hours (GPUs times hours held by runners) after which no new trial is proposed; null for no limit. */
  maxGpuHours?: number | null | undefined;
  /** Hours since its creation after which no new trial is proposed; null for no limit. */
  maxHours?: number | null | undefined;
  /** Most trials at the same time; null for one. */
  maxParallel?: number | null | undefined;
  /** Slot hours (CPU slots times hours held by runners), the same without GPUs; null for no limit. */
  maxSlotHours?: number | null | undefined;
  /** Most trials, with those there are; null for no limit. */
  maxTrials?: number | null | undefined;
  /** What becomes of trials that have not ended when its hours of any kind are spent; null for FINISH. */
  whenSpent?: WhenSpent | null | undefined;
};

/** How much a search may spend. */
export type BudgetInput = {
  /** GPU hours (GPUs times hours held by runners) after which no new trial is proposed. Unset: no limit. */
  maxGpuHours?: number | null | undefined;
  /** Hours since its creation after which no new trial is proposed. Unset: no limit. */
  maxHours?: number | null | undefined;
  /** Most trials at the same time. Unset: a default of the server. */
  maxParallel?: number | null | undefined;
  /** Slot hours (CPU slots times hours held by runners), the same without GPUs. Unset: no limit. */
  maxSlotHours?: number | null | undefined;
  /** Most trials. Unset: no limit. */
  maxTrials?: number | null | undefined;
  /** What becomes of trials that have not ended when its hours of any kind are spent. Unset: FINISH. */
  whenSpent?: WhenSpent | null | undefined;
};

/** How two values are compared. */
export type Comparison =
  /** Equal. */
  | 'EQ'
  /** Greater than or equal. */
  | 'GE'
  /** Greater than. */
  | 'GT'
  /** Less than or equal. */
  | 'LE'
  /** Less than. */
  | 'LT'
  /** Not equal. */
  | 'NE';

/** What a completion is. */
export type CompletionKind =
  /** A field, such as `metrics.loss.min`. */
  | 'FIELD'
  /** A word or sign of the language. */
  | 'KEYWORD'
  /** An operator, such as `>=`. */
  | 'OPERATOR'
  /** A value that trials have. */
  | 'VALUE';

/** What the last of the budget is kept for: trying the best points again. */
export type ConfirmInput = {
  /** How many trials each of them shall have in the end. */
  times: number;
  /** How many points. */
  top: number;
};

/** How lately a running trial was heard from. */
export type Contact =
  /** Not for a while; it may come back. */
  | 'DISCONNECTED'
  /** Lately. */
  | 'LIVE'
  /** Not for long; it is likely dead. */
  | 'LOST';

/** A new API key. */
export type CreateApiKeyInput = {
  /** A text of your own, unique per request, e.g. a UUID. Sent again with the same input, it returns the first reply instead of doing the work twice. Kept at least 24 hours. */
  clientRequestId?: string | null | undefined;
  /** Days until the key stops working. Unset: 90 for USER keys, never for others. */
  expiresInDays?: number | null | undefined;
  /** Whom the key stands for: USER (yourself), SERVICE or RUNNER. TRIAL keys are issued by the server only. */
  kind: ApiKeyKind;
  /** A name to recognise the key by. */
  name: string;
  /** RUNNER: the pool that it may lease from. */
  poolId?: string | null | undefined;
  /** Confines the key to one project. */
  projectId?: string | null | undefined;
  /** Most that the key may do. SERVICE needs one; USER keys without one may do all that you may. */
  role?: Role | null | undefined;
};

/** A search file, and what shall override it. */
export type CreateExperimentFromFileInput = {
  /** A text of your own, unique per request, e.g. a UUID. Sent again with the same input, it returns the first reply instead of doing the work twice. Kept at least 24 hours. */
  clientRequestId?: string | null | undefined;
  /** Environment variables by name, over those in the file. */
  environment?: Record<string, unknown> | null | undefined;
  /** Name of the experiment, instead of the one in the file. */
  name?: string | null | undefined;
  /** Name of the project, instead of the one in the file. */
  project?: string | null | undefined;
  /** Seed, instead of the one in the file. */
  seed?: string | null | undefined;
  /** The text of the file, YAML. */
  text: string;
  /** Whether a name that is taken gets a suffix -2, -3 … instead of an error. */
  unique?: boolean;
  /** Folder that the command starts in, instead of the one in the file. */
  workingDirectory?: string | null | undefined;
};

/** A new experiment. Give `projectId` or `project`; give `algorithmVersionId` or `command` to have its trials run by runners. */
export type CreateExperimentInput = {
  /** What runners execute for each trial. */
  algorithmVersionId?: string | null | undefined;
  /** A text of your own, unique per request, e.g. a UUID. Sent again with the same input, it returns the first reply instead of doing the work twice. Kept at least 24 hours. */
  clientRequestId?: string | null | undefined;
  /** What runners execute for each trial; registers an algorithm named like the experiment. */
  command?: Array<string> | null | undefined;
  /** The datasets that it uses. */
  datasets?: Array<ExperimentDatasetInput> | null | undefined;
  /** Free text. */
  description?: string | null | undefined;
  /** Environment variables of the command by name; the values are strings. Not for secrets. */
  environment?: Record<string, unknown> | null | undefined;
  /** Name, unique in the project. */
  name: string;
  /** Name of the pool whose runners execute it. Unset: `default`. */
  pool?: string | null | undefined;
  /** Name of the project that shall own it; created when missing. */
  project?: string | null | undefined;
  /** The project that shall own it. */
  projectId?: string | null | undefined;
  /** What one attempt of a trial needs. */
  resources?: ResourcesInput | null | undefined;
  /** What decides which trials are proposed. Unset: trials are tracked only. */
  search?: SearchInput | null | undefined;
  /** Folder that the command starts in, as the runner sees it. */
  workingDirectory?: string | null | undefined;
};

/** A new project. */
export type CreateProjectInput = {
  /** A text of your own, unique per request, e.g. a UUID. Sent again with the same input, it returns the first reply instead of doing the work twice. Kept at least 24 hours. */
  clientRequestId?: string | null | undefined;
  /** Free text. */
  description?: string | null | undefined;
  /** Name, unique in the organization. */
  name: string;
};

/** A new resource pool. */
export type CreateResourcePoolInput = {
  /** A text of your own, unique per request, e.g. a UUID. Sent again with the same input, it returns the first reply instead of doing the work twice. Kept at least 24 hours. */
  clientRequestId?: string | null | undefined;
  /** Seconds after which a lease that was not renewed may be reclaimed, 1 to 3600. Unset: 60. */
  leaseSeconds?: number | null | undefined;
  /** Name, unique in the organization. */
  name: string;
};

/** A trial to enqueue with chosen hyperparameters. */
export type CreateTrialInput = {
  /** A text of your own, unique per request, e.g. a UUID. Sent again with the same input, it returns the first reply instead of doing the work twice. Kept at least 24 hours. */
  clientRequestId?: string | null | undefined;
  /** The experiment that it shall belong to. */
  experimentId: string;
  /** A name for people. */
  name?: string | null | undefined;
  /** Hyperparameters by name; checked against the search space when there is one. */
  params: Record<string, unknown>;
  /** Tags, at most 100. */
  tags?: Array<string> | null | undefined;
};

/** Direction of a sort. */
export type Direction =
  /** Smallest first. */
  | 'ASC'
  /** Largest first. */
  | 'DESC';

/** What happened. */
export type EventKind =
  /** The budget is spent or the space is exhausted. */
  | 'EXPERIMENT_COMPLETED'
  /** An experiment was created. */
  | 'EXPERIMENT_CREATED'
  /** An experiment was paused: no new trials are started. */
  | 'EXPERIMENT_PAUSED'
  /** An experiment that was paused or had ended goes on. */
  | 'EXPERIMENT_RESUMED'
  /** A person ended the experiment, or its trials kept failing alike. */
  | 'EXPERIMENT_STOPPED'
  /** A training job ended. */
  | 'JOB_ENDED'
  /** A runner took a training job. */
  | 'JOB_LEASED'
  /** The runner of a training job was not heard from; its lease was reclaimed. */
  | 'JOB_LOST'
  /** A training job waits for a runner. */
  | 'JOB_QUEUED'
  /** The command of a training job runs. */
  | 'JOB_STARTED'
  /** A sampler failed or was too slow; a random proposal took its place. */
  | 'SAMPLER_FALLBACK'
  /** Space or budget of a search changed. */
  | 'SEARCH_REVISED'
  /** A search was given trials of other experiments to learn from. */
  | 'TRIALS_ADOPTED'
  /** A trial is the best of its experiment so far. */
  | 'TRIAL_BEST'
  /** A trial was created. */
  | 'TRIAL_CREATED'
  /** A trial ended. */
  | 'TRIAL_ENDED'
  /** A running trial was asked to stop, to make room for a copy of a better one. */
  | 'TRIAL_EXPLOITED'
  /** A trial starts from the checkpoint of another. */
  | 'TRIAL_OFFSPRING'
  /** A trial waits at a rung with its checkpoint. */
  | 'TRIAL_PAUSED'
  /** A running trial was asked to save its checkpoint and end for now. */
  | 'TRIAL_PAUSE_REQUESTED'
  /** A trial waits for another attempt. */
  | 'TRIAL_REQUEUED'
  /** A trial that was paused goes on. */
  | 'TRIAL_RESUMED'
  /** An attempt of a trial started. */
  | 'TRIAL_STARTED'
  /** A running trial was asked to stop. */
  | 'TRIAL_STOP_REQUESTED';

/** A dataset that an experiment uses. */
export type ExperimentDatasetInput = {
  /** What it is used as, e.g. `train`. */
  channel: string;
  /** The version of the dataset. */
  datasetVersionId: string;
};

/** Which experiments to list: all conditions must hold. */
export type ExperimentFilter = {
  /** Only experiments whose name contains this text; case does not matter. */
  search?: string | null | undefined;
  /** Only experiments in one of these states. */
  states?: Array<ExperimentState> | null | undefined;
};

/** How experiments are sorted. */
export type ExperimentOrder = {
  /** What they are sorted by. */
  by: ExperimentOrderBy;
  /** Direction of the sort. */
  direction?: Direction;
};

/** What experiments are sorted by. Ties are sorted by when they were created, in the same direction. */
export type ExperimentOrderBy =
  /** When it was created. */
  | 'CREATED_AT'
  /** Name. */
  | 'NAME'
  /** State, by name. */
  | 'STATE';

/** Whether an experiment goes on. */
export type ExperimentState =
  /** New trials may start. */
  | 'ACTIVE'
  /** The budget is spent or the space is exhausted. */
  | 'COMPLETED'
  /** No new trials start; running ones go on. */
  | 'PAUSED'
  /** A person ended it, or its trials kept failing alike. */
  | 'STOPPED';

/** Why an attempt ended badly. Each cause has its own number of retries. */
export type FailureCause =
  /** Alive, but silent for too long. */
  | 'HANG'
  /** No fault of the code: a lost machine, GPU, disk or network. */
  | 'INFRASTRUCTURE'
  /** Out of memory, on the machine or on a GPU. */
  | 'OOM'
  /** Its runner died while it ran, several times. */
  | 'POISON'
  /** The machine was taken away, as spot machines are. */
  | 'PREEMPTED'
  /** Ran longer than its limit. */
  | 'TIMEOUT'
  /** The training code failed: an exception or a non-zero exit code. */
  | 'USER_CODE';

/** How a trial failed. */
export type FailureKind =
  /** Alive, but silent for too long. */
  | 'HANG'
  /** Completed, with a value that is NaN or infinite, or with none. */
  | 'NOT_FINITE'
  /** Out of memory, on the machine or on a GPU. */
  | 'OOM'
  /** Its runner died while it ran, several times. */
  | 'POISON'
  /** Ran longer than its limit. */
  | 'TIMEOUT'
  /** The training code failed: an exception or a non-zero exit code. */
  | 'USER_CODE';

/** How a job ended. */
export type FinishJobInput = {
  /** Why it ended badly, as far as the runner can tell. */
  cause?: FailureCause | null | undefined;
  /** A text of your own, unique per request, e.g. a UUID. Sent again with the same input, it returns the first reply instead of doing the work twice. Kept at least 24 hours. */
  clientRequestId?: string | null | undefined;
  /** Epoch that it was leased under. */
  epoch: number;
  /** Exit code of its command. */
  exitCode?: number | null | undefined;
  /** The job. */
  jobId: string;
  /** How it ended, in words. */
  message?: string | null | undefined;
  /** How it ended. */
  outcome: JobEnd;
  /** Signal that ended its command, e.g. `SIGKILL`. */
  signal?: string | null | undefined;
};

/** How a trial ended, told by the script that ran it. */
export type FinishTrialInput = {
  /** The attempt that ended. */
  attempt: number;
  /** Why it failed. Unset: USER_CODE. */
  cause?: FailureCause | null | undefined;
  /** A text of your own, unique per request, e.g. a UUID. Sent again with the same input, it returns the first reply instead of doing the work twice. Kept at least 24 hours. */
  clientRequestId?: string | null | undefined;
  /** How it ended, in words. */
  message?: string | null | undefined;
  /** In place of `value`: one for each of several objectives, in their order. A null item is taken from the metric. */
  objectiveValues?: Array<number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null | undefined> | null | undefined;
  /** How it ended. */
  state: TrialEnd;
  /** The trial. */
  trialId: string;
  /** The objective value, the first of several. Unset: taken from the metric that the objective names. */
  value?: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null | undefined;
};

/** Which values of the objective are better. */
export type Goal =
  /** Larger ones. */
  | 'MAXIMIZE'
  /** Smaller ones. */
  | 'MINIMIZE';

/** A graphics processor that a runner offers. */
export type GpuInput = {
  /** Index on its machine. */
  index: number;
  /** Memory in MiB. */
  memoryMiB: number;
  /** Model name. */
  name: string;
  /** Identifier given by its maker. */
  uuid: string;
};

/** How importance is measured. */
export type ImportanceMethod =
  /** Share of the variance that a forest of trees puts down to each parameter over the whole space; sums to at most 1, the rest is in interactions. Of at most 1000 trials, those with the most frequent set of active parameters. Hutter et al. 2014. */
  | 'FANOVA'
  /** How much the best tenth of the trials differs from all of them, parameter by parameter; sums to 1. Fast. Watanabe et al. 2023, arXiv:2304.10255. */
  | 'PED_ANOVA';

/** How a runner says that a job ended. */
export type JobEnd =
  /** The command ended well. */
  | 'COMPLETED'
  /** The command failed. */
  | 'FAILED'
  /** The runner lost the process. */
  | 'LOST'
  /** The runner has to go. */
  | 'PREEMPTED'
  /** The command was stopped on request. */
  | 'TERMINATED';

/** What became of what a runner told. None of these is an error. */
export type JobWriteOutcome =
  /** Stored. */
  | 'ACCEPTED'
  /** Refused: the lease is no longer this runner’s. Kill the process. */
  | 'FENCED';

/** A lease that a runner holds. */
export type LeaseInput = {
  /** Epoch that it was leased under. */
  epoch: number;
  /** The job. */
  jobId: string;
};

/** A runner that asks for work. */
export type LeaseJobsInput = {
  /** A text of your own, unique per request, e.g. a UUID. Sent again with the same input, it returns the first reply instead of doing the work twice. Kept at least 24 hours. */
  clientRequestId?: string | null | undefined;
  /** GPUs that are free. */
  freeGpus: number;
  /** CPU slots that are free. */
  freeSlots: number;
  /** Most jobs to take at once. */
  max?: number;
  /** The runner. */
  runnerId: string;
};

/** What became of a lease that a runner wanted to renew. */
export type LeaseOutcome =
  /** It is no longer the runner’s. Kill the process. */
  | 'FENCED'
  /** It is the runner’s for another lease time. */
  | 'RENEWED';

/** Where a log line comes from. */
export type LogSource =
  /** Standard error of the command. */
  | 'STDERR'
  /** Standard output of the command. */
  | 'STDOUT'
  /** Trialgraph itself. */
  | 'SYSTEM';

/** A sampler or pruner with its options. */
export type MethodInput = {
  /** Name of the method; see `Query.samplers` and `Query.pruners`. */
  kind: string;
  /** Options by name; what is not given has its default. */
  options?: Record<string, unknown> | null | undefined;
};

/** A condition on a metric. */
export type MetricCondition = {
  /** Name of the metric. */
  key: string;
  /** How it is compared. */
  op: Comparison;
  /** Which number of the series is compared. */
  stat: MetricStat;
  /** Number to compare with. */
  value: number;
};

/** A bound on a metric that good trials keep: exactly one of `atMost` and `atLeast`. */
export type MetricConstraintInput = {
  /** The smallest number allowed. */
  atLeast?: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null | undefined;
  /** The largest number allowed. */
  atMost?: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null | undefined;
  /** Name of the metric; each trial must report it. */
  metric: string;
  /** Which number of the metric is held against it. Unset: LAST. */
  take?: BoundTake | null | undefined;
};

/** A number that stands for a series. */
export type MetricStat =
  /** The last value. */
  | 'LAST'
  /** The largest finite value. */
  | 'MAX'
  /** The smallest finite value. */
  | 'MIN';

/** What becomes of trials that are not legal in a search space. */
export type Misfits =
  /** They are known, and outside the models until a revision of the space takes them. */
  | 'KEEP'
  /** They are named in an error, and nothing is adopted. */
  | 'REFUSE';

/** What a search shall make good. */
export type ObjectiveInput = {
  /** Which values are better. */
  goal: Goal;
  /** Name of the metric. */
  metric: string;
  /** Which number of the metric becomes the value of a trial. Unset: LAST. */
  take?: Take | null | undefined;
};

/** How many objectives a sampler can serve. */
export type Objectives =
  /** One or several. */
  | 'ANY'
  /** One. */
  | 'ONE';

/** A condition on a hyperparameter: give `number` or `text`. */
export type ParamCondition = {
  /** Name of the hyperparameter. */
  name: string;
  /** Number to compare with. */
  number?: number | null | undefined;
  /** How it is compared. */
  op: Comparison;
  /** Text to compare with; booleans are `true` and `false`. */
  text?: string | null | undefined;
};

/** How a proposal came about. */
export type ProposalPhase =
  /** The default configuration of the space. */
  | 'DEFAULT'
  /** The model expects a good value. */
  | 'EXPLOIT'
  /** The model wants to know more. */
  | 'EXPLORE'
  /** The next of a fixed sequence. */
  | 'LISTED'
  /** Drawn without a model. */
  | 'RANDOM'
  /** Before the model speaks. */
  | 'STARTUP';

/** Training code to register. An algorithm of this name gets a new version when anything differs. */
export type RegisterAlgorithmInput = {
  /** A text of your own, unique per request, e.g. a UUID. Sent again with the same input, it returns the first reply instead of doing the work twice. Kept at least 24 hours. */
  clientRequestId?: string | null | undefined;
  /** The program and its arguments, executed without a shell. */
  command: Array<string>;
  /** Free text. */
  description?: string | null | undefined;
  /** Environment variables by name; the values are strings. Not for secrets. */
  environment?: Record<string, unknown> | null | undefined;
  /** Name, unique in the project. */
  name: string;
  /** The project that shall own it. */
  projectId: string;
  /** Where the code is kept, e.g. a git URL with a commit. */
  source?: string | null | undefined;
  /** Folder that the command starts in, as the runner sees it. */
  workingDirectory?: string | null | undefined;
};

/** Data to register by reference. A dataset of this name gets a new version when anything differs. */
export type RegisterDatasetInput = {
  /** A text of your own, unique per request, e.g. a UUID. Sent again with the same input, it returns the first reply instead of doing the work twice. Kept at least 24 hours. */
  clientRequestId?: string | null | undefined;
  /** Free text. */
  description?: string | null | undefined;
  /** Licence of the data, e.g. an SPDX identifier. */
  licence?: string | null | undefined;
  /** Name, unique in the project. */
  name: string;
  /** The project that shall own it. */
  projectId: string;
  /** Number of rows or examples. */
  rows?: number | null | undefined;
  /** SHA-256 of the data, in lower-case hex. */
  sha256: string;
  /** Size in bytes. */
  sizeBytes?: number | null | undefined;
  /** Where the data is: a path or URL that training code can read. */
  uri: string;
};

/** A runner agent that introduces itself. */
export type RegisterRunnerInput = {
  /** A text that is new at each start of the agent: tells a restart from a silence. Registering again with the same one returns the same runner. */
  bootId: string;
  /** A text of your own, unique per request, e.g. a UUID. Sent again with the same input, it returns the first reply instead of doing the work twice. Kept at least 24 hours. */
  clientRequestId?: string | null | undefined;
  /** GPUs that it offers; may be empty. */
  gpus: Array<GpuInput>;
  /** Host name of its machine. */
  host: string;
  /** Name of the agent. */
  name: string;
  /** Name of the pool that it wants to serve; its key must be for that pool. */
  pool: string;
  /** CPU slots that it offers. */
  slots: number;
};

/** A heartbeat: all the leases that a runner holds. Sending it again is safe. */
export type RenewLeasesInput = {
  /** Its leases; may be empty. */
  leases: Array<LeaseInput>;
  /** The runner. */
  runnerId: string;
};

/** How often points shall be tried with different seeds, which trials find in `Trial.seed` and TRIALGRAPH_SEED. Each time is a trial of the budget. */
export type ReplicatesInput = {
  /** How the best points are confirmed at the end; needs `maxTrials` or a space that can be exhausted. */
  confirm?: ConfirmInput | null | undefined;
  /** Trials that a contender gets in all. Unset: 1. */
  count?: number | null | undefined;
  /** Trials that every point gets, at most `count`. Unset: 1. */
  first?: number | null | undefined;
  /** Share of the points, the best by their means, that are contenders. Unset: 0.2. */
  share?: number | null | undefined;
};

/** A batch of log lines as columns of equal length. Sending it again is safe: what is stored already is skipped. */
export type ReportLogsInput = {
  /** The attempt that wrote the lines. */
  attempt: number;
  /** The lines, without their line ends. */
  lines: Array<string>;
  /** Number of the first line of this batch in its stream, counting from 0. */
  seq: number;
  /** Where each line comes from. */
  sources: Array<LogSource>;
  /** Name of the stream; `console` for what a runner captured. */
  stream: string;
  /** When each line was written, in seconds since the epoch. */
  times: string;
  /** The trial. */
  trialId: string;
};

/** A batch of metric points. Sending it again is safe: what is stored already is skipped. */
export type ReportMetricsInput = {
  /** The attempt that reports. */
  attempt: number;
  /** Number of points that had to be given up before this batch; kept and shown. */
  dropped?: number | null | undefined;
  /** Position of the first point of this batch in its stream: 0 for the first ever, then counting every point. */
  seq: number;
  /** The points, at most 10,000 in all. Points count in the order of the list, series after series. */
  series: Array<SeriesInput>;
  /** A stream of your own, e.g. one per process of the training. Positions count within it. */
  stream: string;
  /** The trial. */
  trialId: string;
};

/** What became of a report. None of these is an error. */
export type ReportOutcome =
  /** Stored, durably; what had been stored before was skipped. */
  | 'ACCEPTED'
  /** Nothing stored: other points are stored at these positions of the stream. */
  | 'CONFLICT'
  /** Nothing stored: a newer attempt owns the trial. Stop reporting. */
  | 'FENCED'
  /** Nothing stored: points before this batch are missing. Send again from `nextSeq`, even when it is lower than one that was accepted. */
  | 'GAP';

/** What one attempt of a trial needs. */
export type ResourcesInput = {
  /** Number of GPUs. Unset: 0. */
  gpus?: number | null | undefined;
  /** Number of CPU slots. Unset: 1. */
  slots?: number | null | undefined;
  /** Longest run in seconds. Unset: no limit. */
  timeoutSeconds?: number | null | undefined;
};

/** What shall change of a search. What is not given stays as it is. */
export type ReviseSearchInput = {
  /** How much it may spend from now on. */
  budget?: BudgetChangeInput | null | undefined;
  /** A text of your own, unique per request, e.g. a UUID. Sent again with the same input, it returns the first reply instead of doing the work twice. Kept at least 24 hours. */
  clientRequestId?: string | null | undefined;
  /** The experiment. */
  experimentId: string;
  /** In place of `space` the text of a search file, YAML: its parameters and conditions are the space from now on, the rest is not looked at. */
  file?: string | null | undefined;
  /** Whether an experiment that is paused or has ended goes on with it. */
  resume?: boolean;
  /** The whole search space from now on: a parameter by each name. */
  space?: Record<string, unknown> | null | undefined;
};

/** What a person or key may do; each role includes the ones before it. */
export type Role =
  /** May also manage pools, keys and users. */
  | 'ADMIN'
  /** May also run commands on runners. Never implied by writing. */
  | 'SUBMITTER'
  /** May read. */
  | 'VIEWER'
  /** May also record: create experiments and trials, report metrics, register datasets. */
  | 'WRITER';

/** Whether a runner takes work. */
export type RunnerState =
  /** Finishes what it has and takes nothing new. */
  | 'DRAINING'
  /** Not heard from for longer than a lease. */
  | 'OFFLINE'
  /** Heard from lately; takes jobs. */
  | 'ONLINE';

/** Everything that decides which trials are proposed. */
export type SearchInput = {
  /** How much it may spend. */
  budget?: BudgetInput | null | undefined;
  /** How many trials in a row may fail alike by the training code before the search is stopped; 0 for any number. Unset: 5. */
  failureLimit?: number | null | undefined;
  /** Bounds that good trials keep, at most 16. Unset: none. */
  metricConstraints?: Array<MetricConstraintInput> | null | undefined;
  /** What it shall make good; give it or `objectives`. */
  objective?: ObjectiveInput | null | undefined;
  /** The things that it shall make good, 1 to 8; a pruner watches the first. */
  objectives?: Array<ObjectiveInput> | null | undefined;
  /** What ends trials early. Unset: none does. */
  pruner?: MethodInput | null | undefined;
  /** How often points are tried with different seeds. Unset: each once. */
  replicates?: ReplicatesInput | null | undefined;
  /** What proposes trials. Unset: the default sampler. */
  sampler?: MethodInput | null | undefined;
  /** Seed of all proposals. Unset: a random one, which can be read back. */
  seed?: string | null | undefined;
  /** The search space: a parameter by each name. */
  space: Record<string, unknown>;
  /** Experiments, by path `project/experiment` or identifier, whose ended trials the models begin with, as they are now. Unset: none. */
  warmStart?: Array<string> | null | undefined;
};

/** What places the rows of a series in a chart. */
export type SeriesAxis =
  /** The value of another metric of the same attempt. */
  | 'METRIC'
  /** That time less `SeriesColumns.origin`, in seconds. */
  | 'RELATIVE_TIME'
  /** The step: `SeriesColumns.x` is null. */
  | 'STEP'
  /** The time of the point that the row shows, in seconds since the epoch. */
  | 'TIME';

/** Points of one metric as columns of equal length. */
export type SeriesInput = {
  /** Name of the metric, at most 256 bytes. */
  key: string;
  /** Steps: whole numbers within ±(2^53 − 1). */
  steps: string;
  /** When each was logged, in seconds since the epoch. */
  times: string;
  /** Values; NaN and infinities are welcome and kept. */
  values: string;
};

/** The axis of `SeriesColumns.x`. Rows are points or buckets by step in any case. */
export type SeriesXInput = {
  /** The axis. */
  axis: SeriesAxis;
  /** Name of the metric: with `METRIC`, and only then. */
  key?: string | null | undefined;
};

/** The command of a job runs now. */
export type StartJobInput = {
  /** A text of your own, unique per request, e.g. a UUID. Sent again with the same input, it returns the first reply instead of doing the work twice. Kept at least 24 hours. */
  clientRequestId?: string | null | undefined;
  /** Epoch that it was leased under. */
  epoch: number;
  /** The job. */
  jobId: string;
};

/** A trial that a script runs by itself: `trialId` to go on with one, else project and experiment by name. */
export type StartTrialInput = {
  /** A text of your own, unique per request, e.g. a UUID. Sent again with the same input, it returns the first reply instead of doing the work twice. Kept at least 24 hours. */
  clientRequestId?: string | null | undefined;
  /** Name of the experiment in the project; created when missing. */
  experiment?: string | null | undefined;
  /** A name for people. */
  name?: string | null | undefined;
  /** Hyperparameters of a new trial by name. */
  params?: Record<string, unknown> | null | undefined;
  /** Name of the project; created when missing. */
  project?: string | null | undefined;
  /** Tags, at most 100. */
  tags?: Array<string> | null | undefined;
  /** Go on with this trial, as its next attempt. */
  trialId?: string | null | undefined;
};

/** Who asked a trial to stop. */
export type StopReason =
  /** The experiment was stopped. */
  | 'EXPERIMENT'
  /** The pruner: it did not look promising. */
  | 'PRUNER'
  /** A person. */
  | 'USER';

/** What a rule about stopping looks at. */
export type StoppingRuleKind =
  /** What the next trials are expected to gain, in the unit of the objective, against what was gained so far. */
  | 'GAIN'
  /** Trials that ended since the last improvement; of several objectives, since the front grew. */
  | 'STAGNATION'
  /** What they are expected to gain per hour of training, against what was gained per hour so far. */
  | 'WORTH';

/** Which number of the metric becomes the value of a trial. */
export type Take =
  /** The best one reported. */
  | 'BEST'
  /** The last one reported. */
  | 'LAST';

/** Where a training job stands. */
export type TrainingJobState =
  /** Its command ended well. */
  | 'COMPLETED'
  /** Its command failed. */
  | 'FAILED'
  /** Its runner was not heard from; the trial gets another attempt. */
  | 'LOST'
  /** Waits for a runner. */
  | 'PENDING'
  /** Its machine was taken away; the trial gets another attempt. */
  | 'PREEMPTED'
  /** Its command runs. */
  | 'RUNNING'
  /** Leased by a runner; its command does not run yet. */
  | 'STARTING'
  /** It was stopped on request. */
  | 'TERMINATED'
  /** Its command was asked to stop. */
  | 'TERMINATING';

/** How a script says that its trial ended. */
export type TrialEnd =
  /** Ran to its end. */
  | 'COMPLETED'
  /** Ended by an error. */
  | 'FAILED'
  /** Was asked to pause, saved its checkpoint and ended for now: the trial waits, and may be resumed. */
  | 'PAUSED'
  /** Ended early on a verdict. */
  | 'PRUNED'
  /** Ended because it was asked to. */
  | 'STOPPED';

/** Which trials to list: all conditions must hold. */
export type TrialFilter = {
  /** Conditions on metrics. */
  metrics?: Array<MetricCondition> | null | undefined;
  /** Only trials with one of these numbers. */
  numbers?: Array<number> | null | undefined;
  /** Conditions on hyperparameters. */
  params?: Array<ParamCondition> | null | undefined;
  /** Only trials in one of these states. */
  states?: Array<TrialState> | null | undefined;
  /** Only trials with all of these tags. */
  tags?: Array<string> | null | undefined;
};

/** How trials are sorted. */
export type TrialOrder = {
  /** What they are sorted by. */
  by: TrialOrderBy;
  /** Direction of the sort. */
  direction?: Direction;
  /** Name of the hyperparameter or metric, where `by` asks for one. */
  key?: string | null | undefined;
};

/** What trials are sorted by, ties by age in the same direction. Missing values and NaN come last in both directions, by number. */
export type TrialOrderBy =
  /** When it was created. */
  | 'CREATED_AT'
  /** How long it ran. */
  | 'DURATION'
  /** Last value of a metric: `key` names it. */
  | 'METRIC_LAST'
  /** Largest value of a metric: `key` names it. */
  | 'METRIC_MAX'
  /** Smallest value of a metric: `key` names it. */
  | 'METRIC_MIN'
  /** Number in the experiment. */
  | 'NUMBER'
  /** A hyperparameter: `key` names it. */
  | 'PARAM'
  /** State, by name. */
  | 'STATE'
  /** Objective value. */
  | 'VALUE';

/** Where a trial stands. COMPLETED, PRUNED, FAILED and STOPPED are final. */
export type TrialState =
  /** Ran to its end. */
  | 'COMPLETED'
  /** Ended by an error. */
  | 'FAILED'
  /** Ended early, since it did not look promising. */
  | 'PRUNED'
  /** An attempt is under way. */
  | 'RUNNING'
  /** Ended because a person or the end of the experiment asked for it. */
  | 'STOPPED'
  /** To be run: new, queued for another attempt, or paused at a rung (see `paused`). */
  | 'WAITING';

/** What people say about a trial. What is not given stays as it is. */
export type UpdateTrialInput = {
  /** A text of your own, unique per request, e.g. a UUID. Sent again with the same input, it returns the first reply instead of doing the work twice. Kept at least 24 hours. */
  clientRequestId?: string | null | undefined;
  /** The trial. */
  id: string;
  /** Its new name; null removes it. */
  name?: string | null | undefined;
  /** All its tags from now on. */
  tags?: Array<string> | null | undefined;
};

/** What becomes of trials that have not ended when hours, GPU hours or slot hours of the budget are spent. */
export type WhenSpent =
  /** They go on to their end. */
  | 'FINISH'
  /** Waiting ones are stopped, running ones are asked to end. */
  | 'STOP';

export type AlgorithmVersionFieldsFragment = { id: string, projectId: string, algorithmId: string, version: number, command: Array<string>, environment: Record<string, unknown>, workingDirectory: string | null, source: string | null, createdAt: string };

export type AlgorithmsQueryVariables = Exact<{
  projectId: string;
  first?: number;
  after?: string | null | undefined;
}>;


export type AlgorithmsQuery = { algorithms: { nodes: Array<{ id: string, projectId: string, name: string, description: string, createdAt: string, versions: Array<{ id: string, projectId: string, algorithmId: string, version: number, command: Array<string>, environment: Record<string, unknown>, workingDirectory: string | null, source: string | null, createdAt: string }> }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } };

export type AlgorithmQueryVariables = Exact<{
  id: string;
}>;


export type AlgorithmQuery = { algorithm: { id: string, projectId: string, name: string, description: string, createdAt: string, versions: Array<{ id: string, projectId: string, algorithmId: string, version: number, command: Array<string>, environment: Record<string, unknown>, workingDirectory: string | null, source: string | null, createdAt: string }> } | null };

export type RegisterAlgorithmMutationVariables = Exact<{
  input: RegisterAlgorithmInput;
}>;


export type RegisterAlgorithmMutation = { registerAlgorithm: { id: string, projectId: string, algorithmId: string, version: number, command: Array<string>, environment: Record<string, unknown>, workingDirectory: string | null, source: string | null, createdAt: string, algorithm: { id: string, name: string } } };

export type BasisFieldsFragment = { trials: number, sequence: number, problem: AnalysisProblem | null };

export type BestSoFarFieldsFragment = { numbers: string, values: string, holders: string, basis: { trials: number, sequence: number, problem: AnalysisProblem | null } };

export type ImportanceFieldsFragment = { method: ImportanceMethod, parameters: Array<string>, importances: string, basis: { trials: number, sequence: number, problem: AnalysisProblem | null }, interactions: Array<{ parameters: Array<string>, importance: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' }> };

export type StoppingFieldsFragment = { shouldStop: boolean, basis: { trials: number, sequence: number, problem: AnalysisProblem | null }, rules: Array<{ kind: StoppingRuleKind, value: number | 'NaN' | 'Infinity' | '-Infinity' | '-0', threshold: number | 'NaN' | 'Infinity' | '-Infinity' | '-0', shouldStop: boolean, reason: string }>, remaining: { trials: number, gain: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' } | null };

export type BestSoFarQueryVariables = Exact<{
  experimentId: string;
  objective?: number;
}>;


export type BestSoFarQuery = { experiment: { analysis: { bestSoFar: { numbers: string, values: string, holders: string, basis: { trials: number, sequence: number, problem: AnalysisProblem | null } } } | null } | null };

export type ImportanceQueryVariables = Exact<{
  experimentId: string;
  method?: ImportanceMethod;
  objective?: number | null | undefined;
  pairs?: number;
}>;


export type ImportanceQuery = { experiment: { analysis: { importance: { method: ImportanceMethod, parameters: Array<string>, importances: string, basis: { trials: number, sequence: number, problem: AnalysisProblem | null }, interactions: Array<{ parameters: Array<string>, importance: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' }> } } | null } | null };

export type StoppingAdviceQueryVariables = Exact<{
  experimentId: string;
  patience?: number;
  ahead?: number;
}>;


export type StoppingAdviceQuery = { experiment: { analysis: { stoppingAdvice: { shouldStop: boolean, basis: { trials: number, sequence: number, problem: AnalysisProblem | null }, rules: Array<{ kind: StoppingRuleKind, value: number | 'NaN' | 'Infinity' | '-Infinity' | '-0', threshold: number | 'NaN' | 'Infinity' | '-Infinity' | '-0', shouldStop: boolean, reason: string }>, remaining: { trials: number, gain: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' } | null } } | null } | null };

export type AnalyseExperimentQueryVariables = Exact<{
  experimentId: string;
  method?: ImportanceMethod;
  objective?: number;
  pairs?: number;
}>;


export type AnalyseExperimentQuery = { experiment: { id: string, projectId: string, name: string, state: ExperimentState, createdAt: string, endedAt: string | null, analysis: { bestSoFar: { numbers: string, values: string, holders: string, basis: { trials: number, sequence: number, problem: AnalysisProblem | null } }, importance: { method: ImportanceMethod, parameters: Array<string>, importances: string, basis: { trials: number, sequence: number, problem: AnalysisProblem | null }, interactions: Array<{ parameters: Array<string>, importance: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' }> }, stoppingAdvice: { shouldStop: boolean, basis: { trials: number, sequence: number, problem: AnalysisProblem | null }, rules: Array<{ kind: StoppingRuleKind, value: number | 'NaN' | 'Infinity' | '-Infinity' | '-0', threshold: number | 'NaN' | 'Infinity' | '-Infinity' | '-0', shouldStop: boolean, reason: string }>, remaining: { trials: number, gain: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' } | null }, failures: { failed: number, basis: { trials: number, sequence: number, problem: AnalysisProblem | null }, kinds: Array<{ kind: FailureKind, count: number }>, parameters: Array<{ parameter: string, told: number | 'NaN' | 'Infinity' | '-Infinity' | '-0', low: Array<string>, high: Array<string>, ended: string, failed: string }> }, distribution: { values: string, shares: string }, costAndGain: { numbers: string, seconds: string, values: string }, correlations: { parameters: Array<string>, objectives: number, matrix: string }, regimes: { total: number, regimes: Array<{ parameters: Array<string>, trials: number, observed: number, failed: number, best: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, bestTrial: number | null, median: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null }> }, duplicates: { total: number, noise: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, freedom: number, points: Array<{ params: Record<string, unknown>, numbers: string, observed: number, mean: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, deviation: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null }> } } | null, project: { id: string, name: string }, search: { objective: { metric: string, goal: Goal, take: Take }, sampler: { kind: string }, budget: { maxTrials: number | null } } | null, counts: { waiting: number, running: number, completed: number, pruned: number, failed: number, stopped: number, total: number }, bestTrial: { id: string, number: number, value: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null } | null } | null };

export type ApiKeyFieldsFragment = { id: string, kind: ApiKeyKind, name: string, role: Role | null, projectId: string | null, poolId: string | null, createdAt: string, expiresAt: string | null, revokedAt: string | null, lastUsedAt: string | null };

export type ApiKeysQueryVariables = Exact<{
  first?: number;
  after?: string | null | undefined;
}>;


export type ApiKeysQuery = { apiKeys: { nodes: Array<{ id: string, kind: ApiKeyKind, name: string, role: Role | null, projectId: string | null, poolId: string | null, createdAt: string, expiresAt: string | null, revokedAt: string | null, lastUsedAt: string | null }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } };

export type CreateApiKeyMutationVariables = Exact<{
  input: CreateApiKeyInput;
}>;


export type CreateApiKeyMutation = { createApiKey: { secret: string, apiKey: { id: string, kind: ApiKeyKind, name: string, role: Role | null, projectId: string | null, poolId: string | null, createdAt: string, expiresAt: string | null, revokedAt: string | null, lastUsedAt: string | null } } };

export type RevokeApiKeyMutationVariables = Exact<{
  id: string;
  clientRequestId?: string | null | undefined;
}>;


export type RevokeApiKeyMutation = { revokeApiKey: { id: string, kind: ApiKeyKind, name: string, role: Role | null, projectId: string | null, poolId: string | null, createdAt: string, expiresAt: string | null, revokedAt: string | null, lastUsedAt: string | null } };

export type ArtifactFieldsFragment = { id: string, projectId: string, trialId: string, attempt: number, name: string, kind: string, fileName: string, sizeBytes: number, sha256: string, state: ArtifactState, createdAt: string, committedAt: string | null, downloadPath: string | null };

export type ArtifactQueryVariables = Exact<{
  id: string;
}>;


export type ArtifactQuery = { artifact: { id: string, projectId: string, trialId: string, attempt: number, name: string, kind: string, fileName: string, sizeBytes: number, sha256: string, state: ArtifactState, createdAt: string, committedAt: string | null, downloadPath: string | null } | null };

export type BeginArtifactMutationVariables = Exact<{
  input: BeginArtifactInput;
}>;


export type BeginArtifactMutation = { beginArtifact: { uploadPath: string, artifact: { id: string, projectId: string, trialId: string, attempt: number, name: string, kind: string, fileName: string, sizeBytes: number, sha256: string, state: ArtifactState, createdAt: string, committedAt: string | null, downloadPath: string | null } } };

export type CommitArtifactMutationVariables = Exact<{
  id: string;
  clientRequestId?: string | null | undefined;
}>;


export type CommitArtifactMutation = { commitArtifact: { id: string, projectId: string, trialId: string, attempt: number, name: string, kind: string, fileName: string, sizeBytes: number, sha256: string, state: ArtifactState, createdAt: string, committedAt: string | null, downloadPath: string | null } };

export type DatasetVersionFieldsFragment = { id: string, projectId: string, datasetId: string, version: number, uri: string, sha256: string, sizeBytes: number | null, rows: number | null, licence: string | null, createdAt: string };

export type DatasetsQueryVariables = Exact<{
  projectId: string;
  first?: number;
  after?: string | null | undefined;
}>;


export type DatasetsQuery = { datasets: { nodes: Array<{ id: string, projectId: string, name: string, description: string, createdAt: string, versions: Array<{ id: string, projectId: string, datasetId: string, version: number, uri: string, sha256: string, sizeBytes: number | null, rows: number | null, licence: string | null, createdAt: string }> }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } };

export type DatasetQueryVariables = Exact<{
  id: string;
}>;


export type DatasetQuery = { dataset: { id: string, projectId: string, name: string, description: string, createdAt: string, versions: Array<{ id: string, projectId: string, datasetId: string, version: number, uri: string, sha256: string, sizeBytes: number | null, rows: number | null, licence: string | null, createdAt: string }> } | null };

export type RegisterDatasetMutationVariables = Exact<{
  input: RegisterDatasetInput;
}>;


export type RegisterDatasetMutation = { registerDataset: { id: string, projectId: string, datasetId: string, version: number, uri: string, sha256: string, sizeBytes: number | null, rows: number | null, licence: string | null, createdAt: string, dataset: { id: string, name: string } } };

export type EventFieldsFragment = { id: string, experimentId: string | null, trialId: string | null, jobId: string | null, kind: EventKind, message: string, data: Record<string, unknown>, at: string };

export type EventsQueryVariables = Exact<{
  projectId?: string | null | undefined;
  experimentId?: string | null | undefined;
  trialId?: string | null | undefined;
  first?: number;
  after?: string | null | undefined;
}>;


export type EventsQuery = { events: { nodes: Array<{ id: string, experimentId: string | null, trialId: string | null, jobId: string | null, kind: EventKind, message: string, data: Record<string, unknown>, at: string }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } };

export type TrialCountsFieldsFragment = { waiting: number, running: number, completed: number, pruned: number, failed: number, stopped: number, total: number };

export type SearchFieldsFragment = { space: Record<string, unknown>, seed: string, failureLimit: number, revision: number, warmTrials: number, objective: { metric: string, goal: Goal, take: Take }, objectives: Array<{ metric: string, goal: Goal, take: Take }>, metricConstraints: Array<{ metric: string, atMost: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, atLeast: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, take: BoundTake }>, replicates: { count: number, first: number, share: number, confirm: { top: number, times: number } | null } | null, sampler: { kind: string, options: Record<string, unknown> }, pruner: { kind: string, options: Record<string, unknown> }, budget: { maxTrials: number | null, maxParallel: number, maxHours: number | null, maxGpuHours: number | null, maxSlotHours: number | null, whenSpent: WhenSpent } };

export type ExperimentFieldsFragment = { id: string, projectId: string, name: string, description: string, state: ExperimentState, createdAt: string, endedAt: string | null, metricKeys: Array<string>, project: { id: string, name: string }, search: { space: Record<string, unknown>, seed: string, failureLimit: number, revision: number, warmTrials: number, objective: { metric: string, goal: Goal, take: Take }, objectives: Array<{ metric: string, goal: Goal, take: Take }>, metricConstraints: Array<{ metric: string, atMost: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, atLeast: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, take: BoundTake }>, replicates: { count: number, first: number, share: number, confirm: { top: number, times: number } | null } | null, sampler: { kind: string, options: Record<string, unknown> }, pruner: { kind: string, options: Record<string, unknown> }, budget: { maxTrials: number | null, maxParallel: number, maxHours: number | null, maxGpuHours: number | null, maxSlotHours: number | null, whenSpent: WhenSpent } } | null, algorithmVersion: { id: string, version: number, command: Array<string>, algorithm: { id: string, name: string } } | null, pool: { id: string, name: string } | null, resources: { gpus: number, slots: number, timeoutSeconds: number | null }, counts: { waiting: number, running: number, completed: number, pruned: number, failed: number, stopped: number, total: number } };

export type ExperimentRowFragment = { id: string, projectId: string, name: string, state: ExperimentState, createdAt: string, endedAt: string | null, project: { id: string, name: string }, search: { objective: { metric: string, goal: Goal, take: Take }, sampler: { kind: string }, budget: { maxTrials: number | null } } | null, counts: { waiting: number, running: number, completed: number, pruned: number, failed: number, stopped: number, total: number }, bestTrial: { id: string, number: number, value: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null } | null };

export type ExperimentsQueryVariables = Exact<{
  projectId?: string | null | undefined;
  first?: number;
  after?: string | null | undefined;
  filter?: ExperimentFilter | null | undefined;
  orderBy?: ExperimentOrder | null | undefined;
}>;


export type ExperimentsQuery = { experiments: { totalCount: number, nodes: Array<{ id: string, projectId: string, name: string, state: ExperimentState, createdAt: string, endedAt: string | null, project: { id: string, name: string }, search: { objective: { metric: string, goal: Goal, take: Take }, sampler: { kind: string }, budget: { maxTrials: number | null } } | null, counts: { waiting: number, running: number, completed: number, pruned: number, failed: number, stopped: number, total: number }, bestTrial: { id: string, number: number, value: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null } | null }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } };

export type ExperimentQueryVariables = Exact<{
  id?: string | null | undefined;
  path?: string | null | undefined;
}>;


export type ExperimentQuery = { experiment: { id: string, projectId: string, name: string, description: string, state: ExperimentState, createdAt: string, endedAt: string | null, metricKeys: Array<string>, cost: { hours: number, gpuHours: number, slotHours: number, spent: string | null }, bestTrial: { id: string, projectId: string, experimentId: string, number: number, name: string | null, state: TrialState, params: Record<string, unknown>, tags: Array<string>, proposedBy: string, value: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, objectiveValues: Array<number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null> | null, isFeasible: boolean | null, seed: number | null, cause: FailureCause | null, message: string | null, stopReason: StopReason | null, stopMessage: string | null, attempt: number, contact: Contact | null, createdAt: string, startedAt: string | null, endedAt: string | null, durationSeconds: number | null, dropped: number, pointsExpiredAt: string | null } | null, datasets: Array<{ id: string, projectId: string, datasetId: string, version: number, uri: string, sha256: string, sizeBytes: number | null, rows: number | null, licence: string | null, createdAt: string, dataset: { id: string, name: string } }>, project: { id: string, name: string }, search: { space: Record<string, unknown>, seed: string, failureLimit: number, revision: number, warmTrials: number, objective: { metric: string, goal: Goal, take: Take }, objectives: Array<{ metric: string, goal: Goal, take: Take }>, metricConstraints: Array<{ metric: string, atMost: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, atLeast: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, take: BoundTake }>, replicates: { count: number, first: number, share: number, confirm: { top: number, times: number } | null } | null, sampler: { kind: string, options: Record<string, unknown> }, pruner: { kind: string, options: Record<string, unknown> }, budget: { maxTrials: number | null, maxParallel: number, maxHours: number | null, maxGpuHours: number | null, maxSlotHours: number | null, whenSpent: WhenSpent } } | null, algorithmVersion: { id: string, version: number, command: Array<string>, algorithm: { id: string, name: string } } | null, pool: { id: string, name: string } | null, resources: { gpus: number, slots: number, timeoutSeconds: number | null }, counts: { waiting: number, running: number, completed: number, pruned: number, failed: number, stopped: number, total: number } } | null };

export type ExperimentIdentityQueryVariables = Exact<{
  id?: string | null | undefined;
  path?: string | null | undefined;
}>;


export type ExperimentIdentityQuery = { experiment: { id: string, projectId: string, name: string, state: ExperimentState, project: { id: string, name: string }, search: { objective: { metric: string, goal: Goal, take: Take } } | null } | null };

export type ParetoFrontQueryVariables = Exact<{
  id: string;
  reference?: Array<number | 'NaN' | 'Infinity' | '-Infinity' | '-0'> | number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null | undefined;
}>;


export type ParetoFrontQuery = { experiment: { search: { objectives: Array<{ metric: string, goal: Goal, take: Take }> } | null, paretoFront: { numbers: string, values: Array<string>, knee: number | null, reference: Array<number | 'NaN' | 'Infinity' | '-Infinity' | '-0'>, hypervolume: { numbers: string, ended: string, volumes: string } | null } | null } | null };

export type BestTrialsQueryVariables = Exact<{
  id: string;
  first?: number;
  after?: string | null | undefined;
}>;


export type BestTrialsQuery = { experiment: { search: { space: Record<string, unknown>, objectives: Array<{ metric: string, goal: Goal, take: Take }> } | null, bestTrials: { totalCount: number, nodes: Array<{ id: string, projectId: string, experimentId: string, number: number, name: string | null, state: TrialState, params: Record<string, unknown>, tags: Array<string>, proposedBy: string, value: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, objectiveValues: Array<number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null> | null, isFeasible: boolean | null, seed: number | null, cause: FailureCause | null, message: string | null, stopReason: StopReason | null, stopMessage: string | null, attempt: number, contact: Contact | null, createdAt: string, startedAt: string | null, endedAt: string | null, durationSeconds: number | null, dropped: number, pointsExpiredAt: string | null }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } } | null };

export type CreateExperimentMutationVariables = Exact<{
  input: CreateExperimentInput;
}>;


export type CreateExperimentMutation = { createExperiment: { id: string, projectId: string, name: string, description: string, state: ExperimentState, createdAt: string, endedAt: string | null, metricKeys: Array<string>, project: { id: string, name: string }, search: { space: Record<string, unknown>, seed: string, failureLimit: number, revision: number, warmTrials: number, objective: { metric: string, goal: Goal, take: Take }, objectives: Array<{ metric: string, goal: Goal, take: Take }>, metricConstraints: Array<{ metric: string, atMost: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, atLeast: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, take: BoundTake }>, replicates: { count: number, first: number, share: number, confirm: { top: number, times: number } | null } | null, sampler: { kind: string, options: Record<string, unknown> }, pruner: { kind: string, options: Record<string, unknown> }, budget: { maxTrials: number | null, maxParallel: number, maxHours: number | null, maxGpuHours: number | null, maxSlotHours: number | null, whenSpent: WhenSpent } } | null, algorithmVersion: { id: string, version: number, command: Array<string>, algorithm: { id: string, name: string } } | null, pool: { id: string, name: string } | null, resources: { gpus: number, slots: number, timeoutSeconds: number | null }, counts: { waiting: number, running: number, completed: number, pruned: number, failed: number, stopped: number, total: number } } };

export type CreateExperimentFromFileMutationVariables = Exact<{
  input: CreateExperimentFromFileInput;
}>;


export type CreateExperimentFromFileMutation = { createExperimentFromFile: { id: string, projectId: string, name: string, description: string, state: ExperimentState, createdAt: string, endedAt: string | null, metricKeys: Array<string>, project: { id: string, name: string }, search: { space: Record<string, unknown>, seed: string, failureLimit: number, revision: number, warmTrials: number, objective: { metric: string, goal: Goal, take: Take }, objectives: Array<{ metric: string, goal: Goal, take: Take }>, metricConstraints: Array<{ metric: string, atMost: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, atLeast: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, take: BoundTake }>, replicates: { count: number, first: number, share: number, confirm: { top: number, times: number } | null } | null, sampler: { kind: string, options: Record<string, unknown> }, pruner: { kind: string, options: Record<string, unknown> }, budget: { maxTrials: number | null, maxParallel: number, maxHours: number | null, maxGpuHours: number | null, maxSlotHours: number | null, whenSpent: WhenSpent } } | null, algorithmVersion: { id: string, version: number, command: Array<string>, algorithm: { id: string, name: string } } | null, pool: { id: string, name: string } | null, resources: { gpus: number, slots: number, timeoutSeconds: number | null }, counts: { waiting: number, running: number, completed: number, pruned: number, failed: number, stopped: number, total: number } } };

export type PauseExperimentMutationVariables = Exact<{
  id: string;
  clientRequestId?: string | null | undefined;
}>;


export type PauseExperimentMutation = { pauseExperiment: { id: string, projectId: string, name: string, description: string, state: ExperimentState, createdAt: string, endedAt: string | null, metricKeys: Array<string>, project: { id: string, name: string }, search: { space: Record<string, unknown>, seed: string, failureLimit: number, revision: number, warmTrials: number, objective: { metric: string, goal: Goal, take: Take }, objectives: Array<{ metric: string, goal: Goal, take: Take }>, metricConstraints: Array<{ metric: string, atMost: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, atLeast: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, take: BoundTake }>, replicates: { count: number, first: number, share: number, confirm: { top: number, times: number } | null } | null, sampler: { kind: string, options: Record<string, unknown> }, pruner: { kind: string, options: Record<string, unknown> }, budget: { maxTrials: number | null, maxParallel: number, maxHours: number | null, maxGpuHours: number | null, maxSlotHours: number | null, whenSpent: WhenSpent } } | null, algorithmVersion: { id: string, version: number, command: Array<string>, algorithm: { id: string, name: string } } | null, pool: { id: string, name: string } | null, resources: { gpus: number, slots: number, timeoutSeconds: number | null }, counts: { waiting: number, running: number, completed: number, pruned: number, failed: number, stopped: number, total: number } } };

export type ResumeExperimentMutationVariables = Exact<{
  id: string;
  clientRequestId?: string | null | undefined;
}>;


export type ResumeExperimentMutation = { resumeExperiment: { id: string, projectId: string, name: string, description: string, state: ExperimentState, createdAt: string, endedAt: string | null, metricKeys: Array<string>, project: { id: string, name: string }, search: { space: Record<string, unknown>, seed: string, failureLimit: number, revision: number, warmTrials: number, objective: { metric: string, goal: Goal, take: Take }, objectives: Array<{ metric: string, goal: Goal, take: Take }>, metricConstraints: Array<{ metric: string, atMost: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, atLeast: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, take: BoundTake }>, replicates: { count: number, first: number, share: number, confirm: { top: number, times: number } | null } | null, sampler: { kind: string, options: Record<string, unknown> }, pruner: { kind: string, options: Record<string, unknown> }, budget: { maxTrials: number | null, maxParallel: number, maxHours: number | null, maxGpuHours: number | null, maxSlotHours: number | null, whenSpent: WhenSpent } } | null, algorithmVersion: { id: string, version: number, command: Array<string>, algorithm: { id: string, name: string } } | null, pool: { id: string, name: string } | null, resources: { gpus: number, slots: number, timeoutSeconds: number | null }, counts: { waiting: number, running: number, completed: number, pruned: number, failed: number, stopped: number, total: number } } };

export type StopExperimentMutationVariables = Exact<{
  id: string;
  clientRequestId?: string | null | undefined;
}>;


export type StopExperimentMutation = { stopExperiment: { id: string, projectId: string, name: string, description: string, state: ExperimentState, createdAt: string, endedAt: string | null, metricKeys: Array<string>, project: { id: string, name: string }, search: { space: Record<string, unknown>, seed: string, failureLimit: number, revision: number, warmTrials: number, objective: { metric: string, goal: Goal, take: Take }, objectives: Array<{ metric: string, goal: Goal, take: Take }>, metricConstraints: Array<{ metric: string, atMost: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, atLeast: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, take: BoundTake }>, replicates: { count: number, first: number, share: number, confirm: { top: number, times: number } | null } | null, sampler: { kind: string, options: Record<string, unknown> }, pruner: { kind: string, options: Record<string, unknown> }, budget: { maxTrials: number | null, maxParallel: number, maxHours: number | null, maxGpuHours: number | null, maxSlotHours: number | null, whenSpent: WhenSpent } } | null, algorithmVersion: { id: string, version: number, command: Array<string>, algorithm: { id: string, name: string } } | null, pool: { id: string, name: string } | null, resources: { gpus: number, slots: number, timeoutSeconds: number | null }, counts: { waiting: number, running: number, completed: number, pruned: number, failed: number, stopped: number, total: number } } };

export type DeleteExperimentMutationVariables = Exact<{
  id: string;
  clientRequestId?: string | null | undefined;
}>;


export type DeleteExperimentMutation = { deleteExperiment: boolean };

export type ExperimentChangedSubscriptionVariables = Exact<{
  id: string;
  after?: string | null | undefined;
}>;


export type ExperimentChangedSubscription = { experimentChanged: { cursor: string, experiment: { id: string, projectId: string, name: string, description: string, state: ExperimentState, createdAt: string, endedAt: string | null, metricKeys: Array<string>, project: { id: string, name: string }, search: { space: Record<string, unknown>, seed: string, failureLimit: number, revision: number, warmTrials: number, objective: { metric: string, goal: Goal, take: Take }, objectives: Array<{ metric: string, goal: Goal, take: Take }>, metricConstraints: Array<{ metric: string, atMost: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, atLeast: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, take: BoundTake }>, replicates: { count: number, first: number, share: number, confirm: { top: number, times: number } | null } | null, sampler: { kind: string, options: Record<string, unknown> }, pruner: { kind: string, options: Record<string, unknown> }, budget: { maxTrials: number | null, maxParallel: number, maxHours: number | null, maxGpuHours: number | null, maxSlotHours: number | null, whenSpent: WhenSpent } } | null, algorithmVersion: { id: string, version: number, command: Array<string>, algorithm: { id: string, name: string } } | null, pool: { id: string, name: string } | null, resources: { gpus: number, slots: number, timeoutSeconds: number | null }, counts: { waiting: number, running: number, completed: number, pruned: number, failed: number, stopped: number, total: number } }, trials: Array<{ id: string, projectId: string, experimentId: string, number: number, name: string | null, state: TrialState, params: Record<string, unknown>, tags: Array<string>, proposedBy: string, value: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, objectiveValues: Array<number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null> | null, isFeasible: boolean | null, seed: number | null, cause: FailureCause | null, message: string | null, stopReason: StopReason | null, stopMessage: string | null, attempt: number, contact: Contact | null, createdAt: string, startedAt: string | null, endedAt: string | null, durationSeconds: number | null, dropped: number, pointsExpiredAt: string | null }>, jobs: Array<{ id: string, projectId: string, experimentId: string, trialId: string, attempt: number, state: TrainingJobState, command: Array<string>, gpus: number, slots: number, timeoutSeconds: number | null, priority: number, cause: FailureCause | null, message: string | null, exitCode: number | null, signal: string | null, createdAt: string, startedAt: string | null, endedAt: string | null, runner: { id: string, name: string } | null }>, events: Array<{ id: string, experimentId: string | null, trialId: string | null, jobId: string | null, kind: EventKind, message: string, data: Record<string, unknown>, at: string }>, bestTrial: { id: string, projectId: string, experimentId: string, number: number, name: string | null, state: TrialState, params: Record<string, unknown>, tags: Array<string>, proposedBy: string, value: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, objectiveValues: Array<number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null> | null, isFeasible: boolean | null, seed: number | null, cause: FailureCause | null, message: string | null, stopReason: StopReason | null, stopMessage: string | null, attempt: number, contact: Contact | null, createdAt: string, startedAt: string | null, endedAt: string | null, durationSeconds: number | null, dropped: number, pointsExpiredAt: string | null } | null } };

export type ReviseSearchMutationVariables = Exact<{
  input: ReviseSearchInput;
}>;


export type ReviseSearchMutation = { reviseSearch: { id: string, name: string, state: ExperimentState, search: { revision: number, budget: { maxTrials: number | null, maxParallel: number, maxHours: number | null, maxGpuHours: number | null, maxSlotHours: number | null, whenSpent: WhenSpent } } | null } };

export type AdoptTrialsMutationVariables = Exact<{
  input: AdoptTrialsInput;
}>;


export type AdoptTrialsMutation = { adoptTrials: { adopted: number, outside: Array<string>, experiment: { id: string, name: string, state: ExperimentState, search: { warmTrials: number } | null } } };

export type JobFieldsFragment = { id: string, projectId: string, experimentId: string, trialId: string, attempt: number, state: TrainingJobState, command: Array<string>, gpus: number, slots: number, timeoutSeconds: number | null, priority: number, cause: FailureCause | null, message: string | null, exitCode: number | null, signal: string | null, createdAt: string, startedAt: string | null, endedAt: string | null, runner: { id: string, name: string } | null };

export type TrainingJobsQueryVariables = Exact<{
  projectId?: string | null | undefined;
  poolId?: string | null | undefined;
  trialId?: string | null | undefined;
  states?: Array<TrainingJobState> | TrainingJobState | null | undefined;
  first?: number;
  after?: string | null | undefined;
}>;


export type TrainingJobsQuery = { trainingJobs: { nodes: Array<{ id: string, projectId: string, experimentId: string, trialId: string, attempt: number, state: TrainingJobState, command: Array<string>, gpus: number, slots: number, timeoutSeconds: number | null, priority: number, cause: FailureCause | null, message: string | null, exitCode: number | null, signal: string | null, createdAt: string, startedAt: string | null, endedAt: string | null, pool: { id: string, name: string }, trial: { id: string, number: number }, runner: { id: string, name: string } | null }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } };

export type TrainingJobQueryVariables = Exact<{
  id: string;
}>;


export type TrainingJobQuery = { trainingJob: { id: string, projectId: string, experimentId: string, trialId: string, attempt: number, state: TrainingJobState, command: Array<string>, gpus: number, slots: number, timeoutSeconds: number | null, priority: number, cause: FailureCause | null, message: string | null, exitCode: number | null, signal: string | null, createdAt: string, startedAt: string | null, endedAt: string | null, pool: { id: string, name: string }, trial: { id: string, number: number }, logStreams: Array<{ trialId: string, attempt: number, name: string, nextSeq: number }>, runner: { id: string, name: string } | null } | null };

export type LeaseJobsMutationVariables = Exact<{
  input: LeaseJobsInput;
}>;


export type LeaseJobsMutation = { leaseJobs: Array<{ epoch: number, token: string, leaseSeconds: number, graceSeconds: number, environment: Record<string, unknown>, workingDirectory: string | null, job: { id: string, projectId: string, experimentId: string, trialId: string, attempt: number, state: TrainingJobState, command: Array<string>, gpus: number, slots: number, timeoutSeconds: number | null }, trial: { id: string, experimentId: string, number: number, params: Record<string, unknown>, attempt: number } }> };

export type RenewLeasesMutationVariables = Exact<{
  input: RenewLeasesInput;
}>;


export type RenewLeasesMutation = { renewLeases: { drain: boolean, leases: Array<{ jobId: string, outcome: LeaseOutcome, stop: boolean, reason: string | null }> } };

export type StartJobMutationVariables = Exact<{
  input: StartJobInput;
}>;


export type StartJobMutation = { startJob: { outcome: JobWriteOutcome, job: { id: string, state: TrainingJobState } } };

export type FinishJobMutationVariables = Exact<{
  input: FinishJobInput;
}>;


export type FinishJobMutation = { finishJob: { outcome: JobWriteOutcome, job: { id: string, state: TrainingJobState } } };

export type ReportLogsMutationVariables = Exact<{
  input: ReportLogsInput;
}>;


export type ReportLogsMutation = { reportLogs: { outcome: ReportOutcome, nextSeq: number, verdict: { stop: boolean, reason: string | null } } };

export type LogPageFieldsFragment = { cursor: string, lines: Array<string>, sources: Array<LogSource>, times: string, firstSeq: number, hasMore: boolean };

export type LogLinesQueryVariables = Exact<{
  jobId?: string | null | undefined;
  trialId?: string | null | undefined;
  attempt?: number | null | undefined;
  stream?: string;
  after?: string | null | undefined;
  first?: number;
  tail?: number | null | undefined;
}>;


export type LogLinesQuery = { logLines: { cursor: string, lines: Array<string>, sources: Array<LogSource>, times: string, firstSeq: number, hasMore: boolean } };

export type JobLogSubscriptionVariables = Exact<{
  jobId: string;
  after?: string | null | undefined;
}>;


export type JobLogSubscription = { jobLog: { cursor: string, lines: Array<string>, sources: Array<LogSource>, times: string, firstSeq: number, hasMore: boolean } };

export type LogSearchQueryVariables = Exact<{
  jobId?: string | null | undefined;
  trialId?: string | null | undefined;
  attempt?: number | null | undefined;
  stream?: string;
  text: string;
  caseSensitive?: boolean;
  after?: string | null | undefined;
  first?: number;
}>;


export type LogSearchQuery = { logSearch: { cursor: string, seqs: string, lines: Array<string>, sources: Array<LogSource>, times: string, searched: number, total: number, hasMore: boolean } };

export type MethodInfoFieldsFragment = { kind: string, summary: string, source: string | null, objectives: Objectives | null, origin: string | null, version: string | null, needsCheckpoints: boolean, options: Array<{ name: string, type: string, defaultValue: string | null, doc: string, min: number | null, max: number | null, choices: Array<string> | null }> };

export type MethodsQueryVariables = Exact<{ [key: string]: never; }>;


export type MethodsQuery = { samplers: Array<{ kind: string, summary: string, source: string | null, objectives: Objectives | null, origin: string | null, version: string | null, needsCheckpoints: boolean, options: Array<{ name: string, type: string, defaultValue: string | null, doc: string, min: number | null, max: number | null, choices: Array<string> | null }> }>, pruners: Array<{ kind: string, summary: string, source: string | null, objectives: Objectives | null, origin: string | null, version: string | null, needsCheckpoints: boolean, options: Array<{ name: string, type: string, defaultValue: string | null, doc: string, min: number | null, max: number | null, choices: Array<string> | null }> }> };

export type ReportMetricsMutationVariables = Exact<{
  input: ReportMetricsInput;
}>;


export type ReportMetricsMutation = { reportMetrics: { outcome: ReportOutcome, nextSeq: number, verdict: { stop: boolean, pause: boolean, reason: string | null } } };

export type SeriesQueryVariables = Exact<{
  trialIds?: Array<string> | string | null | undefined;
  experimentId?: string | null | undefined;
  keys: Array<string> | string;
  maxPoints?: number;
  fromStep?: number | null | undefined;
  toStep?: number | null | undefined;
  fromTime?: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null | undefined;
  toTime?: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null | undefined;
  x?: SeriesXInput | null | undefined;
}>;


export type SeriesQuery = { series: { cursor: string, series: Array<{ trialId: string, attempt: number, key: string, count: number, bucketed: boolean, steps: string, times: string, values: string, first: string | null, min: string | null, max: string | null, mean: string | null, counts: string | null, nonFinite: string | null, x: string | null, origin: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null }> } };

export type SeriesGroupsQueryVariables = Exact<{
  experimentId: string;
  where?: string | null | undefined;
  by?: Array<string> | string;
  keys: Array<string> | string;
  maxPoints?: number;
  fromStep?: number | null | undefined;
  toStep?: number | null | undefined;
  quantiles?: Array<number> | number;
}>;


export type SeriesGroupsQuery = { seriesGroups: { trials: number, isPartial: boolean, otherGroups: number, groups: Array<{ params: Record<string, unknown>, trialCount: number, series: Array<{ key: string, width: number | 'NaN' | 'Infinity' | '-Infinity' | '-0', steps: string, members: string, mean: string, sd: string, min: string, max: string, lowest: string, highest: string, quantiles: Array<string> }> }> } };

export type PointsQueryVariables = Exact<{
  trialIds?: Array<string> | string | null | undefined;
  experimentId?: string | null | undefined;
  keys?: Array<string> | string | null | undefined;
  after?: string | null | undefined;
  limit?: number;
}>;


export type PointsQuery = { points: { cursor: string, more: boolean, series: Array<{ trialId: string, attempt: number, key: string, steps: string, times: string, values: string }> } };

export type MetricsReportedSubscriptionVariables = Exact<{
  trialIds?: Array<string> | string | null | undefined;
  experimentId?: string | null | undefined;
  keys?: Array<string> | string | null | undefined;
  after?: string | null | undefined;
}>;


export type MetricsReportedSubscription = { metricsReported: { cursor: string, series: Array<{ trialId: string, attempt: number, key: string, count: number, bucketed: boolean, steps: string, times: string, values: string, min: string | null, max: string | null }> } };

export type ResourcePoolsQueryVariables = Exact<{ [key: string]: never; }>;


export type ResourcePoolsQuery = { resourcePools: Array<{ id: string, name: string, leaseSeconds: number, createdAt: string, pendingJobs: number, runningJobs: number, runners: Array<{ id: string, poolId: string, name: string, host: string, state: RunnerState, slots: number, registeredAt: string, contactAt: string, jobs: Array<{ id: string, projectId: string, experimentId: string, trialId: string, attempt: number, state: TrainingJobState, command: Array<string>, gpus: number, slots: number, timeoutSeconds: number | null, priority: number, cause: FailureCause | null, message: string | null, exitCode: number | null, signal: string | null, createdAt: string, startedAt: string | null, endedAt: string | null, trial: { id: string, number: number, experiment: { id: string, name: string, project: { id: string, name: string } } }, runner: { id: string, name: string } | null }>, gpus: Array<{ index: number, uuid: string, name: string, memoryMiB: number }> }> }> };

export type CreateResourcePoolMutationVariables = Exact<{
  input: CreateResourcePoolInput;
}>;


export type CreateResourcePoolMutation = { createResourcePool: { id: string, name: string, leaseSeconds: number, createdAt: string } };

export type ProjectFieldsFragment = { id: string, organizationId: string, name: string, description: string, createdAt: string };

export type ProjectsQueryVariables = Exact<{
  first?: number;
  after?: string | null | undefined;
}>;


export type ProjectsQuery = { projects: { totalCount: number, nodes: Array<{ id: string, organizationId: string, name: string, description: string, createdAt: string }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } };

export type ProjectQueryVariables = Exact<{
  id?: string | null | undefined;
  name?: string | null | undefined;
}>;


export type ProjectQuery = { project: { id: string, organizationId: string, name: string, description: string, createdAt: string } | null };

export type CreateProjectMutationVariables = Exact<{
  input: CreateProjectInput;
}>;


export type CreateProjectMutation = { createProject: { id: string, organizationId: string, name: string, description: string, createdAt: string } };

export type RunnerFieldsFragment = { id: string, poolId: string, name: string, host: string, state: RunnerState, slots: number, registeredAt: string, contactAt: string, gpus: Array<{ index: number, uuid: string, name: string, memoryMiB: number }> };

export type RunnersQueryVariables = Exact<{
  poolId?: string | null | undefined;
  first?: number;
  after?: string | null | undefined;
}>;


export type RunnersQuery = { runners: { nodes: Array<{ id: string, poolId: string, name: string, host: string, state: RunnerState, slots: number, registeredAt: string, contactAt: string, pool: { id: string, name: string }, jobs: Array<{ id: string, state: TrainingJobState, trialId: string }>, gpus: Array<{ index: number, uuid: string, name: string, memoryMiB: number }> }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } };

export type RegisterRunnerMutationVariables = Exact<{
  input: RegisterRunnerInput;
}>;


export type RegisterRunnerMutation = { registerRunner: { id: string, poolId: string, name: string, host: string, state: RunnerState, slots: number, registeredAt: string, contactAt: string, gpus: Array<{ index: number, uuid: string, name: string, memoryMiB: number }> } };

export type DrainRunnerMutationVariables = Exact<{
  id: string;
  clientRequestId?: string | null | undefined;
}>;


export type DrainRunnerMutation = { drainRunner: { id: string, poolId: string, name: string, host: string, state: RunnerState, slots: number, registeredAt: string, contactAt: string, gpus: Array<{ index: number, uuid: string, name: string, memoryMiB: number }> } };

export type MetricSummaryFieldsFragment = { key: string, count: number, nonFinite: number, first: number | 'NaN' | 'Infinity' | '-Infinity' | '-0', last: number | 'NaN' | 'Infinity' | '-Infinity' | '-0', lastStep: number, min: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, minStep: number | null, max: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, maxStep: number | null, mean: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null };

export type TrialFieldsFragment = { id: string, projectId: string, experimentId: string, number: number, name: string | null, state: TrialState, params: Record<string, unknown>, tags: Array<string>, proposedBy: string, value: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, objectiveValues: Array<number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null> | null, isFeasible: boolean | null, seed: number | null, cause: FailureCause | null, message: string | null, stopReason: StopReason | null, stopMessage: string | null, attempt: number, contact: Contact | null, createdAt: string, startedAt: string | null, endedAt: string | null, durationSeconds: number | null, dropped: number, pointsExpiredAt: string | null };

export type TrialRowFragment = { id: string, projectId: string, experimentId: string, number: number, name: string | null, state: TrialState, params: Record<string, unknown>, tags: Array<string>, proposedBy: string, value: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, objectiveValues: Array<number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null> | null, isFeasible: boolean | null, seed: number | null, cause: FailureCause | null, message: string | null, stopReason: StopReason | null, stopMessage: string | null, attempt: number, contact: Contact | null, createdAt: string, startedAt: string | null, endedAt: string | null, durationSeconds: number | null, dropped: number, pointsExpiredAt: string | null, summary: Array<{ key: string, count: number, nonFinite: number, first: number | 'NaN' | 'Infinity' | '-Infinity' | '-0', last: number | 'NaN' | 'Infinity' | '-Infinity' | '-0', lastStep: number, min: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, minStep: number | null, max: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, maxStep: number | null, mean: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null }> };

export type TrialsQueryVariables = Exact<{
  experimentId: string;
  first?: number;
  after?: string | null | undefined;
  filter?: TrialFilter | null | undefined;
  where?: string | null | undefined;
  orderBy?: TrialOrder | null | undefined;
}>;


export type TrialsQuery = { trials: { nodes: Array<{ id: string, projectId: string, experimentId: string, number: number, name: string | null, state: TrialState, params: Record<string, unknown>, tags: Array<string>, proposedBy: string, value: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, objectiveValues: Array<number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null> | null, isFeasible: boolean | null, seed: number | null, cause: FailureCause | null, message: string | null, stopReason: StopReason | null, stopMessage: string | null, attempt: number, contact: Contact | null, createdAt: string, startedAt: string | null, endedAt: string | null, durationSeconds: number | null, dropped: number, pointsExpiredAt: string | null, summary: Array<{ key: string, count: number, nonFinite: number, first: number | 'NaN' | 'Infinity' | '-Infinity' | '-0', last: number | 'NaN' | 'Infinity' | '-Infinity' | '-0', lastStep: number, min: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, minStep: number | null, max: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, maxStep: number | null, mean: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null }> }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } };

export type TrialCountQueryVariables = Exact<{
  experimentId: string;
  filter?: TrialFilter | null | undefined;
  where?: string | null | undefined;
}>;


export type TrialCountQuery = { trials: { totalCount: number } };

export type TrialQueryVariables = Exact<{
  id?: string | null | undefined;
  path?: string | null | undefined;
}>;


export type TrialQuery = { trial: { searchRevision: number | null, paused: boolean, constraintValues: Array<number | 'NaN' | 'Infinity' | '-Infinity' | '-0'> | null, violation: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, point: number | null, replicate: number | null, id: string, projectId: string, experimentId: string, number: number, name: string | null, state: TrialState, params: Record<string, unknown>, tags: Array<string>, proposedBy: string, value: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, objectiveValues: Array<number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null> | null, isFeasible: boolean | null, seed: number | null, cause: FailureCause | null, message: string | null, stopReason: StopReason | null, stopMessage: string | null, attempt: number, contact: Contact | null, createdAt: string, startedAt: string | null, endedAt: string | null, durationSeconds: number | null, dropped: number, pointsExpiredAt: string | null, explanation: { phase: ProposalPhase, reason: string | null, mean: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, deviation: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, acquisition: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, engine: string } | null, parent: { id: string, number: number } | null, children: Array<{ id: string, number: number }>, pointMean: { count: number, mean: number, deviation: number | null, low: number | null, high: number | null } | null, experiment: { id: string, name: string, project: { id: string, name: string }, search: { objective: { metric: string, goal: Goal, take: Take } } | null }, jobs: Array<{ id: string, projectId: string, experimentId: string, trialId: string, attempt: number, state: TrainingJobState, command: Array<string>, gpus: number, slots: number, timeoutSeconds: number | null, priority: number, cause: FailureCause | null, message: string | null, exitCode: number | null, signal: string | null, createdAt: string, startedAt: string | null, endedAt: string | null, runner: { id: string, name: string } | null }>, artifacts: Array<{ id: string, projectId: string, trialId: string, attempt: number, name: string, kind: string, fileName: string, sizeBytes: number, sha256: string, state: ArtifactState, createdAt: string, committedAt: string | null, downloadPath: string | null }>, summary: Array<{ key: string, count: number, nonFinite: number, first: number | 'NaN' | 'Infinity' | '-Infinity' | '-0', last: number | 'NaN' | 'Infinity' | '-Infinity' | '-0', lastStep: number, min: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, minStep: number | null, max: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, maxStep: number | null, mean: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null }> } | null };

export type TrialIdentityQueryVariables = Exact<{
  id: string;
}>;


export type TrialIdentityQuery = { trial: { id: string, projectId: string, experimentId: string, number: number, state: TrialState, params: Record<string, unknown>, attempt: number, seed: number | null, checkpoint: { id: string, trialId: string, attempt: number, fileName: string, sizeBytes: number, sha256: string, downloadPath: string | null } | null } | null };

export type TrialStopQueryVariables = Exact<{
  id: string;
}>;


export type TrialStopQuery = { trial: { stopReason: StopReason | null } | null };

export type TrialObjectiveQueryVariables = Exact<{
  id: string;
}>;


export type TrialObjectiveQuery = { trial: { experiment: { search: { objective: { metric: string } } | null } } | null };

export type CreateTrialMutationVariables = Exact<{
  input: CreateTrialInput;
}>;


export type CreateTrialMutation = { createTrial: { id: string, projectId: string, experimentId: string, number: number, name: string | null, state: TrialState, params: Record<string, unknown>, tags: Array<string>, proposedBy: string, value: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, objectiveValues: Array<number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null> | null, isFeasible: boolean | null, seed: number | null, cause: FailureCause | null, message: string | null, stopReason: StopReason | null, stopMessage: string | null, attempt: number, contact: Contact | null, createdAt: string, startedAt: string | null, endedAt: string | null, durationSeconds: number | null, dropped: number, pointsExpiredAt: string | null } };

export type CheckpointFieldsFragment = { id: string, trialId: string, attempt: number, fileName: string, sizeBytes: number, sha256: string, downloadPath: string | null };

export type StartedTrialFieldsFragment = { attempt: number, token: string, trial: { id: string, projectId: string, experimentId: string, number: number, name: string | null, state: TrialState, params: Record<string, unknown>, tags: Array<string>, proposedBy: string, value: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, objectiveValues: Array<number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null> | null, isFeasible: boolean | null, seed: number | null, cause: FailureCause | null, message: string | null, stopReason: StopReason | null, stopMessage: string | null, attempt: number, contact: Contact | null, createdAt: string, startedAt: string | null, endedAt: string | null, durationSeconds: number | null, dropped: number, pointsExpiredAt: string | null, checkpoint: { id: string, trialId: string, attempt: number, fileName: string, sizeBytes: number, sha256: string, downloadPath: string | null } | null, experiment: { id: string, name: string, project: { id: string, name: string }, search: { objective: { metric: string } } | null } } };

export type StartTrialMutationVariables = Exact<{
  input: StartTrialInput;
}>;


export type StartTrialMutation = { startTrial: { attempt: number, token: string, trial: { id: string, projectId: string, experimentId: string, number: number, name: string | null, state: TrialState, params: Record<string, unknown>, tags: Array<string>, proposedBy: string, value: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, objectiveValues: Array<number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null> | null, isFeasible: boolean | null, seed: number | null, cause: FailureCause | null, message: string | null, stopReason: StopReason | null, stopMessage: string | null, attempt: number, contact: Contact | null, createdAt: string, startedAt: string | null, endedAt: string | null, durationSeconds: number | null, dropped: number, pointsExpiredAt: string | null, checkpoint: { id: string, trialId: string, attempt: number, fileName: string, sizeBytes: number, sha256: string, downloadPath: string | null } | null, experiment: { id: string, name: string, project: { id: string, name: string }, search: { objective: { metric: string } } | null } } } };

export type AskTrialMutationVariables = Exact<{
  input: AskTrialInput;
}>;


export type AskTrialMutation = { askTrial: { done: boolean, retryAfterSeconds: number | null, started: { attempt: number, token: string, trial: { id: string, projectId: string, experimentId: string, number: number, name: string | null, state: TrialState, params: Record<string, unknown>, tags: Array<string>, proposedBy: string, value: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, objectiveValues: Array<number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null> | null, isFeasible: boolean | null, seed: number | null, cause: FailureCause | null, message: string | null, stopReason: StopReason | null, stopMessage: string | null, attempt: number, contact: Contact | null, createdAt: string, startedAt: string | null, endedAt: string | null, durationSeconds: number | null, dropped: number, pointsExpiredAt: string | null, checkpoint: { id: string, trialId: string, attempt: number, fileName: string, sizeBytes: number, sha256: string, downloadPath: string | null } | null, experiment: { id: string, name: string, project: { id: string, name: string }, search: { objective: { metric: string } } | null } } } | null } };

export type FinishTrialMutationVariables = Exact<{
  input: FinishTrialInput;
}>;


export type FinishTrialMutation = { finishTrial: { id: string, number: number, state: TrialState, value: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null } };

export type TrialIdentityFieldsFragment = { id: string, number: number, state: TrialState, value: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null };

export type StopTrialMutationVariables = Exact<{
  id: string;
  reason?: string | null | undefined;
  clientRequestId?: string | null | undefined;
}>;


export type StopTrialMutation = { stopTrial: { id: string, projectId: string, experimentId: string, number: number, name: string | null, state: TrialState, params: Record<string, unknown>, tags: Array<string>, proposedBy: string, value: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, objectiveValues: Array<number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null> | null, isFeasible: boolean | null, seed: number | null, cause: FailureCause | null, message: string | null, stopReason: StopReason | null, stopMessage: string | null, attempt: number, contact: Contact | null, createdAt: string, startedAt: string | null, endedAt: string | null, durationSeconds: number | null, dropped: number, pointsExpiredAt: string | null } };

export type UpdateTrialMutationVariables = Exact<{
  input: UpdateTrialInput;
}>;


export type UpdateTrialMutation = { updateTrial: { id: string, projectId: string, experimentId: string, number: number, name: string | null, state: TrialState, params: Record<string, unknown>, tags: Array<string>, proposedBy: string, value: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, objectiveValues: Array<number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null> | null, isFeasible: boolean | null, seed: number | null, cause: FailureCause | null, message: string | null, stopReason: StopReason | null, stopMessage: string | null, attempt: number, contact: Contact | null, createdAt: string, startedAt: string | null, endedAt: string | null, durationSeconds: number | null, dropped: number, pointsExpiredAt: string | null } };

export type DeleteTrialMutationVariables = Exact<{
  id: string;
  clientRequestId?: string | null | undefined;
}>;


export type DeleteTrialMutation = { deleteTrial: boolean };

export type TrialFacetsQueryVariables = Exact<{
  experimentId: string;
  fields: Array<string> | string;
  first?: number;
  filter?: TrialFilter | null | undefined;
  where?: string | null | undefined;
}>;


export type TrialFacetsQuery = { trialFacets: { trials: number, isPartial: boolean, facets: Array<{ field: string, known: number, distinct: number, min: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, max: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, values: Array<{ number: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, text: string | null, count: number }> }> } };

export type TrialGroupsQueryVariables = Exact<{
  experimentId: string;
  by: Array<string> | string;
  metricKeys: Array<string> | string;
  stat?: MetricStat;
  first?: number;
  filter?: TrialFilter | null | undefined;
  where?: string | null | undefined;
}>;


export type TrialGroupsQuery = { trialGroups: { trials: number, isPartial: boolean, totalGroups: number, groups: Array<{ params: Record<string, unknown>, count: number, metrics: Array<{ key: string, count: number, mean: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, std: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, min: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, max: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null }> }> } };

export type TrialFilterCompletionsQueryVariables = Exact<{
  experimentId: string;
  text: string;
  position: number;
}>;


export type TrialFilterCompletionsQuery = { trialFilterCompletions: { from: number, to: number, items: Array<{ text: string, kind: CompletionKind, detail: string | null }> } };

export type TrialsChangedSubscriptionVariables = Exact<{
  experimentId: string;
  where?: string | null | undefined;
  after?: string | null | undefined;
}>;


export type TrialsChangedSubscription = { trialsChanged: { reset: boolean, more: boolean, cursor: string | null, left: Array<string>, entered: Array<{ id: string, projectId: string, experimentId: string, number: number, name: string | null, state: TrialState, params: Record<string, unknown>, tags: Array<string>, proposedBy: string, value: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, objectiveValues: Array<number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null> | null, isFeasible: boolean | null, seed: number | null, cause: FailureCause | null, message: string | null, stopReason: StopReason | null, stopMessage: string | null, attempt: number, contact: Contact | null, createdAt: string, startedAt: string | null, endedAt: string | null, durationSeconds: number | null, dropped: number, pointsExpiredAt: string | null, summary: Array<{ key: string, count: number, nonFinite: number, first: number | 'NaN' | 'Infinity' | '-Infinity' | '-0', last: number | 'NaN' | 'Infinity' | '-Infinity' | '-0', lastStep: number, min: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, minStep: number | null, max: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, maxStep: number | null, mean: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null }> }>, updated: Array<{ id: string, projectId: string, experimentId: string, number: number, name: string | null, state: TrialState, params: Record<string, unknown>, tags: Array<string>, proposedBy: string, value: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, objectiveValues: Array<number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null> | null, isFeasible: boolean | null, seed: number | null, cause: FailureCause | null, message: string | null, stopReason: StopReason | null, stopMessage: string | null, attempt: number, contact: Contact | null, createdAt: string, startedAt: string | null, endedAt: string | null, durationSeconds: number | null, dropped: number, pointsExpiredAt: string | null, summary: Array<{ key: string, count: number, nonFinite: number, first: number | 'NaN' | 'Infinity' | '-Infinity' | '-0', last: number | 'NaN' | 'Infinity' | '-Infinity' | '-0', lastStep: number, min: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, minStep: number | null, max: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null, maxStep: number | null, mean: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' | null }> }> } };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { viewer: { kind: string, role: Role | null, trialId: string | null, attempt: number | null, user: { id: string, name: string, email: string | null } | null, organization: { id: string, name: string } } };

export type UsersQueryVariables = Exact<{
  first?: number;
  after?: string | null | undefined;
}>;


export type UsersQuery = { users: { nodes: Array<{ id: string, name: string, email: string | null, disabled: boolean, createdAt: string }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } };

export type CreateLoginLinkMutationVariables = Exact<{ [key: string]: never; }>;


export type CreateLoginLinkMutation = { createLoginLink: { path: string, expiresAt: string } };

export type ServerStatusQueryVariables = Exact<{ [key: string]: never; }>;


export type ServerStatusQuery = { serverStatus: { storageFull: boolean, message: string | null } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const AlgorithmVersionFieldsFragmentDoc = new TypedDocumentString(`
    fragment AlgorithmVersionFields on AlgorithmVersion {
  id
  projectId
  algorithmId
  version
  command
  environment
  workingDirectory
  source
  createdAt
}
    `, {"fragmentName":"AlgorithmVersionFields"}) as unknown as TypedDocumentString<AlgorithmVersionFieldsFragment, unknown>;
export const BasisFieldsFragmentDoc = new TypedDocumentString(`
    fragment BasisFields on AnalysisBasis {
  trials
  sequence
  problem
}
    `, {"fragmentName":"BasisFields"}) as unknown as TypedDocumentString<BasisFieldsFragment, unknown>;
export const BestSoFarFieldsFragmentDoc = new TypedDocumentString(`
    fragment BestSoFarFields on BestSoFar {
  basis {
    ...BasisFields
  }
  numbers
  values
  holders
}
    fragment BasisFields on AnalysisBasis {
  trials
  sequence
  problem
}`, {"fragmentName":"BestSoFarFields"}) as unknown as TypedDocumentString<BestSoFarFieldsFragment, unknown>;
export const ImportanceFieldsFragmentDoc = new TypedDocumentString(`
    fragment ImportanceFields on ParameterImportance {
  basis {
    ...BasisFields
  }
  method
  parameters
  importances
  interactions {
    parameters
    importance
  }
}
    fragment BasisFields on AnalysisBasis {
  trials
  sequence
  problem
}`, {"fragmentName":"ImportanceFields"}) as unknown as TypedDocumentString<ImportanceFieldsFragment, unknown>;
export const StoppingFieldsFragmentDoc = new TypedDocumentString(`
    fragment StoppingFields on StoppingAdvice {
  basis {
    ...BasisFields
  }
  shouldStop
  rules {
    kind
    value
    threshold
    shouldStop
    reason
  }
  remaining {
    trials
    gain
  }
}
    fragment BasisFields on AnalysisBasis {
  trials
  sequence
  problem
}`, {"fragmentName":"StoppingFields"}) as unknown as TypedDocumentString<StoppingFieldsFragment, unknown>;
export const ApiKeyFieldsFragmentDoc = new TypedDocumentString(`
    fragment ApiKeyFields on ApiKey {
  id
  kind
  name
  role
  projectId
  poolId
  createdAt
  expiresAt
  revokedAt
  lastUsedAt
}
    `, {"fragmentName":"ApiKeyFields"}) as unknown as TypedDocumentString<ApiKeyFieldsFragment, unknown>;
export const ArtifactFieldsFragmentDoc = new TypedDocumentString(`
    fragment ArtifactFields on Artifact {
  id
  projectId
  trialId
  attempt
  name
  kind
  fileName
  sizeBytes
  sha256
  state
  createdAt
  committedAt
  downloadPath
}
    `, {"fragmentName":"ArtifactFields"}) as unknown as TypedDocumentString<ArtifactFieldsFragment, unknown>;
export const DatasetVersionFieldsFragmentDoc = new TypedDocumentString(`
    fragment DatasetVersionFields on DatasetVersion {
  id
  projectId
  datasetId
  version
  uri
  sha256
  sizeBytes
  rows
  licence
  createdAt
}
    `, {"fragmentName":"DatasetVersionFields"}) as unknown as TypedDocumentString<DatasetVersionFieldsFragment, unknown>;
export const EventFieldsFragmentDoc = new TypedDocumentString(`
    fragment EventFields on Event {
  id
  experimentId
  trialId
  jobId
  kind
  message
  data
  at
}
    `, {"fragmentName":"EventFields"}) as unknown as TypedDocumentString<EventFieldsFragment, unknown>;
export const SearchFieldsFragmentDoc = new TypedDocumentString(`
    fragment SearchFields on Search {
  space
  objective {
    metric
    goal
    take
  }
  objectives {
    metric
    goal
    take
  }
  metricConstraints {
    metric
    atMost
    atLeast
    take
  }
  replicates {
    count
    first
    share
    confirm {
      top
      times
    }
  }
  sampler {
    kind
    options
  }
  pruner {
    kind
    options
  }
  budget {
    maxTrials
    maxParallel
    maxHours
    maxGpuHours
    maxSlotHours
    whenSpent
  }
  seed
  failureLimit
  revision
  warmTrials
}
    `, {"fragmentName":"SearchFields"}) as unknown as TypedDocumentString<SearchFieldsFragment, unknown>;
export const TrialCountsFieldsFragmentDoc = new TypedDocumentString(`
    fragment TrialCountsFields on TrialCounts {
  waiting
  running
  completed
  pruned
  failed
  stopped
  total
}
    `, {"fragmentName":"TrialCountsFields"}) as unknown as TypedDocumentString<TrialCountsFieldsFragment, unknown>;
export const ExperimentFieldsFragmentDoc = new TypedDocumentString(`
    fragment ExperimentFields on Experiment {
  id
  projectId
  project {
    id
    name
  }
  name
  description
  state
  search {
    ...SearchFields
  }
  algorithmVersion {
    id
    version
    command
    algorithm {
      id
      name
    }
  }
  pool {
    id
    name
  }
  resources {
    gpus
    slots
    timeoutSeconds
  }
  createdAt
  endedAt
  counts {
    ...TrialCountsFields
  }
  metricKeys
}
    fragment TrialCountsFields on TrialCounts {
  waiting
  running
  completed
  pruned
  failed
  stopped
  total
}
fragment SearchFields on Search {
  space
  objective {
    metric
    goal
    take
  }
  objectives {
    metric
    goal
    take
  }
  metricConstraints {
    metric
    atMost
    atLeast
    take
  }
  replicates {
    count
    first
    share
    confirm {
      top
      times
    }
  }
  sampler {
    kind
    options
  }
  pruner {
    kind
    options
  }
  budget {
    maxTrials
    maxParallel
    maxHours
    maxGpuHours
    maxSlotHours
    whenSpent
  }
  seed
  failureLimit
  revision
  warmTrials
}`, {"fragmentName":"ExperimentFields"}) as unknown as TypedDocumentString<ExperimentFieldsFragment, unknown>;
export const ExperimentRowFragmentDoc = new TypedDocumentString(`
    fragment ExperimentRow on Experiment {
  id
  projectId
  project {
    id
    name
  }
  name
  state
  search {
    objective {
      metric
      goal
      take
    }
    sampler {
      kind
    }
    budget {
      maxTrials
    }
  }
  createdAt
  endedAt
  counts {
    ...TrialCountsFields
  }
  bestTrial {
    id
    number
    value
  }
}
    fragment TrialCountsFields on TrialCounts {
  waiting
  running
  completed
  pruned
  failed
  stopped
  total
}`, {"fragmentName":"ExperimentRow"}) as unknown as TypedDocumentString<ExperimentRowFragment, unknown>;
export const JobFieldsFragmentDoc = new TypedDocumentString(`
    fragment JobFields on TrainingJob {
  id
  projectId
  experimentId
  trialId
  attempt
  state
  runner {
    id
    name
  }
  command
  gpus
  slots
  timeoutSeconds
  priority
  cause
  message
  exitCode
  signal
  createdAt
  startedAt
  endedAt
}
    `, {"fragmentName":"JobFields"}) as unknown as TypedDocumentString<JobFieldsFragment, unknown>;
export const LogPageFieldsFragmentDoc = new TypedDocumentString(`
    fragment LogPageFields on LogPage {
  cursor
  lines
  sources
  times
  firstSeq
  hasMore
}
    `, {"fragmentName":"LogPageFields"}) as unknown as TypedDocumentString<LogPageFieldsFragment, unknown>;
export const MethodInfoFieldsFragmentDoc = new TypedDocumentString(`
    fragment MethodInfoFields on MethodInfo {
  kind
  summary
  source
  objectives
  origin
  version
  needsCheckpoints
  options {
    name
    type
    defaultValue
    doc
    min
    max
    choices
  }
}
    `, {"fragmentName":"MethodInfoFields"}) as unknown as TypedDocumentString<MethodInfoFieldsFragment, unknown>;
export const ProjectFieldsFragmentDoc = new TypedDocumentString(`
    fragment ProjectFields on Project {
  id
  organizationId
  name
  description
  createdAt
}
    `, {"fragmentName":"ProjectFields"}) as unknown as TypedDocumentString<ProjectFieldsFragment, unknown>;
export const RunnerFieldsFragmentDoc = new TypedDocumentString(`
    fragment RunnerFields on Runner {
  id
  poolId
  name
  host
  state
  slots
  gpus {
    index
    uuid
    name
    memoryMiB
  }
  registeredAt
  contactAt
}
    `, {"fragmentName":"RunnerFields"}) as unknown as TypedDocumentString<RunnerFieldsFragment, unknown>;
export const TrialFieldsFragmentDoc = new TypedDocumentString(`
    fragment TrialFields on Trial {
  id
  projectId
  experimentId
  number
  name
  state
  params
  tags
  proposedBy
  value
  objectiveValues
  isFeasible
  seed
  cause
  message
  stopReason
  stopMessage
  attempt
  contact
  createdAt
  startedAt
  endedAt
  durationSeconds
  dropped
  pointsExpiredAt
}
    `, {"fragmentName":"TrialFields"}) as unknown as TypedDocumentString<TrialFieldsFragment, unknown>;
export const MetricSummaryFieldsFragmentDoc = new TypedDocumentString(`
    fragment MetricSummaryFields on MetricSummary {
  key
  count
  nonFinite
  first
  last
  lastStep
  min
  minStep
  max
  maxStep
  mean
}
    `, {"fragmentName":"MetricSummaryFields"}) as unknown as TypedDocumentString<MetricSummaryFieldsFragment, unknown>;
export const TrialRowFragmentDoc = new TypedDocumentString(`
    fragment TrialRow on Trial {
  ...TrialFields
  summary {
    ...MetricSummaryFields
  }
}
    fragment MetricSummaryFields on MetricSummary {
  key
  count
  nonFinite
  first
  last
  lastStep
  min
  minStep
  max
  maxStep
  mean
}
fragment TrialFields on Trial {
  id
  projectId
  experimentId
  number
  name
  state
  params
  tags
  proposedBy
  value
  objectiveValues
  isFeasible
  seed
  cause
  message
  stopReason
  stopMessage
  attempt
  contact
  createdAt
  startedAt
  endedAt
  durationSeconds
  dropped
  pointsExpiredAt
}`, {"fragmentName":"TrialRow"}) as unknown as TypedDocumentString<TrialRowFragment, unknown>;
export const CheckpointFieldsFragmentDoc = new TypedDocumentString(`
    fragment CheckpointFields on Artifact {
  id
  trialId
  attempt
  fileName
  sizeBytes
  sha256
  downloadPath
}
    `, {"fragmentName":"CheckpointFields"}) as unknown as TypedDocumentString<CheckpointFieldsFragment, unknown>;
export const StartedTrialFieldsFragmentDoc = new TypedDocumentString(`
    fragment StartedTrialFields on StartedTrial {
  attempt
  token
  trial {
    ...TrialFields
    checkpoint {
      ...CheckpointFields
    }
    experiment {
      id
      name
      project {
        id
        name
      }
      search {
        objective {
          metric
        }
      }
    }
  }
}
    fragment TrialFields on Trial {
  id
  projectId
  experimentId
  number
  name
  state
  params
  tags
  proposedBy
  value
  objectiveValues
  isFeasible
  seed
  cause
  message
  stopReason
  stopMessage
  attempt
  contact
  createdAt
  startedAt
  endedAt
  durationSeconds
  dropped
  pointsExpiredAt
}
fragment CheckpointFields on Artifact {
  id
  trialId
  attempt
  fileName
  sizeBytes
  sha256
  downloadPath
}`, {"fragmentName":"StartedTrialFields"}) as unknown as TypedDocumentString<StartedTrialFieldsFragment, unknown>;
export const TrialIdentityFieldsFragmentDoc = new TypedDocumentString(`
    fragment TrialIdentityFields on Trial {
  id
  number
  state
  value
}
    `, {"fragmentName":"TrialIdentityFields"}) as unknown as TypedDocumentString<TrialIdentityFieldsFragment, unknown>;
export const AlgorithmsDocument = new TypedDocumentString(`
    query Algorithms($projectId: ID!, $first: Int! = 50, $after: String) {
  algorithms(projectId: $projectId, first: $first, after: $after) {
    nodes {
      id
      projectId
      name
      description
      createdAt
      versions {
        ...AlgorithmVersionFields
      }
    }
    pageInfo {
      endCursor
      hasNextPage
    }
  }
}
    fragment AlgorithmVersionFields on AlgorithmVersion {
  id
  projectId
  algorithmId
  version
  command
  environment
  workingDirectory
  source
  createdAt
}`) as unknown as TypedDocumentString<AlgorithmsQuery, AlgorithmsQueryVariables>;
export const AlgorithmDocument = new TypedDocumentString(`
    query Algorithm($id: ID!) {
  algorithm(id: $id) {
    id
    projectId
    name
    description
    createdAt
    versions {
      ...AlgorithmVersionFields
    }
  }
}
    fragment AlgorithmVersionFields on AlgorithmVersion {
  id
  projectId
  algorithmId
  version
  command
  environment
  workingDirectory
  source
  createdAt
}`) as unknown as TypedDocumentString<AlgorithmQuery, AlgorithmQueryVariables>;
export const RegisterAlgorithmDocument = new TypedDocumentString(`
    mutation RegisterAlgorithm($input: RegisterAlgorithmInput!) {
  registerAlgorithm(input: $input) {
    ...AlgorithmVersionFields
    algorithm {
      id
      name
    }
  }
}
    fragment AlgorithmVersionFields on AlgorithmVersion {
  id
  projectId
  algorithmId
  version
  command
  environment
  workingDirectory
  source
  createdAt
}`) as unknown as TypedDocumentString<RegisterAlgorithmMutation, RegisterAlgorithmMutationVariables>;
export const BestSoFarDocument = new TypedDocumentString(`
    query BestSoFar($experimentId: ID!, $objective: Int! = 0) {
  experiment(id: $experimentId) {
    analysis {
      bestSoFar(objective: $objective) {
        ...BestSoFarFields
      }
    }
  }
}
    fragment BasisFields on AnalysisBasis {
  trials
  sequence
  problem
}
fragment BestSoFarFields on BestSoFar {
  basis {
    ...BasisFields
  }
  numbers
  values
  holders
}`) as unknown as TypedDocumentString<BestSoFarQuery, BestSoFarQueryVariables>;
export const ImportanceDocument = new TypedDocumentString(`
    query Importance($experimentId: ID!, $method: ImportanceMethod! = PED_ANOVA, $objective: Int, $pairs: Int! = 0) {
  experiment(id: $experimentId) {
    analysis {
      importance(method: $method, objective: $objective, pairs: $pairs) {
        ...ImportanceFields
      }
    }
  }
}
    fragment BasisFields on AnalysisBasis {
  trials
  sequence
  problem
}
fragment ImportanceFields on ParameterImportance {
  basis {
    ...BasisFields
  }
  method
  parameters
  importances
  interactions {
    parameters
    importance
  }
}`) as unknown as TypedDocumentString<ImportanceQuery, ImportanceQueryVariables>;
export const StoppingAdviceDocument = new TypedDocumentString(`
    query StoppingAdvice($experimentId: ID!, $patience: Int! = 30, $ahead: Int! = 10) {
  experiment(id: $experimentId) {
    analysis {
      stoppingAdvice(patience: $patience, ahead: $ahead) {
        ...StoppingFields
      }
    }
  }
}
    fragment BasisFields on AnalysisBasis {
  trials
  sequence
  problem
}
fragment StoppingFields on StoppingAdvice {
  basis {
    ...BasisFields
  }
  shouldStop
  rules {
    kind
    value
    threshold
    shouldStop
    reason
  }
  remaining {
    trials
    gain
  }
}`) as unknown as TypedDocumentString<StoppingAdviceQuery, StoppingAdviceQueryVariables>;
export const AnalyseExperimentDocument = new TypedDocumentString(`
    query AnalyseExperiment($experimentId: ID!, $method: ImportanceMethod! = PED_ANOVA, $objective: Int! = 0, $pairs: Int! = 0) {
  experiment(id: $experimentId) {
    ...ExperimentRow
    analysis {
      bestSoFar(objective: $objective) {
        ...BestSoFarFields
      }
      importance(method: $method, objective: $objective, pairs: $pairs) {
        ...ImportanceFields
      }
      stoppingAdvice {
        ...StoppingFields
      }
      failures {
        basis {
          ...BasisFields
        }
        failed
        kinds {
          kind
          count
        }
        parameters {
          parameter
          told
          low
          high
          ended
          failed
        }
      }
      distribution(objective: $objective) {
        values
        shares
      }
      costAndGain(objective: $objective) {
        numbers
        seconds
        values
      }
      correlations {
        parameters
        objectives
        matrix
      }
      regimes(objective: $objective, first: 20) {
        total
        regimes {
          parameters
          trials
          observed
          failed
          best
          bestTrial
          median
        }
      }
      duplicates(objective: $objective, first: 20) {
        total
        points {
          params
          numbers
          observed
          mean
          deviation
        }
        noise
        freedom
      }
    }
  }
}
    fragment BasisFields on AnalysisBasis {
  trials
  sequence
  problem
}
fragment BestSoFarFields on BestSoFar {
  basis {
    ...BasisFields
  }
  numbers
  values
  holders
}
fragment ImportanceFields on ParameterImportance {
  basis {
    ...BasisFields
  }
  method
  parameters
  importances
  interactions {
    parameters
    importance
  }
}
fragment StoppingFields on StoppingAdvice {
  basis {
    ...BasisFields
  }
  shouldStop
  rules {
    kind
    value
    threshold
    shouldStop
    reason
  }
  remaining {
    trials
    gain
  }
}
fragment TrialCountsFields on TrialCounts {
  waiting
  running
  completed
  pruned
  failed
  stopped
  total
}
fragment ExperimentRow on Experiment {
  id
  projectId
  project {
    id
    name
  }
  name
  state
  search {
    objective {
      metric
      goal
      take
    }
    sampler {
      kind
    }
    budget {
      maxTrials
    }
  }
  createdAt
  endedAt
  counts {
    ...TrialCountsFields
  }
  bestTrial {
    id
    number
    value
  }
}`) as unknown as TypedDocumentString<AnalyseExperimentQuery, AnalyseExperimentQueryVariables>;
export const ApiKeysDocument = new TypedDocumentString(`
    query ApiKeys($first: Int! = 50, $after: String) {
  apiKeys(first: $first, after: $after) {
    nodes {
      ...ApiKeyFields
    }
    pageInfo {
      endCursor
      hasNextPage
    }
  }
}
    fragment ApiKeyFields on ApiKey {
  id
  kind
  name
  role
  projectId
  poolId
  createdAt
  expiresAt
  revokedAt
  lastUsedAt
}`) as unknown as TypedDocumentString<ApiKeysQuery, ApiKeysQueryVariables>;
export const CreateApiKeyDocument = new TypedDocumentString(`
    mutation CreateApiKey($input: CreateApiKeyInput!) {
  createApiKey(input: $input) {
    apiKey {
      ...ApiKeyFields
    }
    secret
  }
}
    fragment ApiKeyFields on ApiKey {
  id
  kind
  name
  role
  projectId
  poolId
  createdAt
  expiresAt
  revokedAt
  lastUsedAt
}`) as unknown as TypedDocumentString<CreateApiKeyMutation, CreateApiKeyMutationVariables>;
export const RevokeApiKeyDocument = new TypedDocumentString(`
    mutation RevokeApiKey($id: ID!, $clientRequestId: String) {
  revokeApiKey(id: $id, clientRequestId: $clientRequestId) {
    ...ApiKeyFields
  }
}
    fragment ApiKeyFields on ApiKey {
  id
  kind
  name
  role
  projectId
  poolId
  createdAt
  expiresAt
  revokedAt
  lastUsedAt
}`) as unknown as TypedDocumentString<RevokeApiKeyMutation, RevokeApiKeyMutationVariables>;
export const ArtifactDocument = new TypedDocumentString(`
    query Artifact($id: ID!) {
  artifact(id: $id) {
    ...ArtifactFields
  }
}
    fragment ArtifactFields on Artifact {
  id
  projectId
  trialId
  attempt
  name
  kind
  fileName
  sizeBytes
  sha256
  state
  createdAt
  committedAt
  downloadPath
}`) as unknown as TypedDocumentString<ArtifactQuery, ArtifactQueryVariables>;
export const BeginArtifactDocument = new TypedDocumentString(`
    mutation BeginArtifact($input: BeginArtifactInput!) {
  beginArtifact(input: $input) {
    uploadPath
    artifact {
      ...ArtifactFields
    }
  }
}
    fragment ArtifactFields on Artifact {
  id
  projectId
  trialId
  attempt
  name
  kind
  fileName
  sizeBytes
  sha256
  state
  createdAt
  committedAt
  downloadPath
}`) as unknown as TypedDocumentString<BeginArtifactMutation, BeginArtifactMutationVariables>;
export const CommitArtifactDocument = new TypedDocumentString(`
    mutation CommitArtifact($id: ID!, $clientRequestId: String) {
  commitArtifact(id: $id, clientRequestId: $clientRequestId) {
    ...ArtifactFields
  }
}
    fragment ArtifactFields on Artifact {
  id
  projectId
  trialId
  attempt
  name
  kind
  fileName
  sizeBytes
  sha256
  state
  createdAt
  committedAt
  downloadPath
}`) as unknown as TypedDocumentString<CommitArtifactMutation, CommitArtifactMutationVariables>;
export const DatasetsDocument = new TypedDocumentString(`
    query Datasets($projectId: ID!, $first: Int! = 50, $after: String) {
  datasets(projectId: $projectId, first: $first, after: $after) {
    nodes {
      id
      projectId
      name
      description
      createdAt
      versions {
        ...DatasetVersionFields
      }
    }
    pageInfo {
      endCursor
      hasNextPage
    }
  }
}
    fragment DatasetVersionFields on DatasetVersion {
  id
  projectId
  datasetId
  version
  uri
  sha256
  sizeBytes
  rows
  licence
  createdAt
}`) as unknown as TypedDocumentString<DatasetsQuery, DatasetsQueryVariables>;
export const DatasetDocument = new TypedDocumentString(`
    query Dataset($id: ID!) {
  dataset(id: $id) {
    id
    projectId
    name
    description
    createdAt
    versions {
      ...DatasetVersionFields
    }
  }
}
    fragment DatasetVersionFields on DatasetVersion {
  id
  projectId
  datasetId
  version
  uri
  sha256
  sizeBytes
  rows
  licence
  createdAt
}`) as unknown as TypedDocumentString<DatasetQuery, DatasetQueryVariables>;
export const RegisterDatasetDocument = new TypedDocumentString(`
    mutation RegisterDataset($input: RegisterDatasetInput!) {
  registerDataset(input: $input) {
    ...DatasetVersionFields
    dataset {
      id
      name
    }
  }
}
    fragment DatasetVersionFields on DatasetVersion {
  id
  projectId
  datasetId
  version
  uri
  sha256
  sizeBytes
  rows
  licence
  createdAt
}`) as unknown as TypedDocumentString<RegisterDatasetMutation, RegisterDatasetMutationVariables>;
export const EventsDocument = new TypedDocumentString(`
    query Events($projectId: ID, $experimentId: ID, $trialId: ID, $first: Int! = 50, $after: String) {
  events(
    projectId: $projectId
    experimentId: $experimentId
    trialId: $trialId
    first: $first
    after: $after
  ) {
    nodes {
      ...EventFields
    }
    pageInfo {
      endCursor
      hasNextPage
    }
  }
}
    fragment EventFields on Event {
  id
  experimentId
  trialId
  jobId
  kind
  message
  data
  at
}`) as unknown as TypedDocumentString<EventsQuery, EventsQueryVariables>;
export const ExperimentsDocument = new TypedDocumentString(`
    query Experiments($projectId: ID, $first: Int! = 50, $after: String, $filter: ExperimentFilter, $orderBy: ExperimentOrder) {
  experiments(
    projectId: $projectId
    first: $first
    after: $after
    filter: $filter
    orderBy: $orderBy
  ) {
    nodes {
      ...ExperimentRow
    }
    pageInfo {
      endCursor
      hasNextPage
    }
    totalCount
  }
}
    fragment TrialCountsFields on TrialCounts {
  waiting
  running
  completed
  pruned
  failed
  stopped
  total
}
fragment ExperimentRow on Experiment {
  id
  projectId
  project {
    id
    name
  }
  name
  state
  search {
    objective {
      metric
      goal
      take
    }
    sampler {
      kind
    }
    budget {
      maxTrials
    }
  }
  createdAt
  endedAt
  counts {
    ...TrialCountsFields
  }
  bestTrial {
    id
    number
    value
  }
}`) as unknown as TypedDocumentString<ExperimentsQuery, ExperimentsQueryVariables>;
export const ExperimentDocument = new TypedDocumentString(`
    query Experiment($id: ID, $path: String) {
  experiment(id: $id, path: $path) {
    ...ExperimentFields
    cost {
      hours
      gpuHours
      slotHours
      spent
    }
    bestTrial {
      ...TrialFields
    }
    datasets {
      ...DatasetVersionFields
      dataset {
        id
        name
      }
    }
  }
}
    fragment DatasetVersionFields on DatasetVersion {
  id
  projectId
  datasetId
  version
  uri
  sha256
  sizeBytes
  rows
  licence
  createdAt
}
fragment TrialCountsFields on TrialCounts {
  waiting
  running
  completed
  pruned
  failed
  stopped
  total
}
fragment SearchFields on Search {
  space
  objective {
    metric
    goal
    take
  }
  objectives {
    metric
    goal
    take
  }
  metricConstraints {
    metric
    atMost
    atLeast
    take
  }
  replicates {
    count
    first
    share
    confirm {
      top
      times
    }
  }
  sampler {
    kind
    options
  }
  pruner {
    kind
    options
  }
  budget {
    maxTrials
    maxParallel
    maxHours
    maxGpuHours
    maxSlotHours
    whenSpent
  }
  seed
  failureLimit
  revision
  warmTrials
}
fragment ExperimentFields on Experiment {
  id
  projectId
  project {
    id
    name
  }
  name
  description
  state
  search {
    ...SearchFields
  }
  algorithmVersion {
    id
    version
    command
    algorithm {
      id
      name
    }
  }
  pool {
    id
    name
  }
  resources {
    gpus
    slots
    timeoutSeconds
  }
  createdAt
  endedAt
  counts {
    ...TrialCountsFields
  }
  metricKeys
}
fragment TrialFields on Trial {
  id
  projectId
  experimentId
  number
  name
  state
  params
  tags
  proposedBy
  value
  objectiveValues
  isFeasible
  seed
  cause
  message
  stopReason
  stopMessage
  attempt
  contact
  createdAt
  startedAt
  endedAt
  durationSeconds
  dropped
  pointsExpiredAt
}`) as unknown as TypedDocumentString<ExperimentQuery, ExperimentQueryVariables>;
export const ExperimentIdentityDocument = new TypedDocumentString(`
    query ExperimentIdentity($id: ID, $path: String) {
  experiment(id: $id, path: $path) {
    id
    projectId
    name
    state
    project {
      id
      name
    }
    search {
      objective {
        metric
        goal
        take
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ExperimentIdentityQuery, ExperimentIdentityQueryVariables>;
export const ParetoFrontDocument = new TypedDocumentString(`
    query ParetoFront($id: ID!, $reference: [Float64!]) {
  experiment(id: $id) {
    search {
      objectives {
        metric
        goal
        take
      }
    }
    paretoFront(reference: $reference) {
      numbers
      values
      knee
      reference
      hypervolume {
        numbers
        ended
        volumes
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ParetoFrontQuery, ParetoFrontQueryVariables>;
export const BestTrialsDocument = new TypedDocumentString(`
    query BestTrials($id: ID!, $first: Int! = 50, $after: String) {
  experiment(id: $id) {
    search {
      space
      objectives {
        metric
        goal
        take
      }
    }
    bestTrials(first: $first, after: $after) {
      nodes {
        ...TrialFields
      }
      pageInfo {
        endCursor
        hasNextPage
      }
      totalCount
    }
  }
}
    fragment TrialFields on Trial {
  id
  projectId
  experimentId
  number
  name
  state
  params
  tags
  proposedBy
  value
  objectiveValues
  isFeasible
  seed
  cause
  message
  stopReason
  stopMessage
  attempt
  contact
  createdAt
  startedAt
  endedAt
  durationSeconds
  dropped
  pointsExpiredAt
}`) as unknown as TypedDocumentString<BestTrialsQuery, BestTrialsQueryVariables>;
export const CreateExperimentDocument = new TypedDocumentString(`
    mutation CreateExperiment($input: CreateExperimentInput!) {
  createExperiment(input: $input) {
    ...ExperimentFields
  }
}
    fragment TrialCountsFields on TrialCounts {
  waiting
  running
  completed
  pruned
  failed
  stopped
  total
}
fragment SearchFields on Search {
  space
  objective {
    metric
    goal
    take
  }
  objectives {
    metric
    goal
    take
  }
  metricConstraints {
    metric
    atMost
    atLeast
    take
  }
  replicates {
    count
    first
    share
    confirm {
      top
      times
    }
  }
  sampler {
    kind
    options
  }
  pruner {
    kind
    options
  }
  budget {
    maxTrials
    maxParallel
    maxHours
    maxGpuHours
    maxSlotHours
    whenSpent
  }
  seed
  failureLimit
  revision
  warmTrials
}
fragment ExperimentFields on Experiment {
  id
  projectId
  project {
    id
    name
  }
  name
  description
  state
  search {
    ...SearchFields
  }
  algorithmVersion {
    id
    version
    command
    algorithm {
      id
      name
    }
  }
  pool {
    id
    name
  }
  resources {
    gpus
    slots
    timeoutSeconds
  }
  createdAt
  endedAt
  counts {
    ...TrialCountsFields
  }
  metricKeys
}`) as unknown as TypedDocumentString<CreateExperimentMutation, CreateExperimentMutationVariables>;
export const CreateExperimentFromFileDocument = new TypedDocumentString(`
    mutation CreateExperimentFromFile($input: CreateExperimentFromFileInput!) {
  createExperimentFromFile(input: $input) {
    ...ExperimentFields
  }
}
    fragment TrialCountsFields on TrialCounts {
  waiting
  running
  completed
  pruned
  failed
  stopped
  total
}
fragment SearchFields on Search {
  space
  objective {
    metric
    goal
    take
  }
  objectives {
    metric
    goal
    take
  }
  metricConstraints {
    metric
    atMost
    atLeast
    take
  }
  replicates {
    count
    first
    share
    confirm {
      top
      times
    }
  }
  sampler {
    kind
    options
  }
  pruner {
    kind
    options
  }
  budget {
    maxTrials
    maxParallel
    maxHours
    maxGpuHours
    maxSlotHours
    whenSpent
  }
  seed
  failureLimit
  revision
  warmTrials
}
fragment ExperimentFields on Experiment {
  id
  projectId
  project {
    id
    name
  }
  name
  description
  state
  search {
    ...SearchFields
  }
  algorithmVersion {
    id
    version
    command
    algorithm {
      id
      name
    }
  }
  pool {
    id
    name
  }
  resources {
    gpus
    slots
    timeoutSeconds
  }
  createdAt
  endedAt
  counts {
    ...TrialCountsFields
  }
  metricKeys
}`) as unknown as TypedDocumentString<CreateExperimentFromFileMutation, CreateExperimentFromFileMutationVariables>;
export const PauseExperimentDocument = new TypedDocumentString(`
    mutation PauseExperiment($id: ID!, $clientRequestId: String) {
  pauseExperiment(id: $id, clientRequestId: $clientRequestId) {
    ...ExperimentFields
  }
}
    fragment TrialCountsFields on TrialCounts {
  waiting
  running
  completed
  pruned
  failed
  stopped
  total
}
fragment SearchFields on Search {
  space
  objective {
    metric
    goal
    take
  }
  objectives {
    metric
    goal
    take
  }
  metricConstraints {
    metric
    atMost
    atLeast
    take
  }
  replicates {
    count
    first
    share
    confirm {
      top
      times
    }
  }
  sampler {
    kind
    options
  }
  pruner {
    kind
    options
  }
  budget {
    maxTrials
    maxParallel
    maxHours
    maxGpuHours
    maxSlotHours
    whenSpent
  }
  seed
  failureLimit
  revision
  warmTrials
}
fragment ExperimentFields on Experiment {
  id
  projectId
  project {
    id
    name
  }
  name
  description
  state
  search {
    ...SearchFields
  }
  algorithmVersion {
    id
    version
    command
    algorithm {
      id
      name
    }
  }
  pool {
    id
    name
  }
  resources {
    gpus
    slots
    timeoutSeconds
  }
  createdAt
  endedAt
  counts {
    ...TrialCountsFields
  }
  metricKeys
}`) as unknown as TypedDocumentString<PauseExperimentMutation, PauseExperimentMutationVariables>;
export const ResumeExperimentDocument = new TypedDocumentString(`
    mutation ResumeExperiment($id: ID!, $clientRequestId: String) {
  resumeExperiment(id: $id, clientRequestId: $clientRequestId) {
    ...ExperimentFields
  }
}
    fragment TrialCountsFields on TrialCounts {
  waiting
  running
  completed
  pruned
  failed
  stopped
  total
}
fragment SearchFields on Search {
  space
  objective {
    metric
    goal
    take
  }
  objectives {
    metric
    goal
    take
  }
  metricConstraints {
    metric
    atMost
    atLeast
    take
  }
  replicates {
    count
    first
    share
    confirm {
      top
      times
    }
  }
  sampler {
    kind
    options
  }
  pruner {
    kind
    options
  }
  budget {
    maxTrials
    maxParallel
    maxHours
    maxGpuHours
    maxSlotHours
    whenSpent
  }
  seed
  failureLimit
  revision
  warmTrials
}
fragment ExperimentFields on Experiment {
  id
  projectId
  project {
    id
    name
  }
  name
  description
  state
  search {
    ...SearchFields
  }
  algorithmVersion {
    id
    version
    command
    algorithm {
      id
      name
    }
  }
  pool {
    id
    name
  }
  resources {
    gpus
    slots
    timeoutSeconds
  }
  createdAt
  endedAt
  counts {
    ...TrialCountsFields
  }
  metricKeys
}`) as unknown as TypedDocumentString<ResumeExperimentMutation, ResumeExperimentMutationVariables>;
export const StopExperimentDocument = new TypedDocumentString(`
    mutation StopExperiment($id: ID!, $clientRequestId: String) {
  stopExperiment(id: $id, clientRequestId: $clientRequestId) {
    ...ExperimentFields
  }
}
    fragment TrialCountsFields on TrialCounts {
  waiting
  running
  completed
  pruned
  failed
  stopped
  total
}
fragment SearchFields on Search {
  space
  objective {
    metric
    goal
    take
  }
  objectives {
    metric
    goal
    take
  }
  metricConstraints {
    metric
    atMost
    atLeast
    take
  }
  replicates {
    count
    first
    share
    confirm {
      top
      times
    }
  }
  sampler {
    kind
    options
  }
  pruner {
    kind
    options
  }
  budget {
    maxTrials
    maxParallel
    maxHours
    maxGpuHours
    maxSlotHours
    whenSpent
  }
  seed
  failureLimit
  revision
  warmTrials
}
fragment ExperimentFields on Experiment {
  id
  projectId
  project {
    id
    name
  }
  name
  description
  state
  search {
    ...SearchFields
  }
  algorithmVersion {
    id
    version
    command
    algorithm {
      id
      name
    }
  }
  pool {
    id
    name
  }
  resources {
    gpus
    slots
    timeoutSeconds
  }
  createdAt
  endedAt
  counts {
    ...TrialCountsFields
  }
  metricKeys
}`) as unknown as TypedDocumentString<StopExperimentMutation, StopExperimentMutationVariables>;
export const DeleteExperimentDocument = new TypedDocumentString(`
    mutation DeleteExperiment($id: ID!, $clientRequestId: String) {
  deleteExperiment(id: $id, clientRequestId: $clientRequestId)
}
    `) as unknown as TypedDocumentString<DeleteExperimentMutation, DeleteExperimentMutationVariables>;
export const ExperimentChangedDocument = new TypedDocumentString(`
    subscription ExperimentChanged($id: ID!, $after: String) {
  experimentChanged(id: $id, after: $after) {
    cursor
    experiment {
      ...ExperimentFields
    }
    trials {
      ...TrialFields
    }
    jobs {
      ...JobFields
    }
    events {
      ...EventFields
    }
    bestTrial {
      ...TrialFields
    }
  }
}
    fragment EventFields on Event {
  id
  experimentId
  trialId
  jobId
  kind
  message
  data
  at
}
fragment TrialCountsFields on TrialCounts {
  waiting
  running
  completed
  pruned
  failed
  stopped
  total
}
fragment SearchFields on Search {
  space
  objective {
    metric
    goal
    take
  }
  objectives {
    metric
    goal
    take
  }
  metricConstraints {
    metric
    atMost
    atLeast
    take
  }
  replicates {
    count
    first
    share
    confirm {
      top
      times
    }
  }
  sampler {
    kind
    options
  }
  pruner {
    kind
    options
  }
  budget {
    maxTrials
    maxParallel
    maxHours
    maxGpuHours
    maxSlotHours
    whenSpent
  }
  seed
  failureLimit
  revision
  warmTrials
}
fragment ExperimentFields on Experiment {
  id
  projectId
  project {
    id
    name
  }
  name
  description
  state
  search {
    ...SearchFields
  }
  algorithmVersion {
    id
    version
    command
    algorithm {
      id
      name
    }
  }
  pool {
    id
    name
  }
  resources {
    gpus
    slots
    timeoutSeconds
  }
  createdAt
  endedAt
  counts {
    ...TrialCountsFields
  }
  metricKeys
}
fragment JobFields on TrainingJob {
  id
  projectId
  experimentId
  trialId
  attempt
  state
  runner {
    id
    name
  }
  command
  gpus
  slots
  timeoutSeconds
  priority
  cause
  message
  exitCode
  signal
  createdAt
  startedAt
  endedAt
}
fragment TrialFields on Trial {
  id
  projectId
  experimentId
  number
  name
  state
  params
  tags
  proposedBy
  value
  objectiveValues
  isFeasible
  seed
  cause
  message
  stopReason
  stopMessage
  attempt
  contact
  createdAt
  startedAt
  endedAt
  durationSeconds
  dropped
  pointsExpiredAt
}`) as unknown as TypedDocumentString<ExperimentChangedSubscription, ExperimentChangedSubscriptionVariables>;
export const ReviseSearchDocument = new TypedDocumentString(`
    mutation ReviseSearch($input: ReviseSearchInput!) {
  reviseSearch(input: $input) {
    id
    name
    state
    search {
      budget {
        maxTrials
        maxParallel
        maxHours
        maxGpuHours
        maxSlotHours
        whenSpent
      }
      revision
    }
  }
}
    `) as unknown as TypedDocumentString<ReviseSearchMutation, ReviseSearchMutationVariables>;
export const AdoptTrialsDocument = new TypedDocumentString(`
    mutation AdoptTrials($input: AdoptTrialsInput!) {
  adoptTrials(input: $input) {
    adopted
    outside
    experiment {
      id
      name
      state
      search {
        warmTrials
      }
    }
  }
}
    `) as unknown as TypedDocumentString<AdoptTrialsMutation, AdoptTrialsMutationVariables>;
export const TrainingJobsDocument = new TypedDocumentString(`
    query TrainingJobs($projectId: ID, $poolId: ID, $trialId: ID, $states: [TrainingJobState!], $first: Int! = 50, $after: String) {
  trainingJobs(
    projectId: $projectId
    poolId: $poolId
    trialId: $trialId
    states: $states
    first: $first
    after: $after
  ) {
    nodes {
      ...JobFields
      pool {
        id
        name
      }
      trial {
        id
        number
      }
    }
    pageInfo {
      endCursor
      hasNextPage
    }
  }
}
    fragment JobFields on TrainingJob {
  id
  projectId
  experimentId
  trialId
  attempt
  state
  runner {
    id
    name
  }
  command
  gpus
  slots
  timeoutSeconds
  priority
  cause
  message
  exitCode
  signal
  createdAt
  startedAt
  endedAt
}`) as unknown as TypedDocumentString<TrainingJobsQuery, TrainingJobsQueryVariables>;
export const TrainingJobDocument = new TypedDocumentString(`
    query TrainingJob($id: ID!) {
  trainingJob(id: $id) {
    ...JobFields
    pool {
      id
      name
    }
    trial {
      id
      number
    }
    logStreams {
      trialId
      attempt
      name
      nextSeq
    }
  }
}
    fragment JobFields on TrainingJob {
  id
  projectId
  experimentId
  trialId
  attempt
  state
  runner {
    id
    name
  }
  command
  gpus
  slots
  timeoutSeconds
  priority
  cause
  message
  exitCode
  signal
  createdAt
  startedAt
  endedAt
}`) as unknown as TypedDocumentString<TrainingJobQuery, TrainingJobQueryVariables>;
export const LeaseJobsDocument = new TypedDocumentString(`
    mutation LeaseJobs($input: LeaseJobsInput!) {
  leaseJobs(input: $input) {
    epoch
    token
    leaseSeconds
    graceSeconds
    environment
    workingDirectory
    job {
      id
      projectId
      experimentId
      trialId
      attempt
      state
      command
      gpus
      slots
      timeoutSeconds
    }
    trial {
      id
      experimentId
      number
      params
      attempt
    }
  }
}
    `) as unknown as TypedDocumentString<LeaseJobsMutation, LeaseJobsMutationVariables>;
export const RenewLeasesDocument = new TypedDocumentString(`
    mutation RenewLeases($input: RenewLeasesInput!) {
  renewLeases(input: $input) {
    drain
    leases {
      jobId
      outcome
      stop
      reason
    }
  }
}
    `) as unknown as TypedDocumentString<RenewLeasesMutation, RenewLeasesMutationVariables>;
export const StartJobDocument = new TypedDocumentString(`
    mutation StartJob($input: StartJobInput!) {
  startJob(input: $input) {
    outcome
    job {
      id
      state
    }
  }
}
    `) as unknown as TypedDocumentString<StartJobMutation, StartJobMutationVariables>;
export const FinishJobDocument = new TypedDocumentString(`
    mutation FinishJob($input: FinishJobInput!) {
  finishJob(input: $input) {
    outcome
    job {
      id
      state
    }
  }
}
    `) as unknown as TypedDocumentString<FinishJobMutation, FinishJobMutationVariables>;
export const ReportLogsDocument = new TypedDocumentString(`
    mutation ReportLogs($input: ReportLogsInput!) {
  reportLogs(input: $input) {
    outcome
    nextSeq
    verdict {
      stop
      reason
    }
  }
}
    `) as unknown as TypedDocumentString<ReportLogsMutation, ReportLogsMutationVariables>;
export const LogLinesDocument = new TypedDocumentString(`
    query LogLines($jobId: ID, $trialId: ID, $attempt: Int, $stream: String! = "console", $after: String, $first: Int! = 1000, $tail: Int) {
  logLines(
    jobId: $jobId
    trialId: $trialId
    attempt: $attempt
    stream: $stream
    after: $after
    first: $first
    tail: $tail
  ) {
    ...LogPageFields
  }
}
    fragment LogPageFields on LogPage {
  cursor
  lines
  sources
  times
  firstSeq
  hasMore
}`) as unknown as TypedDocumentString<LogLinesQuery, LogLinesQueryVariables>;
export const JobLogDocument = new TypedDocumentString(`
    subscription JobLog($jobId: ID!, $after: String) {
  jobLog(jobId: $jobId, after: $after) {
    ...LogPageFields
  }
}
    fragment LogPageFields on LogPage {
  cursor
  lines
  sources
  times
  firstSeq
  hasMore
}`) as unknown as TypedDocumentString<JobLogSubscription, JobLogSubscriptionVariables>;
export const LogSearchDocument = new TypedDocumentString(`
    query LogSearch($jobId: ID, $trialId: ID, $attempt: Int, $stream: String! = "console", $text: String!, $caseSensitive: Boolean! = false, $after: String, $first: Int! = 100) {
  logSearch(
    jobId: $jobId
    trialId: $trialId
    attempt: $attempt
    stream: $stream
    text: $text
    caseSensitive: $caseSensitive
    after: $after
    first: $first
  ) {
    cursor
    seqs
    lines
    sources
    times
    searched
    total
    hasMore
  }
}
    `) as unknown as TypedDocumentString<LogSearchQuery, LogSearchQueryVariables>;
export const MethodsDocument = new TypedDocumentString(`
    query Methods {
  samplers {
    ...MethodInfoFields
  }
  pruners {
    ...MethodInfoFields
  }
}
    fragment MethodInfoFields on MethodInfo {
  kind
  summary
  source
  objectives
  origin
  version
  needsCheckpoints
  options {
    name
    type
    defaultValue
    doc
    min
    max
    choices
  }
}`) as unknown as TypedDocumentString<MethodsQuery, MethodsQueryVariables>;
export const ReportMetricsDocument = new TypedDocumentString(`
    mutation ReportMetrics($input: ReportMetricsInput!) {
  reportMetrics(input: $input) {
    outcome
    nextSeq
    verdict {
      stop
      pause
      reason
    }
  }
}
    `) as unknown as TypedDocumentString<ReportMetricsMutation, ReportMetricsMutationVariables>;
export const SeriesDocument = new TypedDocumentString(`
    query Series($trialIds: [ID!], $experimentId: ID, $keys: [String!]!, $maxPoints: Int! = 2000, $fromStep: SafeInt, $toStep: SafeInt, $fromTime: Float64, $toTime: Float64, $x: SeriesXInput) {
  series(
    trialIds: $trialIds
    experimentId: $experimentId
    keys: $keys
    maxPoints: $maxPoints
    fromStep: $fromStep
    toStep: $toStep
    fromTime: $fromTime
    toTime: $toTime
    x: $x
  ) {
    cursor
    series {
      trialId
      attempt
      key
      count
      bucketed
      steps
      times
      values
      first
      min
      max
      mean
      counts
      nonFinite
      x
      origin
    }
  }
}
    `) as unknown as TypedDocumentString<SeriesQuery, SeriesQueryVariables>;
export const SeriesGroupsDocument = new TypedDocumentString(`
    query SeriesGroups($experimentId: ID!, $where: String, $by: [String!]! = [], $keys: [String!]!, $maxPoints: Int! = 500, $fromStep: SafeInt, $toStep: SafeInt, $quantiles: [Float!]! = [0.25, 0.5, 0.75]) {
  seriesGroups(
    experimentId: $experimentId
    where: $where
    by: $by
    keys: $keys
    maxPoints: $maxPoints
    fromStep: $fromStep
    toStep: $toStep
    quantiles: $quantiles
  ) {
    trials
    isPartial
    otherGroups
    groups {
      params
      trialCount
      series {
        key
        width
        steps
        members
        mean
        sd
        min
        max
        lowest
        highest
        quantiles
      }
    }
  }
}
    `) as unknown as TypedDocumentString<SeriesGroupsQuery, SeriesGroupsQueryVariables>;
export const PointsDocument = new TypedDocumentString(`
    query Points($trialIds: [ID!], $experimentId: ID, $keys: [String!], $after: String, $limit: Int! = 10000) {
  points(
    trialIds: $trialIds
    experimentId: $experimentId
    keys: $keys
    after: $after
    limit: $limit
  ) {
    cursor
    more
    series {
      trialId
      attempt
      key
      steps
      times
      values
    }
  }
}
    `) as unknown as TypedDocumentString<PointsQuery, PointsQueryVariables>;
export const MetricsReportedDocument = new TypedDocumentString(`
    subscription MetricsReported($trialIds: [ID!], $experimentId: ID, $keys: [String!], $after: String) {
  metricsReported(
    trialIds: $trialIds
    experimentId: $experimentId
    keys: $keys
    after: $after
  ) {
    cursor
    series {
      trialId
      attempt
      key
      count
      bucketed
      steps
      times
      values
      min
      max
    }
  }
}
    `) as unknown as TypedDocumentString<MetricsReportedSubscription, MetricsReportedSubscriptionVariables>;
export const ResourcePoolsDocument = new TypedDocumentString(`
    query ResourcePools {
  resourcePools {
    id
    name
    leaseSeconds
    createdAt
    pendingJobs
    runningJobs
    runners {
      ...RunnerFields
      jobs {
        ...JobFields
        trial {
          id
          number
          experiment {
            id
            name
            project {
              id
              name
            }
          }
        }
      }
    }
  }
}
    fragment JobFields on TrainingJob {
  id
  projectId
  experimentId
  trialId
  attempt
  state
  runner {
    id
    name
  }
  command
  gpus
  slots
  timeoutSeconds
  priority
  cause
  message
  exitCode
  signal
  createdAt
  startedAt
  endedAt
}
fragment RunnerFields on Runner {
  id
  poolId
  name
  host
  state
  slots
  gpus {
    index
    uuid
    name
    memoryMiB
  }
  registeredAt
  contactAt
}`) as unknown as TypedDocumentString<ResourcePoolsQuery, ResourcePoolsQueryVariables>;
export const CreateResourcePoolDocument = new TypedDocumentString(`
    mutation CreateResourcePool($input: CreateResourcePoolInput!) {
  createResourcePool(input: $input) {
    id
    name
    leaseSeconds
    createdAt
  }
}
    `) as unknown as TypedDocumentString<CreateResourcePoolMutation, CreateResourcePoolMutationVariables>;
export const ProjectsDocument = new TypedDocumentString(`
    query Projects($first: Int! = 50, $after: String) {
  projects(first: $first, after: $after) {
    nodes {
      ...ProjectFields
    }
    pageInfo {
      endCursor
      hasNextPage
    }
    totalCount
  }
}
    fragment ProjectFields on Project {
  id
  organizationId
  name
  description
  createdAt
}`) as unknown as TypedDocumentString<ProjectsQuery, ProjectsQueryVariables>;
export const ProjectDocument = new TypedDocumentString(`
    query Project($id: ID, $name: String) {
  project(id: $id, name: $name) {
    ...ProjectFields
  }
}
    fragment ProjectFields on Project {
  id
  organizationId
  name
  description
  createdAt
}`) as unknown as TypedDocumentString<ProjectQuery, ProjectQueryVariables>;
export const CreateProjectDocument = new TypedDocumentString(`
    mutation CreateProject($input: CreateProjectInput!) {
  createProject(input: $input) {
    ...ProjectFields
  }
}
    fragment ProjectFields on Project {
  id
  organizationId
  name
  description
  createdAt
}`) as unknown as TypedDocumentString<CreateProjectMutation, CreateProjectMutationVariables>;
export const RunnersDocument = new TypedDocumentString(`
    query Runners($poolId: ID, $first: Int! = 50, $after: String) {
  runners(poolId: $poolId, first: $first, after: $after) {
    nodes {
      ...RunnerFields
      pool {
        id
        name
      }
      jobs {
        id
        state
        trialId
      }
    }
    pageInfo {
      endCursor
      hasNextPage
    }
  }
}
    fragment RunnerFields on Runner {
  id
  poolId
  name
  host
  state
  slots
  gpus {
    index
    uuid
    name
    memoryMiB
  }
  registeredAt
  contactAt
}`) as unknown as TypedDocumentString<RunnersQuery, RunnersQueryVariables>;
export const RegisterRunnerDocument = new TypedDocumentString(`
    mutation RegisterRunner($input: RegisterRunnerInput!) {
  registerRunner(input: $input) {
    ...RunnerFields
  }
}
    fragment RunnerFields on Runner {
  id
  poolId
  name
  host
  state
  slots
  gpus {
    index
    uuid
    name
    memoryMiB
  }
  registeredAt
  contactAt
}`) as unknown as TypedDocumentString<RegisterRunnerMutation, RegisterRunnerMutationVariables>;
export const DrainRunnerDocument = new TypedDocumentString(`
    mutation DrainRunner($id: ID!, $clientRequestId: String) {
  drainRunner(id: $id, clientRequestId: $clientRequestId) {
    ...RunnerFields
  }
}
    fragment RunnerFields on Runner {
  id
  poolId
  name
  host
  state
  slots
  gpus {
    index
    uuid
    name
    memoryMiB
  }
  registeredAt
  contactAt
}`) as unknown as TypedDocumentString<DrainRunnerMutation, DrainRunnerMutationVariables>;
export const TrialsDocument = new TypedDocumentString(`
    query Trials($experimentId: ID!, $first: Int! = 50, $after: String, $filter: TrialFilter, $where: String, $orderBy: TrialOrder) {
  trials(
    experimentId: $experimentId
    first: $first
    after: $after
    filter: $filter
    where: $where
    orderBy: $orderBy
  ) {
    nodes {
      ...TrialRow
    }
    pageInfo {
      endCursor
      hasNextPage
    }
  }
}
    fragment MetricSummaryFields on MetricSummary {
  key
  count
  nonFinite
  first
  last
  lastStep
  min
  minStep
  max
  maxStep
  mean
}
fragment TrialFields on Trial {
  id
  projectId
  experimentId
  number
  name
  state
  params
  tags
  proposedBy
  value
  objectiveValues
  isFeasible
  seed
  cause
  message
  stopReason
  stopMessage
  attempt
  contact
  createdAt
  startedAt
  endedAt
  durationSeconds
  dropped
  pointsExpiredAt
}
fragment TrialRow on Trial {
  ...TrialFields
  summary {
    ...MetricSummaryFields
  }
}`) as unknown as TypedDocumentString<TrialsQuery, TrialsQueryVariables>;
export const TrialCountDocument = new TypedDocumentString(`
    query TrialCount($experimentId: ID!, $filter: TrialFilter, $where: String) {
  trials(experimentId: $experimentId, first: 1, filter: $filter, where: $where) {
    totalCount
  }
}
    `) as unknown as TypedDocumentString<TrialCountQuery, TrialCountQueryVariables>;
export const TrialDocument = new TypedDocumentString(`
    query Trial($id: ID, $path: String) {
  trial(id: $id, path: $path) {
    ...TrialRow
    explanation {
      phase
      reason
      mean
      deviation
      acquisition
      engine
    }
    searchRevision
    paused
    parent {
      id
      number
    }
    children {
      id
      number
    }
    constraintValues
    violation
    point
    replicate
    pointMean {
      count
      mean
      deviation
      low
      high
    }
    experiment {
      id
      name
      project {
        id
        name
      }
      search {
        objective {
          metric
          goal
          take
        }
      }
    }
    jobs {
      ...JobFields
    }
    artifacts {
      ...ArtifactFields
    }
  }
}
    fragment ArtifactFields on Artifact {
  id
  projectId
  trialId
  attempt
  name
  kind
  fileName
  sizeBytes
  sha256
  state
  createdAt
  committedAt
  downloadPath
}
fragment JobFields on TrainingJob {
  id
  projectId
  experimentId
  trialId
  attempt
  state
  runner {
    id
    name
  }
  command
  gpus
  slots
  timeoutSeconds
  priority
  cause
  message
  exitCode
  signal
  createdAt
  startedAt
  endedAt
}
fragment MetricSummaryFields on MetricSummary {
  key
  count
  nonFinite
  first
  last
  lastStep
  min
  minStep
  max
  maxStep
  mean
}
fragment TrialFields on Trial {
  id
  projectId
  experimentId
  number
  name
  state
  params
  tags
  proposedBy
  value
  objectiveValues
  isFeasible
  seed
  cause
  message
  stopReason
  stopMessage
  attempt
  contact
  createdAt
  startedAt
  endedAt
  durationSeconds
  dropped
  pointsExpiredAt
}
fragment TrialRow on Trial {
  ...TrialFields
  summary {
    ...MetricSummaryFields
  }
}`) as unknown as TypedDocumentString<TrialQuery, TrialQueryVariables>;
export const TrialIdentityDocument = new TypedDocumentString(`
    query TrialIdentity($id: ID!) {
  trial(id: $id) {
    id
    projectId
    experimentId
    number
    state
    params
    attempt
    checkpoint {
      ...CheckpointFields
    }
    seed
  }
}
    fragment CheckpointFields on Artifact {
  id
  trialId
  attempt
  fileName
  sizeBytes
  sha256
  downloadPath
}`) as unknown as TypedDocumentString<TrialIdentityQuery, TrialIdentityQueryVariables>;
export const TrialStopDocument = new TypedDocumentString(`
    query TrialStop($id: ID!) {
  trial(id: $id) {
    stopReason
  }
}
    `) as unknown as TypedDocumentString<TrialStopQuery, TrialStopQueryVariables>;
export const TrialObjectiveDocument = new TypedDocumentString(`
    query TrialObjective($id: ID!) {
  trial(id: $id) {
    experiment {
      search {
        objective {
          metric
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<TrialObjectiveQuery, TrialObjectiveQueryVariables>;
export const CreateTrialDocument = new TypedDocumentString(`
    mutation CreateTrial($input: CreateTrialInput!) {
  createTrial(input: $input) {
    ...TrialFields
  }
}
    fragment TrialFields on Trial {
  id
  projectId
  experimentId
  number
  name
  state
  params
  tags
  proposedBy
  value
  objectiveValues
  isFeasible
  seed
  cause
  message
  stopReason
  stopMessage
  attempt
  contact
  createdAt
  startedAt
  endedAt
  durationSeconds
  dropped
  pointsExpiredAt
}`) as unknown as TypedDocumentString<CreateTrialMutation, CreateTrialMutationVariables>;
export const StartTrialDocument = new TypedDocumentString(`
    mutation StartTrial($input: StartTrialInput!) {
  startTrial(input: $input) {
    ...StartedTrialFields
  }
}
    fragment TrialFields on Trial {
  id
  projectId
  experimentId
  number
  name
  state
  params
  tags
  proposedBy
  value
  objectiveValues
  isFeasible
  seed
  cause
  message
  stopReason
  stopMessage
  attempt
  contact
  createdAt
  startedAt
  endedAt
  durationSeconds
  dropped
  pointsExpiredAt
}
fragment CheckpointFields on Artifact {
  id
  trialId
  attempt
  fileName
  sizeBytes
  sha256
  downloadPath
}
fragment StartedTrialFields on StartedTrial {
  attempt
  token
  trial {
    ...TrialFields
    checkpoint {
      ...CheckpointFields
    }
    experiment {
      id
      name
      project {
        id
        name
      }
      search {
        objective {
          metric
        }
      }
    }
  }
}`) as unknown as TypedDocumentString<StartTrialMutation, StartTrialMutationVariables>;
export const AskTrialDocument = new TypedDocumentString(`
    mutation AskTrial($input: AskTrialInput!) {
  askTrial(input: $input) {
    done
    retryAfterSeconds
    started {
      ...StartedTrialFields
    }
  }
}
    fragment TrialFields on Trial {
  id
  projectId
  experimentId
  number
  name
  state
  params
  tags
  proposedBy
  value
  objectiveValues
  isFeasible
  seed
  cause
  message
  stopReason
  stopMessage
  attempt
  contact
  createdAt
  startedAt
  endedAt
  durationSeconds
  dropped
  pointsExpiredAt
}
fragment CheckpointFields on Artifact {
  id
  trialId
  attempt
  fileName
  sizeBytes
  sha256
  downloadPath
}
fragment StartedTrialFields on StartedTrial {
  attempt
  token
  trial {
    ...TrialFields
    checkpoint {
      ...CheckpointFields
    }
    experiment {
      id
      name
      project {
        id
        name
      }
      search {
        objective {
          metric
        }
      }
    }
  }
}`) as unknown as TypedDocumentString<AskTrialMutation, AskTrialMutationVariables>;
export const FinishTrialDocument = new TypedDocumentString(`
    mutation FinishTrial($input: FinishTrialInput!) {
  finishTrial(input: $input) {
    ...TrialIdentityFields
  }
}
    fragment TrialIdentityFields on Trial {
  id
  number
  state
  value
}`) as unknown as TypedDocumentString<FinishTrialMutation, FinishTrialMutationVariables>;
export const StopTrialDocument = new TypedDocumentString(`
    mutation StopTrial($id: ID!, $reason: String, $clientRequestId: String) {
  stopTrial(id: $id, reason: $reason, clientRequestId: $clientRequestId) {
    ...TrialFields
  }
}
    fragment TrialFields on Trial {
  id
  projectId
  experimentId
  number
  name
  state
  params
  tags
  proposedBy
  value
  objectiveValues
  isFeasible
  seed
  cause
  message
  stopReason
  stopMessage
  attempt
  contact
  createdAt
  startedAt
  endedAt
  durationSeconds
  dropped
  pointsExpiredAt
}`) as unknown as TypedDocumentString<StopTrialMutation, StopTrialMutationVariables>;
export const UpdateTrialDocument = new TypedDocumentString(`
    mutation UpdateTrial($input: UpdateTrialInput!) {
  updateTrial(input: $input) {
    ...TrialFields
  }
}
    fragment TrialFields on Trial {
  id
  projectId
  experimentId
  number
  name
  state
  params
  tags
  proposedBy
  value
  objectiveValues
  isFeasible
  seed
  cause
  message
  stopReason
  stopMessage
  attempt
  contact
  createdAt
  startedAt
  endedAt
  durationSeconds
  dropped
  pointsExpiredAt
}`) as unknown as TypedDocumentString<UpdateTrialMutation, UpdateTrialMutationVariables>;
export const DeleteTrialDocument = new TypedDocumentString(`
    mutation DeleteTrial($id: ID!, $clientRequestId: String) {
  deleteTrial(id: $id, clientRequestId: $clientRequestId)
}
    `) as unknown as TypedDocumentString<DeleteTrialMutation, DeleteTrialMutationVariables>;
export const TrialFacetsDocument = new TypedDocumentString(`
    query TrialFacets($experimentId: ID!, $fields: [String!]!, $first: Int! = 20, $filter: TrialFilter, $where: String) {
  trialFacets(
    experimentId: $experimentId
    fields: $fields
    first: $first
    filter: $filter
    where: $where
  ) {
    trials
    isPartial
    facets {
      field
      known
      distinct
      min
      max
      values {
        number
        text
        count
      }
    }
  }
}
    `) as unknown as TypedDocumentString<TrialFacetsQuery, TrialFacetsQueryVariables>;
export const TrialGroupsDocument = new TypedDocumentString(`
    query TrialGroups($experimentId: ID!, $by: [String!]!, $metricKeys: [String!]!, $stat: MetricStat! = LAST, $first: Int! = 50, $filter: TrialFilter, $where: String) {
  trialGroups(
    experimentId: $experimentId
    by: $by
    metricKeys: $metricKeys
    stat: $stat
    first: $first
    filter: $filter
    where: $where
  ) {
    trials
    isPartial
    totalGroups
    groups {
      params
      count
      metrics {
        key
        count
        mean
        std
        min
        max
      }
    }
  }
}
    `) as unknown as TypedDocumentString<TrialGroupsQuery, TrialGroupsQueryVariables>;
export const TrialFilterCompletionsDocument = new TypedDocumentString(`
    query TrialFilterCompletions($experimentId: ID!, $text: String!, $position: Int!) {
  trialFilterCompletions(
    experimentId: $experimentId
    text: $text
    position: $position
  ) {
    from
    to
    items {
      text
      kind
      detail
    }
  }
}
    `) as unknown as TypedDocumentString<TrialFilterCompletionsQuery, TrialFilterCompletionsQueryVariables>;
export const TrialsChangedDocument = new TypedDocumentString(`
    subscription TrialsChanged($experimentId: ID!, $where: String, $after: String) {
  trialsChanged(experimentId: $experimentId, where: $where, after: $after) {
    reset
    more
    cursor
    entered {
      ...TrialRow
    }
    updated {
      ...TrialRow
    }
    left
  }
}
    fragment MetricSummaryFields on MetricSummary {
  key
  count
  nonFinite
  first
  last
  lastStep
  min
  minStep
  max
  maxStep
  mean
}
fragment TrialFields on Trial {
  id
  projectId
  experimentId
  number
  name
  state
  params
  tags
  proposedBy
  value
  objectiveValues
  isFeasible
  seed
  cause
  message
  stopReason
  stopMessage
  attempt
  contact
  createdAt
  startedAt
  endedAt
  durationSeconds
  dropped
  pointsExpiredAt
}
fragment TrialRow on Trial {
  ...TrialFields
  summary {
    ...MetricSummaryFields
  }
}`) as unknown as TypedDocumentString<TrialsChangedSubscription, TrialsChangedSubscriptionVariables>;
export const ViewerDocument = new TypedDocumentString(`
    query Viewer {
  viewer {
    kind
    role
    trialId
    attempt
    user {
      id
      name
      email
    }
    organization {
      id
      name
    }
  }
}
    `) as unknown as TypedDocumentString<ViewerQuery, ViewerQueryVariables>;
export const UsersDocument = new TypedDocumentString(`
    query Users($first: Int! = 50, $after: String) {
  users(first: $first, after: $after) {
    nodes {
      id
      name
      email
      disabled
      createdAt
    }
    pageInfo {
      endCursor
      hasNextPage
    }
  }
}
    `) as unknown as TypedDocumentString<UsersQuery, UsersQueryVariables>;
export const CreateLoginLinkDocument = new TypedDocumentString(`
    mutation CreateLoginLink {
  createLoginLink {
    path
    expiresAt
  }
}
    `) as unknown as TypedDocumentString<CreateLoginLinkMutation, CreateLoginLinkMutationVariables>;
export const ServerStatusDocument = new TypedDocumentString(`
    query ServerStatus {
  serverStatus {
    storageFull
    message
  }
}
    `) as unknown as TypedDocumentString<ServerStatusQuery, ServerStatusQueryVariables>;