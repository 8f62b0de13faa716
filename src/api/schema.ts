/** Builds the schema of all rooms, and refuses one in which a field or type does not say who may use it. */
import type { GraphQLSchema } from 'graphql';
import { buildSchema } from 'type-graphql';
import { enforceAccess, findUnstated } from './access.js';
import { AlgorithmResolver, AlgorithmVersionResolver } from './algorithm/algorithm.resolver.js';
import { AnalysesResolver } from './analysis/analyses.resolver.js';
import { ExperimentAnalysisResolver } from './analysis/experiment-analysis.resolver.js';
import { ParameterContourResolver, ParameterSliceResolver } from './analysis/model-surface.resolver.js';
import { ApiKeyResolver } from './api-key/api-key.resolver.js';
import { ArtifactResolver } from './artifact/artifact.resolver.js';
import { DatasetResolver, DatasetVersionResolver } from './dataset/dataset.resolver.js';
import { EventResolver } from './event/event.resolver.js';
import { ExperimentResolver } from './experiment/experiment.resolver.js';
import { ParetoFrontResolver } from './experiment/pareto-front.resolver.js';
import { TrainingJobResolver } from './job/training-job.resolver.js';
import { LogResolver } from './log/log.resolver.js';
import { MethodResolver } from './method/method.resolver.js';
import { MetricResolver } from './metric/metric.resolver.js';
import { PointsResolver } from './metric/points.resolver.js';
import { SeriesGroupsResolver } from './metric/series-groups.resolver.js';
import { ResourcePoolResolver } from './pool/resource-pool.resolver.js';
import { ProjectResolver } from './project/project.resolver.js';
import { RunnerResolver } from './runner/runner.resolver.js';
import { ServerStatusResolver } from './server-status/server-status.resolver.js';
import { TrialResolver } from './trial/trial.resolver.js';
import { TrialConnectionResolver } from './trial/trial-connection.resolver.js';
import { TrialFacetsResolver } from './trial/trial-facets.resolver.js';
import { TrialsChangedResolver } from './trial/trials-changed.resolver.js';
import { UserResolver } from './user/user.resolver.js';
import { ViewerResolver } from './viewer/viewer.resolver.js';

const RESOLVERS: Parameters<typeof buildSchema>[0]['resolvers'] = [
  AlgorithmResolver,
  AlgorithmVersionResolver,
  AnalysesResolver,
  ApiKeyResolver,
  ArtifactResolver,
  DatasetResolver,
  DatasetVersionResolver,
  EventResolver,
  ExperimentAnalysisResolver,
  ExperimentResolver,
  LogResolver,
  MethodResolver,
  MetricResolver,
  ParameterContourResolver,
  ParameterSliceResolver,
  ParetoFrontResolver,
  PointsResolver,
  ProjectResolver,
  ResourcePoolResolver,
  RunnerResolver,
  ServerStatusResolver,
  SeriesGroupsResolver,
  TrainingJobResolver,
  TrialResolver,
  TrialConnectionResolver,
  TrialFacetsResolver,
  TrialsChangedResolver,
  UserResolver,
  ViewerResolver,
];

/** The schema with its access checks in place. @throws Error naming each field or type that states no access. */
export async function buildApiSchema(): Promise<GraphQLSchema> {
  const schema = await buildSchema({
    resolvers: RESOLVERS,
    validate: false,
    pubSub: { publish: refuse, subscribe: refuse },
  });
  const unstated = findUnstated(schema);
  if (unstated.length > 0) throw new Error(`no access is stated for ${unstated.join(', ')}: decorate with @Access`);
  enforceAccess(schema);
  return schema;
}

const refuse = (): never => {
  throw new Error('live data comes from the change feed');
};
