/** Makes a Trial: a new one for a script, the leased one under a runner, one on disk when the server is away. */

import { hostname } from 'node:os';
import { Client } from './client.js';
import { NetworkError, NotFoundError } from './errors.js';
import {
  type StartedTrialFieldsFragment,
  StartTrialDocument,
  type StartTrialInput,
  TrialIdentityDocument,
  TrialObjectiveDocument,
} from './generated/operations.js';
import { Recorder } from './recorder.js';
import { newRequestId } from './request-id.js';
import { type GivenSettings, readSettings, type Settings } from './settings.js';
import type { OfflineTrial, SpoolHeader } from './spool.js';
import { type Params, Trial } from './trial.js';

const DEFAULT_OBJECTIVE = 'objective';
/** How long a leased trial waits for its hyperparameters. */
const LEASED_LIMIT_SECONDS = 120;
/** How long a script waits for the server before it records offline. */
const START_LIMIT_SECONDS = 10;

export interface InitOptions extends GivenSettings {
  /** Defaults; values that a search proposes win. */
  readonly params?: Params | undefined;
  readonly name?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  /** Resumes this trial with a new attempt. */
  readonly trialId?: string | undefined;
  /** How long `finish` waits for a server that is away; default 60. */
  readonly finishSeconds?: number | undefined;
}

/** What the parts below need of whoever starts trials. */
export interface Starter {
  readonly settings: Settings;
  readonly finishSeconds: number | undefined;
  warn(text: string): void;
}

/**
 * The trial of this process. A server that does not answer makes it an offline one.
 *
 * @throws the exception of the code when the server refuses; NetworkError under a runner when the params cannot be read.
 */
export async function initTrial(options: InitOptions, client?: Client): Promise<Trial> {
  const settings = readSettings(options);
  const starter = { settings, finishSeconds: options.finishSeconds, warn: warner(settings) };
  if (settings.mode === 'disabled') return new Trial(disabledSetup(options, starter));
  if (settings.mode === 'offline') return startOffline(options, starter, newRequestId());
  if (settings.trialId !== null && !options.trialId) return openLeased(settings.trialId, options, starter);
  return startOwn(options, starter, client);
}

/** The trial that a server started for us, recorded from now on. */
export function recordTrial(started: StartedTrialFieldsFragment, defaults: Params, starter: Starter): Trial {
  const { trial, attempt, token } = started;
  const { url } = starter.settings;
  return new Trial({
    id: trial.id,
    number: trial.number,
    experimentId: trial.experimentId,
    attempt,
    params: { ...defaults, ...trial.params },
    checkpoint: trial.checkpoint ?? null,
    seed: trial.seed ?? null,
    objective: trial.experiment.search?.objective.metric ?? DEFAULT_OBJECTIVE,
    tellsEnd: true,
    client: new Client({ url, apiKey: token }),
    recorder: openRecorder(starter, token, { trialId: trial.id, attempt, create: null }),
    finishSeconds: starter.finishSeconds,
    warn: starter.warn,
  });
}

/** Prints warnings of the SDK to stderr, unless it is told to be quiet. */
export function warner({ isQuiet }: Settings): (text: string) => void {
  return isQuiet ? () => undefined : (text) => console.warn(`trialgraph: ${text}`);
}

async function startOwn(options: InitOptions, starter: Starter, given: Client | undefined): Promise<Trial> {
  const { url, apiKey } = starter.settings;
  const client = given ?? new Client({ url, apiKey, retry: { limitSeconds: START_LIMIT_SECONDS } });
  const clientRequestId = newRequestId();
  try {
    const input = startInput(options, starter.settings, clientRequestId);
    const { startTrial } = await client.request(StartTrialDocument, { input });
    return recordTrial(startTrial, options.params ?? {}, starter);
  } catch (error) {
    if (!(error instanceof NetworkError) || options.trialId) throw error;
    starter.warn(
      `${error.message}; recording in ${starter.settings.spoolFolder}, to be sent by \`trialgraph spool sync\``,
    );
    return startOffline(options, starter, clientRequestId);
  }
}

function startInput(options: InitOptions, settings: Settings, clientRequestId: string): StartTrialInput {
  const common = {
    clientRequestId,
    params: options.params ?? {},
    name: options.name ?? null,
    tags: [...(options.tags ?? [])],
  };
  if (options.trialId) return { ...common, trialId: options.trialId };
  return { ...common, project: settings.project, experiment: settings.experiment };
}

async function openLeased(trialId: string, options: InitOptions, starter: Starter): Promise<Trial> {
  const { url, apiKey, attempt } = starter.settings;
  const client = new Client({ url, apiKey, retry: { limitSeconds: LEASED_LIMIT_SECONDS } });
  const [{ trial }, objective] = await Promise.all([
    client.request(TrialIdentityDocument, { id: trialId }),
    client.request(TrialObjectiveDocument, { id: trialId }, { retry: false }).catch(() => null), // only a name for `report`
  ]);
  if (!trial) throw new NotFoundError('NOT_FOUND', `trial ${trialId} does not exist`, 'never');
  return new Trial({
    id: trial.id,
    number: trial.number,
    experimentId: trial.experimentId,
    attempt,
    params: { ...options.params, ...trial.params },
    checkpoint: trial.checkpoint ?? null,
    seed: trial.seed ?? null,
    objective: objective?.trial?.experiment.search?.objective.metric ?? DEFAULT_OBJECTIVE,
    tellsEnd: false,
    client,
    recorder: openRecorder(starter, apiKey, { trialId, attempt, create: null }),
    finishSeconds: options.finishSeconds,
    warn: starter.warn,
  });
}

function startOffline(options: InitOptions, starter: Starter, clientRequestId: string): Trial {
  const { project, experiment } = starter.settings;
  const params = options.params ?? {};
  const create = { clientRequestId, project, experiment, params, name: options.name ?? null, tags: options.tags ?? [] };
  const recorder = openRecorder(starter, null, { trialId: null, attempt: 1, create });
  return new Trial({ ...disabledSetup(options, starter), id: clientRequestId, recorder, tellsEnd: true });
}

function disabledSetup(options: InitOptions, { warn }: Starter): ConstructorParameters<typeof Trial>[0] {
  const params = options.params ?? {};
  const nobody = { id: '', number: -1, experimentId: '', attempt: 1, params, objective: DEFAULT_OBJECTIVE };
  return { ...nobody, checkpoint: null, tellsEnd: false, recorder: null, client: null, warn };
}

function openRecorder(
  { settings, warn }: Starter,
  apiKey: string | null,
  whose: { trialId: string | null; attempt: number; create: OfflineTrial | null },
): Recorder {
  const stream = `sdk-${newRequestId().slice(0, 8)}`; // a name of its own: several processes may record one attempt
  const header: SpoolHeader = {
    type: 'spool',
    version: 1,
    url: settings.url,
    ...whose,
    stream,
    pid: process.pid,
    host: hostname(),
  };
  const isOffline = whose.trialId === null;
  return new Recorder({ url: settings.url, apiKey, isOffline, folder: settings.spoolFolder, header, warn });
}
