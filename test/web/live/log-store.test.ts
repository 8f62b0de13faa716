import { describe, expect, it } from 'vitest';

import { FrameSignal } from '../../../web/src/live/frame-signal.js';
import { clean, LogStore } from '../../../web/src/live/log-store.js';

const page = (firstSeq: number, lines: string[]) => ({
  firstSeq,
  lines,
  sources: lines.map(() => 'STDOUT' as const),
  times: Float64Array.from(lines, (_, i) => i),
});

describe('the log store', () => {
  it('holds lines of overlapping pages once', () => {
    const store = new LogStore(new FrameSignal((draw) => draw()));

    store.append(page(7, ['a', 'b']));
    store.append(page(8, ['b', 'c']));
    store.append(page(8, ['b', 'c']));

    expect(store.lines.map(({ text }) => text)).toEqual(['a', 'b', 'c']);
    expect(store.earlier).toBe(7);
  });
});

describe('clean', () => {
  it('takes colours and cursor movements out', () => {
    expect(clean('\u001b[32mok\u001b[0m \u001b[2Kdone')).toBe('ok done');
  });

  it('keeps what a progress bar wrote last', () => {
    expect(clean('10%\r20%\r30%\r')).toBe('30%');
  });
});
