/** An experiment as a program uses it: ask for trials, watch numbers arrive, steer. */

import {
  type BestSoFar,
  type Importance,
  type ImportanceOptions,
  readBestSoFar,
  readImportance,
  readStoppingAdvice,
  type StoppingAdvice,
} from './analysis.js';
import { type BudgetOptions, toBudget } from './budget.js';
import type { Client } from './client.js';
import { TrialgraphError } from './errors.js';
import { type ExportOptions, openExport } from './export.js';
import {
  AdoptTrialsDocument,
  AskTrialDocument,
  BestTrialsDocument,
  type BestTrialsQuery,
  CreateTrialDocument,
  ExperimentChangedDocument,
  type ExperimentChangedSubscription,
  ExperimentDocument,
  type ExperimentQuery,
  MetricsReportedDocument,
  type MetricsReportedSubscription,
  type Misfits,
  PauseExperimentDocument,
  ResumeExperimentDocument,
  ReviseSearchDocument,
  StopExperimentDocument,
  type TrialFieldsFragment,
  TrialsChangedDocument,
  type TrialsChangedSubscription,
} from './generated/operations.js';
import { type FrontOptions, type ParetoFront, readFront } from './pareto-front.js';
import { type MetricDelta, type PointsOptions, readPoints, seriesOf } from './points.js';
import { sleep } from './retry.js';
import { type GroupsOptions, readSeriesGroups, type SeriesGroups } from './series-groups.js';
import { recordTrial, type Starter } from './start-trial.js';
import type { Params, Trial } from './trial.js';

const ASK_AGAIN_SECONDS = 1;

export interface AskOptions {
  /** Trials to take at most; default: until the budget is spent. */
  readonly max?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface RevisionOptions {
  /** The whole space from now on; default: as it is. */
  readonly space?: Readonly<Record<string, unknown>>;
  /** What is not named stays; null for no limit. */
  readonly budget?: BudgetOptions;
  /** Whether an experiment goes on that is paused or has ended. */
  readonly resume?: boolean;
}

export interface AdoptOptions {
  /** Single trials, `project/experiment/number` or ids. */
  readonly trials?: readonly string[];
  /** Experiments, `project/experiment` or ids: all their ended trials. */
  readonly experiments?: readonly string[];
  /** Those that are not legal in the space: `refuse` all, or `keep` them outside the models. Default `refuse`. */
  readonly misfits?: Lowercase<Misfits>;
  /** Whether params that the space has not are left out, instead of making a misfit. */
  readonly ignoreUnknown?: boolean;
}

export interface AdviceOptions {
  /** Trials without improvement after which to stop; default 30. */
  readonly patience?: number | undefined;
  /** Trials ahead whose gain is expected; default 10. */
  readonly ahead?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface WatchOptions {
  /** Metric keys; default all. */
  readonly keys?: readonly string[] | undefined;
  /** A cursor of an earlier delta; default: from the first point stored. */
  readonly after?: string | null | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface WatchTrialsOptions {
  /** In the language of filters (docs/filters.md); default: all trials. */
  readonly where?: string | undefined;
  /** The last cursor of an earlier watch with the same filter; default: begin with all trials that match. */
  readonly after?: string | null | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** See `TrialSet`, which keeps the trials that these messages tell of. */
export type TrialsMessage = TrialsChangedSubscription['trialsChanged'];

export type ExperimentDelta = ExperimentChangedSubscription['experimentChanged'];

export class ExperimentHandle {
  readonly id: string;
  readonly name: string;
  readonly project: string;
  readonly #client: Client;
  readonly #starter: Starter;

  constructor(
    client: Client,
    starter: Starter,
    found: { readonly id: string; readonly name: string; readonly project: { readonly name: string } },
  ) {
    this.#client = client;
    this.#starter = starter;
    this.id = found.id;
    this.name = found.name;
    this.project = found.project.name;
  }

  /**
   * Trials to execute here, one after the other, until the budget is spent. One that the loop body does not end is
   * finished when the next is asked for; one that is left by `break` or an exception is told FAILED.
   */
  async *ask({ max = Number.POSITIVE_INFINITY, signal }: AskOptions = {}): AsyncGenerator<Trial> {
    for (let taken = 0; taken < max; taken++) {
      const trial = await this.askOne({ signal });
      if (!trial) return;
      try {
        yield trial;
        await trial.finish();
      } finally {
        const message = 'the loop was left before the trial was told';
        await trial.finish(trial.shouldStop ? {} : { state: 'FAILED', message });
      }
    }
  }

  /** The next trial to execute here; null once the budget is spent or `signal` aborts. */
  async askOne({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<Trial | null> {
    while (!signal?.aborted) {
      const { askTrial } = await this.#client.request(
        AskTrialDocument,
        { input: { experimentId: this.id } },
        { signal },
      );
      if (askTrial.started) return recordTrial(askTrial.started, {}, this.#starter);
      if (askTrial.done) return null;
      await sleep((askTrial.retryAfterSeconds ?? ASK_AGAIN_SECONDS) * 1000, signal);
    }
    return null;
  }

  /** Points of all trials as they are stored, for ever; resumes by itself without gap or duplicate. */
  async *watch({ keys, after = null, signal }: WatchOptions = {}): AsyncGenerator<MetricDelta> {
    const variables = (last: MetricsReportedSubscription | null) => ({
      experimentId: this.id,
      keys: keys ? [...keys] : null,
      after: last?.metricsReported.cursor ?? after,
    });
    for await (const { metricsReported } of this.#client.subscribe(MetricsReportedDocument, variables, { signal })) {
      yield { cursor: metricsReported.cursor, series: metricsReported.series.map(seriesOf) };
    }
  }

  /** How its trials, in groups by hyperparameters, go along: mean, deviation, extremes and quantiles per bucket of steps. */
  groups(options: GroupsOptions): Promise<SeriesGroups> {
    return readSeriesGroups(this.#client, this.id, options);
  }

  /** How its best value came about, over all trials that ended; null without a search. `objective`: its index, default 0. */
  bestSoFar(
    options: { readonly objective?: number | undefined; readonly signal?: AbortSignal | undefined } = {},
  ): Promise<BestSoFar | null> {
    return readBestSoFar(this.#client, this.id, options);
  }

  /** Which parameters matter; null without a search. @throws QUERY_TOO_COSTLY when it takes the server too long. */
  importance(options: ImportanceOptions = {}): Promise<Importance | null> {
    return readImportance(this.#client, this.id, options);
  }

  /** Whether going on is still worth it, with its numbers; null without a search. Nothing acts on it. */
  stoppingAdvice(options: AdviceOptions = {}): Promise<StoppingAdvice | null> {
    return readStoppingAdvice(this.#client, this.id, options);
  }

  /** Every point of all trials, page by page, until all that is stored was read; `watch` goes on from the last cursor. */
  points(options: PointsOptions = {}): AsyncGenerator<MetricDelta> {
    return readPoints(this.#client, { experimentId: this.id }, options);
  }

  /**
   * The bytes of a file: every point (`metrics`), or one row per trial (`trials`). Nothing is held in memory, here or there.
   * @throws FILTER_INVALID, FORBIDDEN …; the stream fails when it is cut short.
   */
  export(what: 'metrics' | 'trials', options: ExportOptions = {}): Promise<ReadableStream<Uint8Array>> {
    return openExport(this.#client, what, this.id, options);
  }

  /** Changes of state: the experiment, its trials and jobs; starts with how things are. */
  async *changes({ after = null, signal }: Omit<WatchOptions, 'keys'> = {}): AsyncGenerator<ExperimentDelta> {
    const variables = (last: ExperimentChangedSubscription | null) => ({
      id: this.id,
      after: last?.experimentChanged.cursor ?? after,
    });
    for await (const { experimentChanged } of this.#client.subscribe(ExperimentChangedDocument, variables, {
      signal,
    })) {
      yield experimentChanged;
    }
  }

  /**
   * The trials that match a filter: all of them, then what enters, changes and leaves, for ever. Resumes by itself; a cursor
   * that cannot be resumed begins anew, with a message whose `reset` is true.
   */
  async *watchTrials({ where, after = null, signal }: WatchTrialsOptions = {}): AsyncGenerator<TrialsMessage> {
    let cursor = after;
    const variables = () => ({ experimentId: this.id, where: where ?? null, after: cursor });
    for (;;) {
      try {
        for await (const { trialsChanged } of this.#client.subscribe(TrialsChangedDocument, variables, { signal })) {
          // Half of a reset is no ground to resume from.
          if (trialsChanged.reset) cursor = null;
          cursor = trialsChanged.cursor ?? cursor;
          yield trialsChanged;
        }
        return;
      } catch (error) {
        const isExpired = error instanceof TrialgraphError && error.code === 'CURSOR_EXPIRED';
        if (!isExpired || cursor === null) throw error;
        cursor = null;
      }
    }
  }

  /** The experiment as it is now, with its best trial. */
  async load(): Promise<NonNullable<ExperimentQuery['experiment']>> {
    const { experiment } = await this.#client.request(ExperimentDocument, { id: this.id });
    if (!experiment) throw new Error(`experiment ${this.id} was deleted`);
    return experiment;
  }

  /** Its best trials by number: with several objectives all of the Pareto front, else the one best, if there is one. */
  async bestTrials(): Promise<TrialFieldsFragment[]> {
    const found: TrialFieldsFragment[] = [];
    let after: string | null = null;
    for (;;) {
      const { nodes, pageInfo } = await this.#bestPage(after);
      found.push(...nodes);
      if (!pageInfo.hasNextPage) return found;
      after = pageInfo.endCursor ?? null;
    }
  }

  /** What a search with several objectives found; null with one. `reference`: up to where volumes are measured. */
  paretoFront(options: FrontOptions = {}): Promise<ParetoFront | null> {
    return readFront(this.#client, this.id, options);
  }

  /** Puts a trial with chosen params into the queue. */
  async enqueue(
    params: Params,
    options: { readonly name?: string; readonly tags?: readonly string[] } = {},
  ): Promise<TrialFieldsFragment> {
    const input = {
      experimentId: this.id,
      params: { ...params },
      name: options.name ?? null,
      tags: [...(options.tags ?? [])],
    };
    return (await this.#client.request(CreateTrialDocument, { input })).createTrial;
  }

  async pause(): Promise<void> {
    await this.#client.request(PauseExperimentDocument, { id: this.id });
  }

  /** Lets it go on, paused or ended. @throws STATE_CONFLICT when it has ended and its budget is spent. */
  async resume(): Promise<void> {
    await this.#client.request(ResumeExperimentDocument, { id: this.id });
  }

  /** Changes its space, or what `budget` names, from now on; the number of the revision. */
  async revise(change: RevisionOptions): Promise<number> {
    const { space = null, budget = null, resume = false } = change;
    const input = {
      experimentId: this.id,
      space: space === null ? null : { ...space },
      budget: budget === null ? null : toBudget(budget),
      resume,
    };
    const { reviseSearch } = await this.#client.request(ReviseSearchDocument, { input });
    return reviseSearch.search?.revision ?? 1;
  }

  /**
   * Lets the search learn from trials that ran outside of it: how many are new to it, and which of them are outside its space.
   * @throws INPUT_INVALID naming those that say nothing of the objective, and misfits that are not kept.
   */
  async adopt(options: AdoptOptions): Promise<{ readonly adopted: number; readonly outside: readonly string[] }> {
    const { trials = [], experiments = [], misfits = 'refuse', ignoreUnknown = false } = options;
    const input = {
      experimentId: this.id,
      trials: [...trials],
      experiments: [...experiments],
      misfits: misfits.toUpperCase() as Misfits,
      ignoreUnknown,
    };
    const { adoptTrials } = await this.#client.request(AdoptTrialsDocument, { input });
    return { adopted: adoptTrials.adopted, outside: adoptTrials.outside };
  }

  async #bestPage(after: string | null): Promise<NonNullable<BestTrialsQuery['experiment']>['bestTrials']> {
    const { experiment } = await this.#client.request(BestTrialsDocument, { id: this.id, first: 200, after });
    if (!experiment) throw new Error(`experiment ${this.id} was deleted`);
    return experiment.bestTrials;
  }

  async stop(): Promise<void> {
    await this.#client.request(StopExperimentDocument, { id: this.id });
  }
}
