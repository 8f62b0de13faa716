import { expect, it } from 'vitest';
import { type LogAck, type LogBatch, LogCarrier } from '../../src/runner/logs.js';

function carrier(
  answer: (batch: LogBatch) => LogAck = (batch) => ({ outcome: 'ACCEPTED', nextSeq: batch.seq + batch.lines.length }),
) {
  const batches: LogBatch[] = [];
  const logs = new LogCarrier({
    flushMs: 1,
    now: () => 1_000,
    send: async (batch) => {
      batches.push(batch);
      return answer(batch);
    },
  });
  return { logs, batches, lines: () => batches.flatMap((batch) => batch.lines) };
}

it('joins what a pipe cut in the middle of a line or of a character', async () => {
  const { logs, lines } = carrier();
  const bytes = Buffer.from('grüße\r\nzweite');

  for (const byte of bytes) logs.write('STDOUT', Buffer.from([byte]));
  await logs.close();

  expect(lines()).toEqual(['grüße', 'zweite']);
});

it('keeps the order of stdout and stderr and counts lines', async () => {
  const { logs, batches } = carrier();

  logs.write('STDOUT', Buffer.from('a\nb\n'));
  logs.write('STDERR', Buffer.from('c\n'));
  logs.note('ended');
  await logs.close();

  expect(batches[0]?.seq).toBe(0);
  expect(batches.flatMap((batch) => batch.sources)).toEqual(['STDOUT', 'STDOUT', 'STDERR', 'SYSTEM']);
  expect(logs.lastLines()).toBe('c');
});

it('sends a batch again until the server has it', async () => {
  let failures = 2;
  const { logs, batches, lines } = carrier((batch) => {
    if (failures-- > 0) throw new Error('away');
    return { outcome: 'ACCEPTED', nextSeq: batch.seq + batch.lines.length };
  });

  logs.write('STDOUT', Buffer.from('kept\n'));
  while (batches.length < 3) await new Promise((done) => setTimeout(done, 2));
  await logs.close();

  expect(lines()).toEqual(['kept', 'kept', 'kept']);
  expect(batches.map((batch) => batch.seq)).toEqual([0, 0, 0]);
});

it('goes on from the seq that the server expects', async () => {
  const { logs, batches } = carrier((batch) =>
    batch.seq === 0 ? { outcome: 'GAP', nextSeq: 7 } : { outcome: 'ACCEPTED', nextSeq: batch.seq + batch.lines.length },
  );

  logs.write('STDOUT', Buffer.from('x\n'));
  await logs.close();

  expect(batches.map((batch) => batch.seq)).toEqual([0, 7]);
});

it('falls silent once a newer attempt owns the trial', async () => {
  const { logs, batches } = carrier(() => ({ outcome: 'FENCED', nextSeq: 0 }));

  logs.write('STDOUT', Buffer.from('x\n'));
  await logs.close();
  logs.write('STDOUT', Buffer.from('y\n'));
  await logs.close();

  expect(batches).toHaveLength(1);
});

it('cuts a line that is too long, and says how long it was', async () => {
  const { logs, lines } = carrier();

  logs.write('STDOUT', Buffer.from(`${'é'.repeat(50_000)}\nnext\n`));
  await logs.close();

  expect(Buffer.byteLength(lines()[0] ?? '')).toBeLessThanOrEqual(64 * 1024);
  expect(lines()[0]).toMatch(/… 100000 bytes in all$/);
  expect(lines().at(-1)).toBe('next');
});

it('leaves out what cannot be kept in memory, and counts it', async () => {
  let isAway = true;
  const { logs, lines } = carrier((batch) => {
    if (isAway) throw new Error('away');
    return { outcome: 'ACCEPTED', nextSeq: batch.seq + batch.lines.length };
  });
  const line = 'z'.repeat(1_000);

  for (let i = 0; i < 20_000; i += 1) logs.write('STDOUT', Buffer.from(`${line}\n`));
  isAway = false;
  await logs.close();
  logs.write('STDOUT', Buffer.from('after\n'));
  await logs.close();

  const stored = new Set(lines());
  const mark = [...stored].find((text) => text.includes('lines left out'));
  const elided = Number(/(\d+) lines/.exec(mark ?? '')?.[1]);
  expect(elided).toBe(20_000 - Math.floor((16 * 1024 * 1024) / 1_000));
  expect(stored.has('after')).toBe(true);
});

it('counts what was left out at the very end', async () => {
  const { logs, lines } = carrier();
  const long = `${'x'.repeat(60_000)}\n`;

  logs.write('STDOUT', Buffer.from(long.repeat(300)));
  await logs.close();

  const kept = lines().filter((line) => line.startsWith('x')).length;
  expect(kept).toBeLessThan(300);
  expect(lines().at(-1)).toBe(`… ${300 - kept} lines left out: the job writes faster than they can be stored`);
});

it('takes the end of stdout for the message when stderr was silent', async () => {
  const { logs } = carrier();

  logs.write('STDOUT', Buffer.from('one\nloss is nan\n'));

  expect(logs.lastLines()).toBe('one\nloss is nan');
});
