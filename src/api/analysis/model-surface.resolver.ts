/** The model beside the points that were observed: its own question, asked only when it is selected. */
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { analyse } from '../../service/analysis/analyse.js';
import type { Analysis } from '../../service/analysis/load-analyses.js';
import type { AnalysisAnswer } from '../../service/analysis/questions.js';
import type { SurfaceAnswer, SurfaceOptions } from '../../service/analysis/surface-of.js';
import type { Context } from '../context.js';
import { ModelSurfaceType, ParameterContourType, ParameterSliceType } from './parameters.type.js';

/** An answer, and what to ask the model about it. */
export type Modelled<Answer> = Answer & {
  readonly asked: { readonly analysis: Analysis; readonly options: SurfaceOptions };
};

/** The answer with what its `model` needs. Answers are shared: it is a new object. */
export function withModel<Answer>(answer: Answer, analysis: Analysis, options: SurfaceOptions): Modelled<Answer> {
  return { ...answer, asked: { analysis, options } };
}

/** A model costs some seconds when it is new. */
const MODEL = 400;
const DESCRIPTION = 'What a model expects there, to be drawn next to the points; asked only when it is selected.';

@Resolver(() => ParameterSliceType)
export class ParameterSliceResolver {
  @FieldResolver(() => ModelSurfaceType, { complexity: MODEL, description: DESCRIPTION })
  model(
    @Root() { asked: { analysis, options } }: Modelled<AnalysisAnswer<'slice'>>,
    @Ctx() { deps }: Context,
  ): Promise<SurfaceAnswer> {
    return analyse(deps, analysis, 'surface', options);
  }
}

@Resolver(() => ParameterContourType)
export class ParameterContourResolver {
  @FieldResolver(() => ModelSurfaceType, { complexity: MODEL, description: DESCRIPTION })
  model(
    @Root() { asked: { analysis, options } }: Modelled<AnalysisAnswer<'contour'>>,
    @Ctx() { deps }: Context,
  ): Promise<SurfaceAnswer> {
    return analyse(deps, analysis, 'surface', options);
  }
}
