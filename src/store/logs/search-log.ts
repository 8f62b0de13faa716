/**
 * Search over a whole log, page by page. A segment is inflated on the thread pool and looked at as the text that was
 * stored; only one that may hold a match is parsed. A page looks at a bounded amount of text, so that a rare word in a
 * log of gigabytes neither times out nor holds the event loop.
 */
import { setImmediate } from 'node:timers/promises';
import type { Sql } from '../database.js';
import { encodePositions } from '../streams/positions.js';
import type { StoredSegment } from '../streams/stream-log.js';
import { parseLines, readText } from './log-codec.js';
import type { LogMatches, LogSearch, LogSource } from './log-store.js';
import { findStream, type StreamEnd, seqAfter } from './log-stream.js';

/** Text that one page looks at, give or take a segment: some 100 ms. */
const PAGE_CHARACTERS = 32 * 1024 * 1024;
const SEGMENTS_PER_READ = 16;
/** Lines that one segment holds at most, and more. */
const LONGEST_SEGMENT = 10_000;

/** Escape sequences of terminals: colours, cursor movements, titles. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
const ESCAPES = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;

const SEGMENTS = `/* log.search */ SELECT seq, n, data FROM log_segment
WHERE stream_id = $1 AND seq > $2::bigint - ${LONGEST_SEGMENT} AND seq < $3 AND seq + n > $2 ORDER BY seq LIMIT ${SEGMENTS_PER_READ}`;

export async function searchLog(sql: Sql, generation: string, query: LogSearch): Promise<LogMatches> {
  const stream = await findStream(sql, query);
  const start = seqAfter(query.after, generation, stream);
  const found: Match[] = [];
  if (stream === undefined) return pageOf(found, encodePositions('log', generation, new Map()), 0, 0);

  const matcher = matcherOf(query);
  let at = start;
  let room = PAGE_CHARACTERS;
  while (at < stream.nextSeq && room > 0 && found.length < query.first) {
    const rows = await sql.query<StoredSegment>(SEGMENTS, [stream.id, at, stream.nextSeq]);
    if (rows.length === 0) at = stream.nextSeq; // they are kept no longer
    for (const { seq, n, data } of rows) {
      const text = await readText(data);
      room -= text.length;
      const end = Math.min(seq + n, stream.nextSeq);
      at = matcher.mayMatch(text) ? takeMatches(found, query.first, matcher, { text, seq, from: at, end }) : end;
      if (room <= 0 || found.length >= query.first) break;
      await setImmediate(); // others before the next segment
    }
  }
  return pageOf(found, encodePositions('log', generation, new Map([[stream.id, at]])), at, stream.nextSeq);
}

interface Match {
  readonly seq: number;
  readonly line: string;
  readonly source: LogSource;
  readonly time: number;
}

interface Matcher {
  /** Whether the JSON of a segment may hold a match. */
  mayMatch(json: string): boolean;
  matches(line: string): boolean;
}

function matcherOf({ text, isCaseSensitive }: Pick<LogSearch, 'text' | 'isCaseSensitive'>): Matcher {
  // Upper case, since it does not look at neighbouring characters: what a line contains, its upper case contains.
  const fold = (some: string) => (isCaseSensitive ? some : some.toUpperCase());
  const needle = fold(text);
  const inJson = fold(JSON.stringify(text).slice(1, -1));
  return {
    mayMatch: (json) => json.includes('\\u001b') || fold(json).includes(inJson),
    matches: (line) => fold(line.replace(ESCAPES, '')).includes(needle),
  };
}

interface Stretch {
  readonly text: string;
  /** Number of the segment's first line. */
  readonly seq: number;
  /** Lines to look at: `[from, end)`. */
  readonly from: number;
  readonly end: number;
}

/** Where the search goes on: behind the stretch, or behind the match that filled the page. */
function takeMatches(found: Match[], most: number, matcher: Matcher, { text, seq, from, end }: Stretch): number {
  const { lines, sources, times } = parseLines(text);
  for (let at = from; at < end; at++) {
    const line = lines[at - seq] ?? '';
    if (!matcher.matches(line)) continue;
    found.push({ seq: at, line, source: sources[at - seq] ?? 'SYSTEM', time: times[at - seq] ?? Number.NaN });
    if (found.length === most) return at + 1;
  }
  return end;
}

function pageOf(found: readonly Match[], cursor: string, searched: number, total: StreamEnd['nextSeq']): LogMatches {
  return {
    cursor,
    seqs: Float64Array.from(found, ({ seq }) => seq),
    lines: found.map(({ line }) => line),
    sources: found.map(({ source }) => source),
    times: Float64Array.from(found, ({ time }) => time),
    searched,
    total,
    hasMore: searched < total,
  };
}
