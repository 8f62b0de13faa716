import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, Float, ID, InputType, Int } from 'type-graphql';
import type { Budget, MetricConstraint, Objective } from '../../domain/experiment.js';
import type { AlgorithmVersionId, DatasetVersionId, ProjectId } from '../../domain/ids.js';
import { REQUEST_ID } from '../request-id.js';
import { Float64 } from '../scalars/float64.js';
import { BoundTakeEnum, GoalEnum, TakeEnum, WhenSpentEnum } from './experiment.type.js';
import { ReplicatesInputType } from './replicates.input.js';

@InputType('ObjectiveInput', { description: 'What a search shall make good.' })
export class ObjectiveInputType {
  @Field(() => String, { description: 'Name of the metric.' })
  metric!: string;

  @Field(() => GoalEnum, { description: 'Which values are better.' })
  goal!: Objective['goal'];

  @Field(() => TakeEnum, {
    nullable: true,
    description: 'Which number of the metric becomes the value of a trial. Unset: LAST.',
  })
  take?: Objective['take'] | null;
}

@InputType('MetricConstraintInput', {
  description: 'A bound on a metric that good trials keep: exactly one of `atMost` and `atLeast`.',
})
export class MetricConstraintInputType {
  @Field(() => String, { description: 'Name of the metric; each trial must report it.' })
  metric!: string;

  @Field(() => Float64, { nullable: true, description: 'The largest number allowed.' })
  atMost?: number | null;

  @Field(() => Float64, { nullable: true, description: 'The smallest number allowed.' })
  atLeast?: number | null;

  @Field(() => BoundTakeEnum, {
    nullable: true,
    description: 'Which number of the metric is held against it. Unset: LAST.',
  })
  take?: MetricConstraint['take'] | null;
}

@InputType('MethodInput', { description: 'A sampler or pruner with its options.' })
export class MethodInputType {
  @Field(() => String, { description: 'Name of the method; see `Query.samplers` and `Query.pruners`.' })
  kind!: string;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description: 'Options by name; what is not given has its default.',
  })
  options?: Record<string, unknown> | null;
}

@InputType('BudgetInput', { description: 'How much a search may spend.' })
export class BudgetInputType {
  @Field(() => Int, { nullable: true, description: 'Most trials. Unset: no limit.' })
  maxTrials?: number | null;

  @Field(() => Int, { nullable: true, description: 'Most trials at the same time. Unset: a default of the server.' })
  maxParallel?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Hours since its creation after which no new trial is proposed. Unset: no limit.',
  })
  maxHours?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'GPU hours (GPUs times hours held by runners) after which no new trial is proposed. Unset: no limit.',
  })
  maxGpuHours?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Slot hours (CPU slots times hours held by runners), the same without GPUs. Unset: no limit.',
  })
  maxSlotHours?: number | null;

  @Field(() => WhenSpentEnum, {
    nullable: true,
    description: 'What becomes of trials that have not ended when its hours of any kind are spent. Unset: FINISH.',
  })
  whenSpent?: Budget['whenSpent'] | null;
}

@InputType('ResourcesInput', { description: 'What one attempt of a trial needs.' })
export class ResourcesInputType {
  @Field(() => Int, { nullable: true, description: 'Number of GPUs. Unset: 0.' })
  gpus?: number | null;

  @Field(() => Int, { nullable: true, description: 'Number of CPU slots. Unset: 1.' })
  slots?: number | null;

  @Field(() => Int, { nullable: true, description: 'Longest run in seconds. Unset: no limit.' })
  timeoutSeconds?: number | null;
}

@InputType('SearchInput', { description: 'Everything that decides which trials are proposed.' })
export class SearchInputType {
  @Field(() => GraphQLJSONObject, { description: 'The search space: a parameter by each name.' })
  space!: Record<string, unknown>;

  @Field(() => ObjectiveInputType, {
    nullable: true,
    description: 'What it shall make good; give it or `objectives`.',
  })
  objective?: ObjectiveInputType | null;

  @Field(() => [ObjectiveInputType], {
    nullable: true,
    description: 'The things that it shall make good, 1 to 8; a pruner watches the first.',
  })
  objectives?: ObjectiveInputType[] | null;

  @Field(() => [MetricConstraintInputType], {
    nullable: true,
    description: 'Bounds that good trials keep, at most 16. Unset: none.',
  })
  metricConstraints?: MetricConstraintInputType[] | null;

  @Field(() => ReplicatesInputType, {
    nullable: true,
    description: 'How often points are tried with different seeds. Unset: each once.',
  })
  replicates?: ReplicatesInputType | null;

  @Field(() => MethodInputType, { nullable: true, description: 'What proposes trials. Unset: the default sampler.' })
  sampler?: MethodInputType | null;

  @Field(() => MethodInputType, { nullable: true, description: 'What ends trials early. Unset: none does.' })
  pruner?: MethodInputType | null;

  @Field(() => BudgetInputType, { nullable: true, description: 'How much it may spend.' })
  budget?: BudgetInputType | null;

  @Field(() => String, {
    nullable: true,
    description: 'Seed of all proposals. Unset: a random one, which can be read back.',
  })
  seed?: string | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'How many trials in a row may fail alike by the training code before the search is stopped; 0 for any number. Unset: 5.',
  })
  failureLimit?: number | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'Experiments, by path `project/experiment` or identifier, whose ended trials the models begin with, as they are now. Unset: none.',
  })
  warmStart?: string[] | null;
}

@InputType('ExperimentDatasetInput', { description: 'A dataset that an experiment uses.' })
export class ExperimentDatasetInputType {
  @Field(() => String, { description: 'What it is used as, e.g. `train`.' })
  channel!: string;

  @Field(() => ID, { description: 'The version of the dataset.' })
  datasetVersionId!: DatasetVersionId;
}

@InputType('CreateExperimentInput', {
  description:
    'A new experiment. Give `projectId` or `project`; give `algorithmVersionId` or `command` to have its trials run by runners.',
})
export class CreateExperimentInputType {
  @Field(() => ID, { nullable: true, description: 'The project that shall own it.' })
  projectId?: ProjectId | null;

  @Field(() => String, { nullable: true, description: 'Name of the project that shall own it; created when missing.' })
  project?: string | null;

  @Field(() => String, { description: 'Name, unique in the project.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'Free text.' })
  description?: string | null;

  @Field(() => SearchInputType, {
    nullable: true,
    description: 'What decides which trials are proposed. Unset: trials are tracked only.',
  })
  search?: SearchInputType | null;

  @Field(() => ID, { nullable: true, description: 'What runners execute for each trial.' })
  algorithmVersionId?: AlgorithmVersionId | null;

  @Field(() => [String], {
    nullable: true,
    description: 'What runners execute for each trial; registers an algorithm named like the experiment.',
  })
  command?: string[] | null;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description: 'Environment variables of the command by name; the values are strings. Not for secrets.',
  })
  environment?: Record<string, string> | null;

  @Field(() => String, { nullable: true, description: 'Folder that the command starts in, as the runner sees it.' })
  workingDirectory?: string | null;

  @Field(() => String, { nullable: true, description: 'Name of the pool whose runners execute it. Unset: `default`.' })
  pool?: string | null;

  @Field(() => ResourcesInputType, { nullable: true, description: 'What one attempt of a trial needs.' })
  resources?: ResourcesInputType | null;

  @Field(() => [ExperimentDatasetInputType], { nullable: true, description: 'The datasets that it uses.' })
  datasets?: ExperimentDatasetInputType[] | null;

  @Field(() => String, { nullable: true, description: REQUEST_ID })
  clientRequestId?: string | null;
}

@InputType('CreateExperimentFromFileInput', { description: 'A search file, and what shall override it.' })
export class CreateExperimentFromFileInputType {
  @Field(() => String, { description: 'The text of the file, YAML.' })
  text!: string;

  @Field(() => String, { nullable: true, description: 'Name of the project, instead of the one in the file.' })
  project?: string | null;

  @Field(() => String, { nullable: true, description: 'Name of the experiment, instead of the one in the file.' })
  name?: string | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Whether a name that is taken gets a suffix -2, -3 … instead of an error.',
  })
  unique!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Folder that the command starts in, instead of the one in the file.',
  })
  workingDirectory?: string | null;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description: 'Environment variables by name, over those in the file.',
  })
  environment?: Record<string, string> | null;

  @Field(() => String, { nullable: true, description: 'Seed, instead of the one in the file.' })
  seed?: string | null;

  @Field(() => String, { nullable: true, description: REQUEST_ID })
  clientRequestId?: string | null;
}
