/**
 * Histories that cross to a worker by what is new in them. The sender keeps what it has sent and says what to let go of, so
 * that both ends know the same without asking. A trial that is the same object as before is not sent again.
 */
import type { History, HistoryTrial } from '../../search/history.js';

/** What one message says of a history. */
export interface HistoryNews {
  /** Of which history. */
  readonly key: string;
  /** Histories that are not kept any longer. */
  readonly forget: readonly string[];
  /** All but the trials; without the space when it is as before. */
  readonly head: Omit<History, 'trials' | 'outside' | 'revisions' | 'space'> & Partial<Pick<History, 'space'>>;
  readonly trials: TrialNews;
  readonly outside: TrialNews;
}

interface TrialNews {
  /** Numbers of trials that are not there any more. */
  readonly gone: readonly number[];
  /** New trials, and those that are not what they were. */
  readonly changed: readonly HistoryTrial[];
}

type ByNumber = Map<number, HistoryTrial>;

interface Sent {
  space: History['space'] | null;
  readonly trials: ByNumber;
  readonly outside: ByNumber;
  /** Trials and their reports, counted. */
  size: number;
}

interface Kept {
  space: History['space'];
  readonly trials: ByNumber;
  readonly outside: ByNumber;
}

/** Histories that both ends keep, and trials and reports in all of them, some 50 MB: the oldest are let go of. */
const MOST = { histories: 20, size: 2_000_000 } as const;

const NOTHING: TrialNews = { gone: [], changed: [] };

/**
 * The same news in pieces of at most so many trials, to be learnt one after the other: while a message is written, its sender does
 * nothing else.
 */
export function piecesOf(news: HistoryNews, most: number): readonly HistoryNews[] {
  const { trials, outside } = news;
  if (trials.changed.length + outside.changed.length <= most) return [news];
  const { space: _, ...later } = news.head;
  const parts = [
    ...cut(trials, most).map((part) => ({ trials: part, outside: NOTHING })),
    ...cut(outside, most).map((part) => ({ trials: NOTHING, outside: part })),
  ];
  return parts.map((part, i) => (i === 0 ? { ...news, ...part } : { ...news, head: later, forget: [], ...part }));
}

function cut({ gone, changed }: TrialNews, most: number): readonly TrialNews[] {
  return Array.from({ length: Math.max(1, Math.ceil(changed.length / most)) }, (_, i) => ({
    gone: i === 0 ? gone : [],
    changed: changed.slice(i * most, (i + 1) * most),
  }));
}

/** The end that has the histories. */
export class HistorySender {
  /** The least recently used one comes first. */
  readonly #sent = new Map<string, Sent>();

  /** What to tell the other end, which is taken to be told. Linear in the number of trials. */
  newsOf(key: string, history: History): HistoryNews {
    const sent = this.#sent.get(key) ?? { space: null, trials: new Map(), outside: new Map(), size: 0 };
    this.#sent.delete(key);
    this.#sent.set(key, sent);
    const { space, trials, outside = [], revisions: _, ...rest } = history;
    const head = sent.space === space ? rest : { ...rest, space };
    sent.space = space;
    const news = { head, trials: compare(sent, 'trials', trials), outside: compare(sent, 'outside', outside) };
    return { key, forget: this.#forgetOthers(), ...news };
  }

  /** The other end is another one, and knows nothing. */
  reset(): void {
    this.#sent.clear();
  }

  #forgetOthers(): string[] {
    const forgotten: string[] = [];
    let size = 0;
    for (const sent of this.#sent.values()) size += sent.size;
    for (const [key, sent] of this.#sent) {
      if (this.#sent.size === 1 || (this.#sent.size <= MOST.histories && size <= MOST.size)) break;
      this.#sent.delete(key);
      size -= sent.size;
      forgotten.push(key);
    }
    return forgotten;
  }
}

/** The end that works with them. */
export class HistoryReceiver {
  readonly #kept = new Map<string, Kept>();

  /** The history as its sender has it, without revisions; trials that did not change are the same objects as before. */
  take(news: HistoryNews): History {
    const { head } = news;
    const kept = this.learn(news);
    const history = { ...head, space: kept.space, trials: inOrder(kept.trials) };
    return kept.outside.size === 0 ? history : { ...history, outside: inOrder(kept.outside) };
  }

  /** Takes in what is new, of which more is to come. */
  learn({ key, forget, head, trials, outside }: HistoryNews): Kept {
    for (const other of forget) this.#kept.delete(other);
    const before = this.#kept.get(key);
    const space = head.space ?? before?.space;
    if (space === undefined) throw new Error(`the history of ${key} came without its beginning`);
    const kept: Kept = before ?? { space, trials: new Map(), outside: new Map() };
    kept.space = space;
    this.#kept.set(key, kept);
    learn(kept.trials, trials);
    learn(kept.outside, outside);
    return kept;
  }
}

/** What is different from what was sent, which then is what is now. */
function compare(sent: Sent, which: 'trials' | 'outside', now: readonly HistoryTrial[]): TrialNews {
  const known = sent[which];
  const changed = now.filter((trial) => known.get(trial.number) !== trial);
  for (const trial of changed) {
    sent.size += sizeOf(trial) - sizeOf(known.get(trial.number));
    known.set(trial.number, trial);
  }
  if (known.size === now.length) return { gone: [], changed };
  const present = new Set(now.map(({ number }) => number));
  const gone = [...known.keys()].filter((number) => !present.has(number));
  for (const number of gone) {
    sent.size -= sizeOf(known.get(number));
    known.delete(number);
  }
  return { gone, changed };
}

function sizeOf(trial: HistoryTrial | undefined): number {
  return trial === undefined ? 0 : 1 + trial.reports.length;
}

function learn(kept: ByNumber, { gone, changed }: TrialNews): void {
  for (const number of gone) kept.delete(number);
  for (const trial of changed) kept.set(trial.number, trial);
}

function inOrder(kept: ByNumber): HistoryTrial[] {
  return [...kept.values()].sort((a, b) => a.number - b.number);
}
