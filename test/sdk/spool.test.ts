import { mkdtempSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Spool } from '../../sdk/typescript/spool.js';
import { aBatch, aHeader } from './support.js';

test('what one process appended another one reads, in order and with its end', () => {
  const { folder, spool } = aSpool();
  spool.append(aBatch(3));
  spool.append(aBatch(2));
  spool.restream('main.1', 5);
  spool.writeEnd({ clientRequestId: 'r', state: 'COMPLETED', value: 0.5, message: null });
  spool.close();

  const read = Spool.load(folder, spool.name);

  expect([read?.start, read?.end, read?.endRecord?.value]).toEqual([0, 5, 0.5]);
  expect([read?.batchAt(0)?.seq, read?.batchAt(2)?.seq, read?.batchAt(3)?.seq, read?.batchAt(5)]).toEqual([
    0,
    0,
    3,
    null,
  ]);
  expect([read?.streamAt(4).name, read?.streamAt(5).name]).toEqual(['main', 'main.1']);
});

test('a torn tail is dropped wherever the tear is, and what lies before it is kept', () => {
  const { folder, spool } = aSpool();
  spool.append(aBatch(3));
  spool.close();
  const whole = readFileSync(fileOf(folder)).length;
  const again = Spool.load(folder, spool.name);
  again?.append(aBatch(2));
  const { folder: other, spool: two } = aSpool();
  two.append(aBatch(3));
  two.append(aBatch(2));
  two.close();
  const full = readFileSync(fileOf(other)).length;

  for (let length = full - 1; length >= whole; length--) {
    truncateSync(fileOf(other), length);

    expect(Spool.load(other, two.name)?.end).toBe(3);
  }
});

test('a flipped bit fails its checksum and ends what is read', () => {
  const { folder, spool } = aSpool();
  spool.append(aBatch(3));
  spool.append(aBatch(2));
  spool.close();
  const bytes = readFileSync(fileOf(folder));
  bytes[bytes.length - 5] = (bytes[bytes.length - 5] ?? 0) ^ 1;
  writeFileSync(fileOf(folder), bytes);

  expect(Spool.load(folder, spool.name)?.end).toBe(3);
});

test('acknowledged segments are deleted but for the newest, which a rewind may ask for', () => {
  const { folder, spool } = aSpool();
  for (let i = 0; i < 150; i++) spool.append(aBatch(5000));

  spool.ack(spool.end - 1);

  expect(readdirSync(folder).length).toBeLessThan(8);
  expect(spool.start).toBeGreaterThan(0);
  expect(spool.batchAt(spool.start)?.seq).toBe(spool.start);
  expect(spool.batchAt(spool.end - 1)?.count).toBe(5000);
});

test('without a folder to write to, points stay in memory', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'spool-')), 'a-file');
  writeFileSync(file, '');

  const spool = Spool.create(file, aHeader());
  spool.append(aBatch(3));

  expect(spool.failure).not.toBeNull();
  expect(spool.batchAt(1)?.count).toBe(3);
});

test('removing leaves nothing', () => {
  const { folder, spool } = aSpool();
  spool.append(aBatch(3));

  spool.remove();

  expect(readdirSync(folder)).toEqual([]);
});

function aSpool(): { folder: string; spool: Spool } {
  const folder = mkdtempSync(join(tmpdir(), 'spool-'));
  return { folder, spool: Spool.create(folder, aHeader()) };
}

function fileOf(folder: string): string {
  return join(folder, readdirSync(folder)[0] ?? '');
}

test('what is written to a spool of another process stands behind its records, not over them', () => {
  const { folder, spool } = aSpool();
  spool.append(aBatch(3));
  spool.close();

  const read = Spool.load(folder, spool.name);
  read?.restream('main.1', 2);
  read?.close();

  const again = Spool.load(folder, spool.name);
  expect([again?.end, again?.streamAt(2).name]).toEqual([3, 'main.1']);
});
