/** Points and trials as files: streams of bounded memory, however much is stored. */
import type { FastifyRequest } from 'fastify';
import { PlatformError } from '../../domain/errors.js';
import type { ExperimentId, TrialId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import type { Deps } from '../../service/deps.js';
import { findExperiment } from '../../service/experiment/find-experiment.js';
import { exportMetrics } from '../../service/metric/export-metrics.js';
import { exportTrials } from '../../service/trial/export-trials.js';
import { findTrial } from '../../service/trial/find-trial.js';
import { assertGranted } from '../access.js';
import { identify } from '../auth.js';
import { type ExportQuery, readExportQuery } from './export/query.js';
import { begun, fileNameOf, sendDownload } from './export/send-pages.js';
import { callerOf, type RouteContext, route } from './route.js';

/** Registers `GET /export/metrics` and `GET /export/trials`, for those who may use `Query.series` and `Query.trials`. */
export function exportRoutes(context: RouteContext): void {
  const { deps } = context;

  route(context, {
    access: 'authenticated',
    method: 'GET',
    url: '/export/metrics',
    handler: async (request, reply) => {
      const { principal } = callerOf(request);
      assertGranted(['viewer', 'trial'], principal, 'GET /export/metrics');
      const query = readExportQuery(request.query, ['experiment', 'trial', 'keys', 'key', 'format']);
      const { experiment, trial, keys, format } = query;
      if ((experiment === null) === (trial === null))
        throw new PlatformError('INPUT_INVALID', 'give the id of an experiment or of a trial, one of the two');
      const scope = {
        experimentId: experiment as ExperimentId | null, // an id that is none is not found
        trialIds: trial === null ? null : [trial as TrialId],
        keys,
      };
      const pages = await begun(exportMetrics(deps, { ...scope, recheck: recheckOf(deps, request) }));
      const encoder = await format.load();
      return sendDownload(reply, deps, {
        fileName: fileNameOf([...(await namesOf(deps, principal, query)), 'metrics'], format.extension),
        mediaType: format.mediaType,
        bytes: encoder.metrics(pages),
      });
    },
  });

  route(context, {
    access: 'authenticated',
    method: 'GET',
    url: '/export/trials',
    handler: async (request, reply) => {
      const { principal } = callerOf(request);
      assertGranted(['viewer'], principal, 'GET /export/trials');
      const query = readExportQuery(request.query, ['experiment', 'where', 'keys', 'key', 'format']);
      const { experiment, where, keys, format } = query;
      if (experiment === null) throw new PlatformError('INPUT_INVALID', 'give the id of an experiment');
      const recheck = recheckOf(deps, request);
      const table = await exportTrials(deps, { experimentId: experiment, where, keys, recheck });
      const pages = await begun(table.pages);
      const encoder = await format.load();
      return sendDownload(reply, deps, {
        fileName: fileNameOf([...(await namesOf(deps, principal, query)), 'trials'], format.extension),
        mediaType: format.mediaType,
        bytes: encoder.trials({ ...table, pages }),
      });
    },
  });
}

/** Asked before every page: a key that is revoked while it downloads gets no more. */
function recheckOf(deps: Deps, request: FastifyRequest): () => Promise<Principal> {
  const { credential } = callerOf(request);
  return () => identify(deps, credential);
}

/** What the file is named after; the trial's token may see its experiment. */
async function namesOf(deps: Deps, principal: Principal, query: ExportQuery): Promise<string[]> {
  const trial = query.trial === null ? null : await findTrial(deps, principal, { id: query.trial });
  const id = query.experiment ?? trial?.experimentId ?? null;
  const experiment = id === null ? null : await findExperiment(deps, principal, { id });
  return [experiment?.name ?? 'experiment', ...(trial === null ? [] : [`trial-${trial.number}`])];
}
