/** A running trial as training code sees it. Nothing it does waits for the network, except what returns a promise. */

import { type Artifact, type ArtifactOptions, type Checkpoint, downloadArtifact, uploadArtifact } from './artifact.js';
import type { Client } from './client.js';
import { encodeFloat } from './columns.js';
import { type Ending, type Unfinished, unwatch, watch } from './lifetime.js';
import type { Recorder } from './recorder.js';
import type { EndRecord } from './spool.js';

const MAX_KEY_BYTES = 256;
const DEFAULT_FINISH_SECONDS = 60;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const CONTROL = /[\u0000-\u001f\u007f]/;

export type Params = Readonly<Record<string, unknown>>;
export type TrialEnd = 'COMPLETED' | 'PRUNED' | 'FAILED' | 'STOPPED' | 'PAUSED';

export interface LogOptions {
  /** An integer; default: one more than that of the last call. */
  readonly step?: number | undefined;
}

export interface FinishOptions {
  /** Default: COMPLETED; after a stop that was looked at, PAUSED, PRUNED or STOPPED by who asked for it. */
  readonly state?: TrialEnd | undefined;
  readonly message?: string | undefined;
  /** How long to wait for a server that is away; default 60. */
  readonly limitSeconds?: number | undefined;
}

/** What a training loop is told. */
export interface Verdict {
  readonly stop: boolean;
  /** It should stop for now: save a checkpoint with `saveCheckpoint`, and end. It may be resumed from there. */
  readonly pause: boolean;
  readonly reason: string | null;
}

type Told = number | readonly number[] | null;

export interface TrialSetup {
  readonly id: string;
  /** -1 when it is not known: offline. */
  readonly number: number;
  readonly experimentId: string;
  readonly attempt: number;
  readonly params: Params;
  /** What this attempt goes on from; null: it begins anew. */
  readonly checkpoint: Checkpoint | null;
  /** Null without replicates, and where it is not known. */
  readonly seed?: number | null | undefined;
  /** The metric that `report` logs. */
  readonly objective: string;
  /** False under a runner, which tells the outcome itself. */
  readonly tellsEnd: boolean;
  /** Null when disabled. */
  readonly recorder: Recorder | null;
  /** With the trial's own token; null when disabled or offline. */
  readonly client: Client | null;
  readonly finishSeconds?: number | undefined;
  warn(text: string): void;
}

export class Trial implements Unfinished, AsyncDisposable {
  readonly id: string;
  readonly number: number;
  readonly experimentId: string;
  readonly attempt: number;
  /** Hyperparameters: proposed values over the defaults given to `init`. */
  readonly params: Params;
  /** What this attempt goes on from, its own or its parent's; null: it begins anew. `loadCheckpoint` fetches its bytes. */
  readonly checkpoint: Checkpoint | null;
  /** What to seed randomness with, in a search that tries points several times; else null. */
  readonly seed: number | null;
  readonly #setup: TrialSetup;
  readonly #recorder: Recorder | null;
  readonly #keys = new Map<string, boolean>();
  readonly #warned = new Set<string>();
  #nextStep = 0;
  #isFinished = false;
  /** The loop was told that it should pause, and so an end without another word is one. */
  #knowsPause = false;

  constructor(setup: TrialSetup) {
    this.#setup = setup;
    this.id = setup.id;
    this.number = setup.number;
    this.experimentId = setup.experimentId;
    this.attempt = setup.attempt;
    this.params = setup.params;
    this.checkpoint = setup.checkpoint;
    this.seed = setup.seed ?? null;
    this.#recorder = setup.recorder;
    if (setup.recorder) watch(this);
  }

  /** True once the pruner, a person or a newer attempt wants this one to end, for now or for good. Reads a flag. */
  get shouldStop(): boolean {
    const stop = this.#recorder?.shouldStop ?? false;
    if (stop) this.#knowsPause = this.#recorder?.shouldPause ?? false;
    return stop;
  }

  /** True while it should stop for now only: save a checkpoint with `saveCheckpoint`, and end. */
  get shouldPause(): boolean {
    return this.shouldStop && this.#knowsPause;
  }

  /** Why it should stop; null while it should not. */
  get stopReason(): string | null {
    return this.#recorder?.stopReason ?? null;
  }

  get isFinished(): boolean {
    return this.#isFinished;
  }

  /** Records numbers of one step. Returns in microseconds, never throws, never waits; NaN and infinities are values. */
  log(data: Readonly<Record<string, unknown>>, options?: LogOptions): void {
    const recorder = this.#recorder;
    if (!recorder || this.#isFinished) return;
    try {
      const step = this.#stepOf(options?.step);
      const time = Date.now() / 1000;
      for (const key in data) this.#logOne(recorder, key, step, time, data[key]);
    } catch (error) {
      this.#warnOnce('log', `a value was not logged: ${String(error)}`);
    }
  }

  /** Records the objective's metric, and says what the server thinks of the trial by now. */
  report(value: number, options?: LogOptions): Verdict {
    this.log({ [this.#setup.objective]: value }, options);
    const stop = this.shouldStop;
    return { stop, pause: stop && this.#knowsPause, reason: stop ? this.stopReason : null };
  }

  /**
   * Uploads a file that a later attempt, or offspring, goes on from; null when recording is disabled or offline. The newest one
   * counts, and it counts once this resolves. @throws as `uploadArtifact`.
   */
  saveCheckpoint(path: string): Promise<Artifact | null> {
    return this.logArtifact(path, { name: 'checkpoint', kind: 'checkpoint' });
  }

  /** Writes the bytes of `checkpoint` to `path`, whole or not at all; false when there is none. @throws as `downloadArtifact`. */
  async loadCheckpoint(path: string): Promise<boolean> {
    if (this.checkpoint === null || this.#setup.client === null) return false;
    await downloadArtifact(this.#setup.client, this.checkpoint, path);
    return true;
  }

  /** Uploads a file; null when recording is disabled or offline. @throws as `uploadArtifact`. */
  async logArtifact(path: string, options: ArtifactOptions = {}): Promise<Artifact | null> {
    if (this.#setup.client) return uploadArtifact(this.#setup.client, this, path, options);
    if (this.#recorder) this.#warnOnce('artifact', `${path} is not uploaded: this trial is recorded offline`);
    return null;
  }

  /** Ends the trial with the value of its objective, or one value per objective in their order. */
  tell(value: number | readonly number[], options: FinishOptions = {}): Promise<void> {
    return this.#finish({ state: 'COMPLETED', ...options }, value);
  }

  /** Ends the trial, and resolves when the server has every number; what it cannot take in time stays in the spool. */
  finish(options: FinishOptions = {}): Promise<void> {
    return this.#finish(options, null);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.finish();
  }

  /** For the end of the process: blocks instead of waiting. */
  finishNow(ending: Ending, limitMs: number): void {
    if (!this.#recorder || !this.#begin()) return;
    const isPause = this.#knowsPause && ending.state === 'COMPLETED';
    const told = isPause ? { ...ending, state: 'PAUSED' as const } : ending;
    const end = this.#setup.tellsEnd || isPause ? { ...told, value: null } : null;
    const isDelivered = this.#recorder.finishNow(end, limitMs);
    if (!isDelivered) this.#setup.warn('not everything was sent; `trialgraph spool sync` sends what is left');
  }

  async #finish(options: FinishOptions, value: Told): Promise<void> {
    if (!this.#recorder || !this.#begin()) return;
    const seconds = options.limitSeconds ?? this.#setup.finishSeconds ?? DEFAULT_FINISH_SECONDS;
    const report = await this.#recorder.finish(this.#endRecord(options, value), seconds * 1000);
    if (report.refused > 0) this.#setup.warn(`${report.refused} points were refused: a newer attempt owns the trial`);
    if (!report.isDelivered && report.refused === 0 && this.#setup.client) {
      this.#setup.warn(`${report.unsent} points are not sent; \`trialgraph spool sync\` sends what is left`);
    }
  }

  /** Under a runner only a told value or a pause is worth a word: the runner tells the outcome. */
  #endRecord(options: FinishOptions, value: Told): Omit<EndRecord, 'type' | 'clientRequestId'> | null {
    const isPause = options.state === 'PAUSED' || (options.state === undefined && this.#knowsPause);
    if (!this.#setup.tellsEnd && value === null && !isPause) return null;
    const polite = this.#recorder?.shouldStop ? null : 'COMPLETED';
    const state = isPause ? 'PAUSED' : (options.state ?? polite);
    const message = options.message ?? null;
    if (typeof value === 'object' && value !== null)
      return { state, value: null, objectiveValues: value.map(encodeFloat), message };
    return { state, value: value === null ? null : encodeFloat(value), message };
  }

  #begin(): boolean {
    if (this.#isFinished) return false;
    this.#isFinished = true;
    unwatch(this);
    return true;
  }

  #logOne(recorder: Recorder, key: string, step: number, time: number, given: unknown): void {
    const value = toNumber(given);
    if (value !== null && (this.#keys.get(key) ?? this.#checkKey(key))) {
      recorder.add(key, step, time, value);
      return;
    }
    recorder.drop();
    if (value === null) this.#warnOnce(key, `${key} is not logged: ${typeof given} is not a number`);
  }

  #checkKey(key: string): boolean {
    const isLegal = key !== '' && Buffer.byteLength(key) <= MAX_KEY_BYTES && !CONTROL.test(key);
    this.#keys.set(key, isLegal);
    if (!isLegal)
      this.#setup.warn(`${key.slice(0, 40)} is not logged: a key has 1 to 256 bytes and no control characters`);
    return isLegal;
  }

  #stepOf(given: number | undefined): number {
    const isGiven = given !== undefined && Number.isSafeInteger(given);
    if (given !== undefined && !isGiven) this.#warnOnce('step', `step ${given} is not an integer; counting by itself`);
    const step = isGiven ? given : this.#nextStep;
    this.#nextStep = step + 1;
    return step;
  }

  #warnOnce(about: string, text: string): void {
    if (this.#warned.has(about)) return;
    this.#warned.add(about);
    this.#setup.warn(text);
  }
}

function toNumber(value: unknown): number | null {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint' || typeof value === 'boolean') return Number(value);
  if (typeof value !== 'object' || value === null) return null;
  const inner = value.valueOf(); // boxed numbers and scalars of numeric libraries
  return typeof inner === 'number' || typeof inner === 'bigint' ? Number(inner) : null;
}
