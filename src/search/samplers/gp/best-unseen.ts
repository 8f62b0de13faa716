/** The search for the point that a proposal is made of: candidates, climbs from the best of them, and nobody there before. */

import type { Rng } from '../../math/rng.js';
import type { Spent } from '../unseen.js';
import type { Acquisition } from './acquisition.js';
import { drawCandidates, drawWithin } from './candidates.js';
import { type Box, type Climb, chooseStarts, climb, type Scored, scoreAll } from './climb.js';
import { type Features, paramsAt } from './features.js';

/** Climbs are rough at first: only the highest is worth its last digits. */
const ROUGH = { mostEvaluations: 20, valueTolerance: 1e-2 };
const FINE = { mostEvaluations: 40, valueTolerance: 1e-6 };

export interface Goal {
  readonly acquisition: Acquisition;
  /** Of the numeric columns, in shares of the range. [width] */
  readonly lengths: Float64Array;
  /** Points about which candidates are drawn, beside those all over the space. */
  readonly centres: readonly Float64Array[];
  /** Where the search stays, about the first of the centres; absent: all of the space. */
  readonly box?: Box;
  /** Rows of the largest model: the dearer a point is to score, the fewer are. */
  readonly size: number;
}

/** The best point that is not spent, of all that were looked at; null when all of them were. */
export function bestUnseen(
  features: Features,
  { acquisition, lengths, centres, box, size }: Goal,
  spent: Spent,
  rng: Rng,
): Scored | null {
  let best: Scored | null = null;
  const visit = (scored: Scored) => {
    if (best !== null && !(scored.score > best.score)) return;
    if (!spent.has(paramsAt(features, scored.point))) best = scored;
  };
  const task: Climb = { features, acquisition, lengths, visit, ...(box === undefined ? {} : { box }) };
  // A proposal may take some tens of milliseconds.
  const many = size <= 80 ? 512 : 256;
  const [centre] = centres;
  const points =
    box === undefined || centre === undefined
      ? drawCandidates(features, centres, lengths, many, rng.fork('candidates'))
      : drawWithin(features, box, centre, many, rng.fork('candidates'));
  const scores = scoreAll(task, points);
  const candidates = points.map((point, i): Scored => ({ point, score: scores[i] as number }));
  for (const candidate of candidates) visit(candidate);

  const count = size <= 150 ? 8 : size <= 300 ? 5 : 4;
  let highest: Scored | null = null;
  for (const start of chooseStarts(candidates, count, rng.fork('starts'))) {
    const reached = climb(task, start, ROUGH);
    visit(reached);
    if (highest === null || reached.score > highest.score) highest = reached;
  }
  if (highest !== null) visit(climb(task, highest, FINE));
  return best;
}
