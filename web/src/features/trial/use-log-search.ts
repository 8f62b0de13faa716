/** Matches among the lines that are on the server only: the console holds the last ones. */
import { useEffect, useState } from 'react';
import { decodeColumn, LogSearchDocument, type LogSearchQuery } from '../../../../sdk/typescript/browser.js';
import { messageOf, noteError, request } from '../../api/client.js';
import type { LogPlace } from '../../live/log-feed.js';
import { clean, type LogLine } from '../../live/log-store.js';

const PAGE = 500;
/** Lines that nobody reads on: the text is then made longer. */
const MOST = 5_000;
/** The search begins when typing pauses. */
const PAUSE_MS = 250;

export interface LogSearchState {
  readonly lines: readonly LogLine[];
  /** How much of the earlier lines was looked at, 0 to 1; null: nothing to look at. */
  readonly progress: number | null;
  /** Whether more lines match than are shown. */
  readonly isCut: boolean;
  readonly error: string | null;
}

const NOTHING: LogSearchState = { lines: [], progress: null, isCut: false, error: null };

/** Lines before number `before` that contain `text`; empty text finds none. */
export function useLogSearch(place: LogPlace | null, text: string, before: number): LogSearchState {
  const [state, setState] = useState<LogSearchState>(NOTHING);
  const [trialId, attempt] = [place?.trialId ?? null, place?.attempt ?? null];
  useEffect(() => {
    setState(NOTHING);
    if (trialId === null || attempt === null || text === '' || before === 0) return;
    const abort = new AbortController();
    setState({ ...NOTHING, progress: 0 });
    const timer = setTimeout(() => {
      search({ trialId, attempt, text, before }, setState, abort.signal).catch((reason: unknown) => {
        noteError(reason);
        if (!abort.signal.aborted) setState({ ...NOTHING, error: messageOf(reason) });
      });
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [trialId, attempt, text, before]);
  return state;
}

interface Wanted {
  readonly trialId: string;
  readonly attempt: number;
  readonly text: string;
  readonly before: number;
}

async function search(
  { before, ...wanted }: Wanted,
  show: (state: LogSearchState) => void,
  signal: AbortSignal,
): Promise<void> {
  const lines: LogLine[] = [];
  let after: string | null = null;
  for (let isOver = false; !isOver && !signal.aborted; ) {
    const { logSearch }: LogSearchQuery = await request(
      LogSearchDocument,
      { ...wanted, after, first: PAGE },
      { signal },
    );
    if (signal.aborted) return;
    const [seqs, times] = [decodeColumn(logSearch.seqs), decodeColumn(logSearch.times)];
    logSearch.lines.forEach((line, i) => {
      if ((seqs[i] ?? before) >= before) return;
      lines.push({ text: clean(line), source: logSearch.sources[i] ?? 'STDOUT', time: times[i] ?? Number.NaN });
    });
    isOver = !logSearch.hasMore || logSearch.searched >= before || lines.length >= MOST;
    const isCut = isOver && logSearch.hasMore && logSearch.searched < before;
    show({
      lines: [...lines],
      progress: isOver ? 1 : Math.min(1, logSearch.searched / before),
      isCut,
      error: null,
    });
    after = logSearch.cursor;
  }
}
