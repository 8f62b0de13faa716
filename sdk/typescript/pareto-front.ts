/** The Pareto front of a search with several objectives, worked out by the server. */
import type { Client } from './client.js';
import { decodeColumn, decodeFloat } from './columns.js';
import { type Goal, ParetoFrontDocument } from './generated/operations.js';

export interface FrontOptions {
  /** One number per objective, in its unit; default a tenth beyond the worst of the front. */
  readonly reference?: readonly number[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ParetoFront {
  readonly objectives: readonly { readonly metric: string; readonly goal: Goal }[];
  /** Trial numbers, ascending. [n] */
  readonly numbers: Float64Array;
  /** A column per objective. [m][n] */
  readonly values: readonly Float64Array[];
  /** Number of the trial where the front bends most; null when it does not. */
  readonly knee: number | null;
  /** Up to where volumes are measured; empty while the front is. */
  readonly reference: readonly number[];
  /** One row per trial that made the dominated volume grow, in the order of ends; null where it takes too long to work out. */
  readonly hypervolume: {
    readonly numbers: Float64Array;
    /** How many trials had ended then. */
    readonly ended: Float64Array;
    readonly volumes: Float64Array;
  } | null;
}

/** Null with one objective, and without a search. @throws TrialgraphError, as the server says. */
export async function readFront(
  client: Client,
  experimentId: string,
  { reference, signal }: FrontOptions,
): Promise<ParetoFront | null> {
  const variables = { id: experimentId, reference: reference === undefined ? null : [...reference] };
  const { experiment } = await client.request(ParetoFrontDocument, variables, { signal });
  const front = experiment?.paretoFront;
  if (!front) return null;
  const { hypervolume } = front;
  return {
    objectives: experiment?.search?.objectives ?? [],
    numbers: decodeColumn(front.numbers),
    values: front.values.map(decodeColumn),
    knee: front.knee ?? null,
    reference: front.reference.map(decodeFloat),
    hypervolume: hypervolume
      ? {
          numbers: decodeColumn(hypervolume.numbers),
          ended: decodeColumn(hypervolume.ended),
          volumes: decodeColumn(hypervolume.volumes),
        }
      : null,
  };
}
