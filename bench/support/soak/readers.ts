/** A dashboard that somebody clicks through, and an export now and then, some of which are not waited for. */
import { refusalOf } from '../../../sdk/typescript/client.js';
import {
  ExperimentsDocument,
  LogLinesDocument,
  LogSearchDocument,
  SeriesDocument,
  SeriesGroupsDocument,
  TrialFacetsDocument,
  TrialGroupsDocument,
  TrialsDocument,
} from '../../../sdk/typescript/generated/operations.js';
import { type Ground, pick } from './ground.js';

const KEY = 'stream-0/metric-0';
/** More than any export takes. Not `AbortSignal.timeout`: Node 20 may collect it. */
const DOWNLOAD_LIMIT_MS = 30_000;
const WHERE = `metrics.\`${KEY}\`.max > 0.5 AND params.layers < 4`;

/** One look at something. */
export async function readOnce(ground: Ground, experimentIds: readonly string[]): Promise<void> {
  const { client, ledger, random } = ground;
  const experimentId = experimentIds[Math.floor(random() * experimentIds.length)] as string;
  const living = [...ledger.living.values()];
  const trialIds = living.slice(-20).map(({ id }) => id);
  const looks: readonly (readonly [number, () => Promise<unknown>])[] = [
    [2, () => client.request(ExperimentsDocument, { first: 20 })],
    [4, () => client.request(TrialsDocument, { experimentId, first: 50, where: random() < 0.5 ? WHERE : null })],
    [2, () => client.request(TrialFacetsDocument, { experimentId, fields: ['params.layers', 'state'] })],
    [2, () => client.request(TrialGroupsDocument, { experimentId, by: ['layers'], metricKeys: [KEY] })],
    [2, () => client.request(SeriesGroupsDocument, { experimentId, by: ['optimizer'], keys: [KEY] })],
    [4, () => client.request(SeriesDocument, { trialIds, keys: [KEY], maxPoints: 1_000 })],
    [2, () => client.request(LogLinesDocument, { trialId: trialIds[0] ?? null, attempt: 1, tail: 100 })],
    [1, () => client.request(LogSearchDocument, { trialId: trialIds[0] ?? null, attempt: 1, text: 'epoch 7' })],
    [1, () => download(ground, `trials?experiment=${experimentId}&format=csv`)],
    [1, () => download(ground, `metrics?trial=${trialIds[0]}&format=csv`)],
  ];
  if (trialIds.length > 0) await pick(random, looks)();
}

async function download({ random, server }: Ground, what: string): Promise<void> {
  const leaving = new AbortController();
  const late = new Error(`export/${what} was not over within ${DOWNLOAD_LIMIT_MS / 1_000} s`);
  const limit = setTimeout(() => leaving.abort(late), DOWNLOAD_LIMIT_MS);
  try {
    const response = await fetch(`${server.url}/export/${what}`, {
      headers: { authorization: `Bearer ${server.apiKey}` },
      signal: leaving.signal,
    });
    if (!response.ok) throw refusalOf(response.status, await response.text());
    if (random() < 0.3) await leave(response, leaving);
    else for await (const _ of response.body ?? []);
  } finally {
    clearTimeout(limit);
  }
}

/** Reads a little and is gone: what is left is neither read nor waited for. */
async function leave({ body }: Response, leaving: AbortController): Promise<void> {
  await body?.getReader().read();
  leaving.abort();
}
