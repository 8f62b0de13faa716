import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import type {
  Budget,
  Experiment,
  ExperimentState,
  Method,
  MetricConstraint,
  Objective,
  Replicates,
  Resources,
  Search,
  SearchRevision,
} from '../../domain/experiment.js';
import type { ExperimentId, ProjectId } from '../../domain/ids.js';
import type { ExperimentCost } from '../../service/experiment/load-costs.js';
import { Access } from '../access.js';
import { connectionType } from '../connection.js';
import { defineEnum } from '../enum.js';
import { Float64 } from '../scalars/float64.js';
import { ReplicatesType } from './replicates.type.js';

export const ExperimentStateEnum = defineEnum<ExperimentState>('ExperimentState', 'Whether an experiment goes on.', {
  ACTIVE: 'New trials may start.',
  PAUSED: 'No new trials start; running ones go on.',
  COMPLETED: 'The budget is spent or the space is exhausted.',
  STOPPED: 'A person ended it, or its trials kept failing alike.',
});

export const GoalEnum = defineEnum<Objective['goal']>('Goal', 'Which values of the objective are better.', {
  minimize: 'Smaller ones.',
  maximize: 'Larger ones.',
});

export const TakeEnum = defineEnum<Objective['take']>(
  'Take',
  'Which number of the metric becomes the value of a trial.',
  {
    last: 'The last one reported.',
    best: 'The best one reported.',
  },
);

@Access('viewer', 'trial')
@ObjectType('Objective', { description: 'What a search tries to make good.', simpleResolvers: true })
export class ObjectiveType implements Objective {
  @Field(() => String, { description: 'Name of the metric.' })
  metric!: string;

  @Field(() => GoalEnum, { description: 'Which values are better.' })
  goal!: Objective['goal'];

  @Field(() => TakeEnum, { description: 'Which number of the metric becomes the value of a trial.' })
  take!: Objective['take'];
}

export const BoundTakeEnum = defineEnum<MetricConstraint['take']>(
  'BoundTake',
  'Which number of a metric is held against its bound.',
  {
    last: 'The last one reported.',
    worst: 'The largest finite one of an upper bound, the smallest of a lower one.',
  },
);

@Access('viewer', 'trial')
@ObjectType('MetricConstraint', {
  description: 'A bound on a metric: a trial that breaks it is infeasible, and worse than any feasible one.',
  simpleResolvers: true,
})
export class MetricConstraintType implements MetricConstraint {
  @Field(() => String, { description: 'Name of the metric.' })
  metric!: string;

  @Field(() => Float64, {
    nullable: true,
    description: 'The largest number allowed; null where `atLeast` is the bound.',
  })
  atMost!: number | null;

  @Field(() => Float64, {
    nullable: true,
    description: 'The smallest number allowed; null where `atMost` is the bound.',
  })
  atLeast!: number | null;

  @Field(() => BoundTakeEnum, { description: 'Which number of the metric is held against it.' })
  take!: MetricConstraint['take'];
}

@Access('viewer', 'trial')
@ObjectType('Method', { description: 'A sampler or pruner with its options.', simpleResolvers: true })
export class MethodType implements Method {
  @Field(() => String, { description: 'Name of the method; see `Query.samplers` and `Query.pruners`.' })
  kind!: string;

  @Field(() => GraphQLJSONObject, { description: 'Its options by name, as they were given.' })
  options!: Readonly<Record<string, unknown>>;
}

export const WhenSpentEnum = defineEnum<Budget['whenSpent']>(
  'WhenSpent',
  'What becomes of trials that have not ended when hours, GPU hours or slot hours of the budget are spent.',
  {
    finish: 'They go on to their end.',
    stop: 'Waiting ones are stopped, running ones are asked to end.',
  },
);

@Access('viewer', 'trial')
@ObjectType('Budget', { description: 'How much a search may spend.', simpleResolvers: true })
export class BudgetType implements Budget {
  @Field(() => Int, { nullable: true, description: 'Most trials; null for no limit.' })
  maxTrials!: number | null;

  @Field(() => Int, { description: 'Most trials at the same time.' })
  maxParallel!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Hours since its creation after which no new trial is proposed; null for no limit.',
  })
  maxHours!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'GPU hours, which are GPUs times the hours that runners held its jobs, after which no new trial is proposed; null for no limit.',
  })
  maxGpuHours!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'The same of CPU slots: a limit for searches without GPUs; null for no limit.',
  })
  maxSlotHours!: number | null;

  @Field(() => WhenSpentEnum, { description: 'What becomes of trials that have not ended then.' })
  whenSpent!: Budget['whenSpent'];
}

@Access('viewer', 'trial')
@ObjectType('Search', {
  description: 'Everything that decides which trials an experiment proposes.',
  simpleResolvers: true,
})
export class SearchType implements Search {
  @Field(() => GraphQLJSONObject, { description: 'The search space as it was declared: a parameter by each name.' })
  space!: Readonly<Record<string, unknown>>;

  @Field(() => ObjectiveType, {
    description:
      'What it tries to make good: the first of `objectives`, which `Trial.value` is of and a pruner watches.',
  })
  objective!: Objective;

  @Field(() => [ObjectiveType], {
    description:
      'All that it tries to make good. With several there is no best trial, but a front: see `Experiment.paretoFront`.',
  })
  objectives!: readonly Objective[];

  @Field(() => [MetricConstraintType], { description: 'Bounds that good trials keep.' })
  metricConstraints!: readonly MetricConstraint[];

  @Field(() => ReplicatesType, {
    nullable: true,
    description: 'How often points are tried with different seeds; null: each once.',
  })
  replicates!: Replicates | null;

  @Field(() => MethodType, { description: 'What proposes trials.' })
  sampler!: Method;

  @Field(() => MethodType, { description: 'What ends trials early.' })
  pruner!: Method;

  @Field(() => BudgetType, { description: 'How much it may spend.' })
  budget!: Budget;

  @Field(() => String, { description: 'Seed of all proposals: the same history and seed give the same proposals.' })
  seed!: string;

  @Field(() => Int, {
    description:
      'How many trials in a row may fail alike by the training code before the search is stopped; 0 for any number.',
  })
  failureLimit!: number;

  @Field(() => Int, {
    description: 'Number of the revision that space and budget are of: 1, and one more with each change of them.',
  })
  revision!: number;

  @Field(() => Int, {
    description: 'Number of trials of other experiments that its models know, from the beginning or adopted later.',
  })
  warmTrials!: number;
}

@Access('viewer')
@ObjectType('SearchRevision', {
  description: 'Space and budget of a search between two changes of them.',
  simpleResolvers: true,
})
export class SearchRevisionType implements Omit<SearchRevision, 'experimentId' | 'fromSequence'> {
  @Field(() => Int, { description: '1, 2, 3 … in the order they were made.' })
  number!: number;

  @Field(() => Int, { description: 'Number of the first trial that it could propose.' })
  fromTrial!: number;

  @Field(() => GraphQLJSONObject, { description: 'The search space as it was declared.' })
  space!: Readonly<Record<string, unknown>>;

  @Field(() => BudgetType, { description: 'How much the search could spend.' })
  budget!: Budget;

  @Field(() => String, {
    nullable: true,
    description: 'Who made it, such as `user:` with an identifier; null of the first one.',
  })
  createdBy!: string | null;

  @Field(() => Date, { description: 'When it was made.' })
  createdAt!: Date;
}

@Access('viewer')
@ObjectType('ExperimentCost', { description: 'What an experiment has cost so far.', simpleResolvers: true })
export class ExperimentCostType implements ExperimentCost {
  @Field(() => Float, { description: 'Hours since its creation, of one that has ended until its end.' })
  hours!: number;

  @Field(() => Float, {
    description: 'GPUs times the hours that runners held its jobs. Scripts that run trials themselves hold none.',
  })
  gpuHours!: number;

  @Field(() => Float, { description: 'CPU slots times the hours that runners held its jobs.' })
  slotHours!: number;

  @Field(() => String, {
    nullable: true,
    description: 'The limit of its budget that is reached, such as `3.02 of 3 GPU hours`; null while it may propose.',
  })
  spent!: string | null;
}

@Access('viewer', 'trial')
@ObjectType('Resources', { description: 'What one attempt of a trial needs.', simpleResolvers: true })
export class ResourcesType implements Resources {
  @Field(() => Int, { description: 'Number of GPUs.' })
  gpus!: number;

  @Field(() => Int, { description: 'Number of CPU slots.' })
  slots!: number;

  @Field(() => Int, { nullable: true, description: 'Longest run in seconds; null for no limit.' })
  timeoutSeconds!: number | null;
}

@Access('viewer')
@ObjectType('TrialCounts', { description: 'Number of trials in each state.', simpleResolvers: true })
export class TrialCountsType {
  @Field(() => Int, { description: 'To be run.' })
  waiting!: number;

  @Field(() => Int, { description: 'Under way.' })
  running!: number;

  @Field(() => Int, { description: 'Ran to their end.' })
  completed!: number;

  @Field(() => Int, { description: 'Ended early by the pruner.' })
  pruned!: number;

  @Field(() => Int, { description: 'Ended by an error.' })
  failed!: number;

  @Field(() => Int, { description: 'Ended on request.' })
  stopped!: number;

  @Field(() => Int, { description: 'All trials.' })
  total!: number;
}

type Shown = Exclude<keyof Experiment, 'algorithmVersionId' | 'poolId' | 'nextNumber' | 'sequence'>;

@Access('viewer', 'trial')
@ObjectType('Experiment', {
  description: 'A question. Without a search it is a folder of tracked trials; with one, it proposes them.',
  simpleResolvers: true,
})
export class ExperimentType implements Pick<Experiment, Shown> {
  @Field(() => ID, { description: 'Identifier.' })
  id!: ExperimentId;

  @Field(() => ID, { description: 'The project that owns it.' })
  projectId!: ProjectId;

  @Field(() => String, { description: 'Name, unique in the project.' })
  name!: string;

  @Field(() => String, { description: 'Free text; may be empty.' })
  description!: string;

  @Field(() => ExperimentStateEnum, { description: 'Whether it goes on.' })
  state!: ExperimentState;

  @Field(() => SearchType, {
    nullable: true,
    description: 'What decides which trials are proposed; null when trials are tracked only.',
  })
  search!: Search | null;

  @Field(() => ResourcesType, { description: 'What one attempt of a trial needs.' })
  resources!: Resources;

  @Field(() => Date, { description: 'When it was created.' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When it was completed or stopped; null while it goes on.' })
  endedAt!: Date | null;
}

export const ExperimentConnection = connectionType<Experiment>('Experiment', 'experiments', () => ExperimentType, [
  'viewer',
]);
