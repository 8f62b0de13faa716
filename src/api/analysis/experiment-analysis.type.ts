import { Field, ObjectType } from 'type-graphql';
import type { Experiment } from '../../domain/experiment.js';
import type { Analysis } from '../../service/analysis/load-analyses.js';
import { Access } from '../access.js';
import { ExperimentType } from '../experiment/experiment.type.js';

@Access('viewer')
@ObjectType('ExperimentAnalysis', {
  description:
    'What the trials of an experiment say. Each answer is computed when it is first asked for after the experiment has moved on, and kept until it does again; throws QUERY_TOO_COSTLY when that takes too long, and INPUT_INVALID for a parameter or an objective that does not exist.',
})
export class ExperimentAnalysisType implements Pick<Analysis, 'experiment'> {
  @Field(() => ExperimentType, { description: 'The experiment.' })
  experiment!: Experiment;
}
