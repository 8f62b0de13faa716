/** An experiment as a program uses it: ask for trials, watch numbers arrive, steer. */

import type { Client } from './client.js';
import { decodeColumn } from './columns.js';
import { TrialgraphError } from './errors.js';
import {
  AskTrialDocument,
  CreateTrialDocument,
  ExperimentChangedDocument,
  type ExperimentChangedSubscription,
  ExperimentDocument,
  type ExperimentQuery,
  MetricsReportedDocument,
  type MetricsReportedSubscription,
  PauseExperimentDocument,
  ResumeExperimentDocument,
  StopExperimentDocument,
  type TrialFieldsFragment,
  TrialsChangedDocument,
  type TrialsChangedSubscription,
} from './generated/operations.js';
import { sleep } from './retry.js';
import { recordTrial, type Starter } from './start-trial.js';
import type { Params, Trial } from './trial.js';

const ASK_AGAIN_SECONDS = 1;

export interface AskOptions {
  /** Trials to take at most; default: until the budget is spent. */
  readonly max?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface WatchOptions {
  /** Metric keys; default all. */
  readonly keys?: readonly string[] | undefined;
  /** A cursor of an earlier delta; default: from the first point stored. */
  readonly after?: string | null | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** New points of one series; columns of equal length. */
export interface SeriesDelta {
  readonly trialId: string;
  readonly attempt: number;
  readonly key: string;
  readonly steps: Float64Array;
  readonly times: Float64Array;
  readonly values: Float64Array;
}

export interface MetricDelta {
  /** Where to go on. */
  readonly cursor: string;
  readonly series: readonly SeriesDelta[];
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
      const series = metricsReported.series.map((one) => ({
        trialId: one.trialId,
        attempt: one.attempt,
        key: one.key,
        steps: decodeColumn(one.steps),
        times: decodeColumn(one.times),
        values: decodeColumn(one.values),
      }));
      yield { cursor: metricsReported.cursor, series };
    }
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

  async resume(): Promise<void> {
    await this.#client.request(ResumeExperimentDocument, { id: this.id });
  }

  async stop(): Promise<void> {
    await this.#client.request(StopExperimentDocument, { id: this.id });
  }
}
