/** The client with the parts that need Node: trials that are recorded, and handles to experiments and trials. */

import { type BudgetOptions, toBudget } from './budget.js';
import { Client as ApiClient, type ClientOptions } from './client.js';
import { NotFoundError } from './errors.js';
import { ExperimentHandle } from './experiment.js';
import {
  type BoundTake,
  CreateExperimentDocument,
  CreateExperimentFromFileDocument,
  type CreateExperimentFromFileInput,
  type CreateExperimentInput,
  ExperimentIdentityDocument,
  type Goal,
  type MethodInput,
  type ObjectiveInput,
  type ReplicatesInput,
  type Take,
  TrialDocument,
} from './generated/operations.js';
import { readSettings } from './settings.js';
import { type InitOptions, initTrial, type Starter, warner } from './start-trial.js';
import type { Trial } from './trial.js';
import { TrialHandle } from './trial-handle.js';

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** An experiment in the words of people: goals in any case, methods by kind alone. */
export interface ExperimentOptions extends Omit<CreateExperimentInput, 'search' | 'clientRequestId' | 'projectId'> {
  /** What shall be made good: one metric, or `objectives`, of which a pruner watches the first. */
  readonly objective?: ObjectiveOptions;
  readonly objectives?: readonly ObjectiveOptions[];
  /** Bounds that good trials keep; a metric's last value counts, or its worst. */
  readonly metricConstraints?: readonly {
    readonly metric: string;
    readonly atMost?: number;
    readonly atLeast?: number;
    readonly take?: BoundTake | Lowercase<BoundTake>;
  }[];
  /** How often points are tried with different seeds (`trial.seed`); default once each. */
  readonly replicates?: ReplicatesInput;
  /** Parameters by name; `space` has builders. */
  readonly space?: Readonly<Record<string, unknown>>;
  readonly sampler?: string | MethodInput;
  readonly pruner?: string | MethodInput;
  readonly budget?: BudgetOptions;
  readonly seed?: string;
  /** Equal failures in a row that stop the search; default 5, 0 for none. */
  readonly failureLimit?: number;
  /** Experiments, `project/name` or ids, whose ended trials the models begin with. */
  readonly warmStart?: readonly string[];
}

export interface ObjectiveOptions {
  readonly metric: string;
  readonly goal: Goal | Lowercase<Goal>;
  readonly take?: Take | Lowercase<Take>;
}

export class Client extends ApiClient {
  readonly #starter: Starter;

  /** @param options default: the environment, the server of this folder, the kept login. */
  constructor(options: Partial<ClientOptions> = {}) {
    const settings = readSettings({ url: options.url, apiKey: options.apiKey });
    super({ ...options, url: settings.url, apiKey: options.apiKey ?? settings.apiKey });
    this.#starter = { settings, finishSeconds: undefined, warn: warner(settings) };
  }

  /** Starts (or, under a runner, opens) the trial of this process. */
  init(options: InitOptions = {}): Promise<Trial> {
    const { url, apiKey } = this.#starter.settings;
    return initTrial({ url, apiKey, ...options }, this);
  }

  /** @param pathOrId `project/experiment`, or an id. @throws NOT_FOUND when there is none. */
  async experiment(pathOrId: string): Promise<ExperimentHandle> {
    const { experiment } = await this.request(ExperimentIdentityDocument, which(pathOrId));
    if (!experiment) throw new NotFoundError('NOT_FOUND', `there is no experiment ${pathOrId}`, 'never');
    return new ExperimentHandle(this, this.#starter, experiment);
  }

  /** @throws SPACE_INVALID, METHOD_UNKNOWN, NAME_TAKEN … */
  async createExperiment(options: ExperimentOptions): Promise<ExperimentHandle> {
    const { createExperiment } = await this.request(CreateExperimentDocument, { input: toInput(options) });
    return new ExperimentHandle(this, this.#starter, createExperiment);
  }

  /** From the text of a search file. @throws SEARCH_FILE_INVALID with line and key. */
  async createExperimentFromFile(input: CreateExperimentFromFileInput): Promise<ExperimentHandle> {
    const { createExperimentFromFile } = await this.request(CreateExperimentFromFileDocument, { input });
    return new ExperimentHandle(this, this.#starter, createExperimentFromFile);
  }

  /** @param pathOrId `project/experiment/number`, or an id. @throws NOT_FOUND when there is none. */
  async trial(pathOrId: string): Promise<TrialHandle> {
    const { trial } = await this.request(TrialDocument, which(pathOrId));
    if (!trial) throw new NotFoundError('NOT_FOUND', `there is no trial ${pathOrId}`, 'never');
    return new TrialHandle(this, trial);
  }
}

function which(pathOrId: string): { id: string } | { path: string } {
  return ID.test(pathOrId) ? { id: pathOrId } : { path: pathOrId };
}

function toInput({
  objective,
  objectives,
  metricConstraints,
  replicates,
  space,
  sampler,
  pruner,
  budget,
  seed,
  failureLimit,
  warmStart,
  ...rest
}: ExperimentOptions): CreateExperimentInput {
  if (!(objective ?? objectives) || !space) return rest;
  const search = {
    space,
    objective: objective ? toObjective(objective) : null,
    objectives: objectives?.map(toObjective) ?? null,
    metricConstraints:
      metricConstraints?.map(({ take, ...bound }) => ({ ...bound, take: upper<BoundTake>(take) })) ?? null,
    replicates: replicates ?? null,
    sampler: toMethod(sampler),
    pruner: toMethod(pruner),
    budget: budget === undefined ? null : toBudget(budget),
    seed: seed ?? null,
    failureLimit: failureLimit ?? null,
    warmStart: warmStart === undefined ? null : [...warmStart],
  };
  return { ...rest, search };
}

function toObjective({ metric, goal, take }: ObjectiveOptions): ObjectiveInput {
  return { metric, goal: goal.toUpperCase() as Goal, take: upper<Take>(take) };
}

function upper<Word extends string>(word: string | undefined): Word | null {
  return word === undefined ? null : (word.toUpperCase() as Word);
}

function toMethod(method: string | MethodInput | undefined): MethodInput | null {
  return typeof method === 'string' ? { kind: method } : (method ?? null);
}
