import { describe, expect, it } from 'vitest';
import type { History } from '../../../src/search/history.js';
import { parseSpace } from '../../../src/search/space/parse-space.js';
import { HistoryReceiver, HistorySender, piecesOf } from '../../../src/service/search/history-memo.js';
import { everything, historyOf, trial } from '../../search/support.js';

/** Both ends, with what crosses between them cloned as a worker's messages are. */
function connect() {
  const [sender, receiver] = [new HistorySender(), new HistoryReceiver()];
  const cross = (key: string, history: History) => {
    const news = sender.newsOf(key, history);
    return { news, taken: receiver.take(structuredClone(news)) };
  };
  return { sender, cross };
}

const trials = [trial(0, { a: 1 }), trial(1, { a: 2 }), trial(2, { a: 3 }, { state: 'RUNNING' })];
const first = historyOf(everything, trials, { budget: 9 });

describe('a history that is sent again', () => {
  it('arrives as it is, though only what is new is sent', () => {
    const { cross } = connect();
    const before = cross('x', first);
    const ended = { ...trials[2]!, state: 'COMPLETED' as const, values: [1] };
    const next = historyOf(everything, [trials[0]!, trials[1]!, ended, trial(3, {})], { budget: 10 });

    const after = cross('x', next);

    expect([before.taken, after.taken]).toEqual([first, next]);
    expect(after.news.trials.changed.map(({ number }) => number)).toEqual([2, 3]);
    expect(after.news.head).toEqual({ seed: 'seed', directions: ['minimize'], budget: 10 });
  });

  it('keeps the objects of trials that did not change, so that what is remembered of them holds', () => {
    const { cross } = connect();
    const before = cross('x', first).taken;

    const after = cross('x', historyOf(everything, [...trials, trial(3, {})])).taken;

    expect(after.trials.slice(0, 3).every((one, i) => one === before.trials[i])).toBe(true);
    expect(after.space).toBe(before.space);
  });

  it('loses deleted trials, and those that a revision puts outside', () => {
    const { cross } = connect();
    cross('x', first);
    const space = parseSpace({ a: { kind: 'int', low: 2, high: 3 } });

    const { taken } = cross('x', { ...historyOf(space, [trials[1]!]), outside: [trials[0]!] });
    expect(taken).toEqual({ ...historyOf(space, [trials[1]!]), outside: [trials[0]!] });

    expect(cross('x', historyOf(space, [trials[0]!, trials[1]!])).taken).toEqual(
      historyOf(space, [trials[0]!, trials[1]!]),
    );
  });

  it('is told from others, of which the least used is forgotten and sent whole again', () => {
    const { cross } = connect();
    for (let i = 0; i <= 20; i++) cross(`history ${i}`, first);

    const again = cross('history 0', first);

    expect(again.news.trials.changed).toHaveLength(3);
    expect(again.taken).toEqual(first);
    expect(cross('history 20', first).news.trials.changed).toEqual([]);
  });

  it('is sent whole to another receiver', () => {
    const { sender, cross } = connect();
    cross('x', first);
    sender.reset();

    expect(new HistoryReceiver().take(sender.newsOf('x', first))).toEqual(first);
  });

  it('arrives in pieces as it would whole', () => {
    const [sender, receiver] = [new HistorySender(), new HistoryReceiver()];
    const send = (history: History, most: number) => {
      const pieces = piecesOf(sender.newsOf('x', history), most).map((piece) => structuredClone(piece));
      for (const piece of pieces.slice(0, -1)) receiver.learn(piece);
      return { count: pieces.length, taken: receiver.take(pieces.at(-1)!) };
    };
    const many = Array.from({ length: 7 }, (_, i) => trial(i, { a: i }));
    const whole = { ...historyOf(everything, many.slice(0, 5)), outside: many.slice(5) };

    expect(send(whole, 2)).toEqual({ count: 4, taken: whole });
    const fewer = { ...historyOf(everything, [...many.slice(1, 4), many[6]!]), outside: [many[0]!] };
    expect(send(fewer, 1).taken).toEqual(fewer);
    expect(send(fewer, 1).count).toBe(1);
  });
});
