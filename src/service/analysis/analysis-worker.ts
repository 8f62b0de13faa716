/** The worker thread of `worker-analyst.ts`. */
import { serveHistories } from '../search/serve-histories.js';
import { answerNow } from './questions.js';
import type { AnalystRequest } from './worker-analyst.js';

serveHistories(({ kind, options }: AnalystRequest, history) => answerNow(history, kind, options));
