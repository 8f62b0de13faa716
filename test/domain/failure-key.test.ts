import { describe, expect, it } from 'vitest';
import { failureKey } from '../../src/domain/failure-key.js';

describe('failureKey', () => {
  it.each([
    ['numbers', 'loss is nan for lr=0.0123, x=-4', 'loss is nan for lr=1e-05, x=17'],
    ['addresses', '<object at 0x7f3a10c2>', '<object at 0x55d0aa01>'],
    ['ids', 'no file 0192f0c4-7d1e-7000-8a3b-1f2e3d4c5b6a', 'no file 0192f0c4-7d1f-7000-9a3b-aaaaaaaaaaaa'],
    ['hashes', 'checkpoint 9f86d081884c7d65 is broken', 'checkpoint 2c26b46b68ffc68f is broken'],
    ['paths', 'FileNotFoundError: /tmp/trial-12/out.csv', 'FileNotFoundError: /tmp/trial-9/out.csv'],
    ['spaces', 'a\n  b', 'a b'],
  ])('is the same for messages that differ in %s', (_, one, other) => {
    expect(failureKey(one)).toBe(failureKey(other));
  });

  it('is another one for another failure', () => {
    expect(failureKey('KeyError: lr')).not.toBe(failureKey('KeyError: layers'));
    expect(failureKey('exit code 1')).not.toBe(failureKey('exit code 2'));
    expect(failureKey('exit code 1')).toBe(failureKey(' exit code 1\n'));
    expect(failureKey('facade 1')).not.toBe(failureKey('decade 1'));
  });

  it('is null where there is nothing to compare', () => {
    expect([failureKey(null), failureKey(''), failureKey(' \n')]).toEqual([null, null, null]);
    expect(failureKey('NAN_OBJECTIVE: the objective loss is NaN')).toBeNull();
  });

  it('reads a long message in linear time', () => {
    expect(failureKey(`${'1'.repeat(60_000)}x`)).toBe('#');
    expect(failureKey('a1'.repeat(30_000))).toBeTypeOf('string');
  });
});
