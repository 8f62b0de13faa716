import { expect, test } from 'vitest';
import { TrialSet } from '../../sdk/typescript/trial-set.js';

const NOTHING = { reset: false, entered: [], updated: [], left: [] };
const row = (id: string, value = 0) => ({ id, value });

test('what enters and what changes is put in place by id, in whatever order it comes', () => {
  const set = new TrialSet<ReturnType<typeof row>>();

  set.apply({ ...NOTHING, updated: [row('a', 1)] });
  set.apply({ ...NOTHING, entered: [row('a', 2), row('b')] });

  expect([...set.trials.values()]).toEqual([row('a', 2), row('b')]);
});

test('what leaves need not have been there, and a message told twice changes nothing', () => {
  const set = new TrialSet<ReturnType<typeof row>>();
  const message = { ...NOTHING, entered: [row('a')], left: ['b', 'unknown'] };
  set.apply({ ...NOTHING, entered: [row('b')] });

  set.apply(message);
  set.apply(message);

  expect([...set.trials.keys()]).toEqual(['a']);
});

test('a reset forgets all, then takes the message in', () => {
  const set = new TrialSet<ReturnType<typeof row>>();
  set.apply({ ...NOTHING, entered: [row('a'), row('b')] });

  set.apply({ ...NOTHING, reset: true, entered: [row('c')] });

  expect([...set.trials.keys()]).toEqual(['c']);
});
