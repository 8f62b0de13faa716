/** Who answers questions about a history: this thread, or a worker that can be cut off. Both give the same answer. */

import type { ExperimentId } from '../../domain/ids.js';
import type { History } from '../../search/history.js';
import { type AnalysisAnswer, type AnalysisKind, type AnalysisOptions, answerNow } from './questions.js';

/** Plain data: it may travel to a worker. */
export interface AnalysisRequest<Kind extends AnalysisKind> {
  readonly kind: Kind;
  readonly options: AnalysisOptions<Kind>;
  readonly history: History;
  /** Whose history it is: what a worker knows of it already is not sent again. */
  readonly experimentId: ExperimentId;
}

export interface Analyst {
  /**
   * The answer: a function of the request alone.
   * @throws QUERY_TOO_COSTLY when it takes too long, OVERLOADED when too many wait, where that can be told.
   */
  answer<Kind extends AnalysisKind>(request: AnalysisRequest<Kind>): Promise<AnalysisAnswer<Kind>>;
  close(): Promise<void>;
}

/** Answers in this thread: for tests and scripts. It blocks. */
export const inlineAnalyst: Analyst = {
  answer: async ({ history, kind, options }) => answerNow(history, kind, options),
  close: async () => undefined,
};
