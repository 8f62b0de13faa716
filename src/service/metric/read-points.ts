import { PlatformError } from '../../domain/errors.js';
import type { Principal } from '../../domain/roles.js';
import type { SeriesPoints } from '../../store/metrics/metric-store.js';
import type { Deps } from '../deps.js';
import { requireScope } from './places.js';
import { type ScopeInput, scopeFrom } from './scope-from.js';

/** Points that one page may hold. */
export const MAX_PAGE_POINTS = 100_000;

export interface ReadPointsInput extends ScopeInput {
  /** A cursor of an earlier page, of `readSeries` or of `followMetrics`; absent: from the first point stored. */
  readonly after?: string | null | undefined;
  /** 1 to 100,000. A batch is not cut before it is compacted: a page may hold up to 10,000 points more. */
  readonly limit: number;
}

export interface PointsPage {
  /** Where to go on: with the next page, or with `followMetrics`. */
  readonly cursor: string;
  /** Whether more is stored. A page can be empty and say so: points of other keys count towards the limit. */
  readonly more: boolean;
  /** Never bucketed; each in stored order. */
  readonly series: readonly SeriesPoints[];
}

/**
 * Points as they were stored, bit for bit, page by page: no gap and no duplicate, while new ones arrive too.
 * @throws NOT_FOUND, FORBIDDEN, CURSOR_INVALID, CURSOR_EXPIRED, INPUT_INVALID; LIMIT_EXCEEDED above 100,000 points, 1,000 trials or 200 keys.
 */
export async function readPoints(deps: Deps, principal: Principal, input: ReadPointsInput): Promise<PointsPage> {
  const { scope, keys } = scopeFrom(input);
  const limitPoints = checkLimit(input.limit);
  await requireScope(deps, principal, scope);
  const { cursor, more, series } = await deps.metrics.readTail({
    scope,
    keys,
    after: input.after ?? null,
    limitPoints,
  });
  return { cursor, more, series };
}

function checkLimit(limit: number): number {
  if (!Number.isInteger(limit) || limit < 1)
    throw new PlatformError('INPUT_INVALID', `limit must be 1 to ${MAX_PAGE_POINTS}`);
  if (limit > MAX_PAGE_POINTS)
    throw new PlatformError('LIMIT_EXCEEDED', `limit may be at most ${MAX_PAGE_POINTS}; read on with after`, {
      limit: MAX_PAGE_POINTS,
    });
  return limit;
}
