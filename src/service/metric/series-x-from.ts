/** Which axis a reader asks for, checked. */
import { PlatformError } from '../../domain/errors.js';
import type { SeriesX } from '../../store/metrics/metric-store.js';

export type SeriesAxis = 'STEP' | SeriesX['axis'];

export interface SeriesXInput {
  readonly axis: SeriesAxis;
  /** Of the metric of METRIC. */
  readonly key?: string | null | undefined;
}

/** Null: by step. @throws INPUT_INVALID naming the argument */
export function seriesXFrom(input: SeriesXInput | null | undefined): SeriesX | null {
  if (input === null || input === undefined) return null;
  const { axis, key = null } = input;
  const invalid = (message: string) => new PlatformError('INPUT_INVALID', message);
  if (axis === 'METRIC') {
    if (key === null || key === '') throw invalid('x.key must name the metric that axis METRIC takes for x');
    return { axis, key };
  }
  if (key !== null) throw invalid(`x.key goes with axis METRIC only, not with ${axis}: leave it out`);
  return axis === 'STEP' ? null : { axis };
}
