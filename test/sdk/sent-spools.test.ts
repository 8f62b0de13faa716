import { mkdtempSync, readdirSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { forgetOldSent, isSent } from '../../sdk/typescript/sent-spools.js';
import { Spool } from '../../sdk/typescript/spool.js';
import { aBatch, aHeader } from './support.js';

const HOUR_MS = 3_600_000;

test('what was sent stays for a day, and what was not stays', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sent-'));
  const [sent, old, waiting] = ['sent', 'old', 'waiting'].map((stream) => {
    const spool = Spool.create(folder, { ...aHeader(), stream });
    spool.append(aBatch(3));
    return spool;
  });
  sent?.keepSent();
  old?.keepSent();
  waiting?.close();
  const yesterday = new Date(Date.now() - 25 * HOUR_MS);
  for (const file of readdirSync(folder).filter((name) => name.includes('old') || name.includes('waiting')))
    utimesSync(join(folder, file), yesterday, yesterday);

  forgetOldSent(folder);

  const left = Spool.list(folder).map((name) => [name.split('.').at(-1), isSent(folder, name)]);
  expect(left).toEqual([
    ['sent', true],
    ['waiting', false],
  ]);
  expect(Spool.load(folder, sent?.name ?? '')?.end).toBe(3);
  forgetOldSent(folder, Date.now() + 25 * HOUR_MS);
  expect(Spool.list(folder)).toEqual([waiting?.name]);
});
