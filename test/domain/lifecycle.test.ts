import { describe, expect, it } from 'vitest';
import {
  type AttemptOutcome,
  causeOf,
  endsInPause,
  isJobFinished,
  isPaused,
  isTrialFinished,
  trialStateAfter,
} from '../../src/domain/lifecycle.js';
import type { FailureCause, StopReason, TrialState } from '../../src/domain/trial.js';

type Row = readonly [
  AttemptOutcome,
  FailureCause | null,
  StopReason | null,
  Partial<Record<FailureCause, number>>,
  TrialState,
];

const ROWS: readonly Row[] = [
  ['COMPLETED', null, null, {}, 'COMPLETED'],
  ['COMPLETED', null, 'PRUNER', {}, 'PRUNED'],
  ['COMPLETED', null, 'USER', {}, 'STOPPED'],
  ['COMPLETED', null, 'EXPERIMENT', {}, 'STOPPED'],
  ['COMPLETED', 'OOM', null, {}, 'COMPLETED'],
  ['FAILED', null, null, {}, 'FAILED'],
  ['FAILED', 'USER_CODE', null, {}, 'FAILED'],
  ['FAILED', 'OOM', null, {}, 'FAILED'],
  ['FAILED', 'TIMEOUT', null, {}, 'FAILED'],
  ['FAILED', 'HANG', null, {}, 'WAITING'],
  ['FAILED', 'HANG', null, { HANG: 1 }, 'FAILED'],
  ['FAILED', 'INFRASTRUCTURE', null, { INFRASTRUCTURE: 4 }, 'WAITING'],
  ['FAILED', 'INFRASTRUCTURE', null, { INFRASTRUCTURE: 5 }, 'FAILED'],
  ['FAILED', 'USER_CODE', 'PRUNER', {}, 'PRUNED'],
  ['FAILED', 'OOM', 'PRUNER', {}, 'PRUNED'],
  ['FAILED', 'USER_CODE', 'USER', {}, 'STOPPED'],
  ['FAILED', 'USER_CODE', 'EXPERIMENT', {}, 'STOPPED'],
  ['TERMINATED', null, null, {}, 'STOPPED'],
  ['TERMINATED', null, 'USER', {}, 'STOPPED'],
  ['TERMINATED', null, 'EXPERIMENT', {}, 'STOPPED'],
  ['TERMINATED', null, 'PRUNER', {}, 'PRUNED'],
  ['PREEMPTED', 'PREEMPTED', null, { PREEMPTED: 1_000 }, 'WAITING'],
  ['PREEMPTED', null, null, {}, 'WAITING'],
  ['PREEMPTED', 'USER_CODE', null, {}, 'WAITING'],
  ['PREEMPTED', 'PREEMPTED', 'USER', {}, 'STOPPED'],
  ['PREEMPTED', 'PREEMPTED', 'PRUNER', {}, 'PRUNED'],
  ['LOST', null, null, {}, 'WAITING'],
  ['LOST', 'USER_CODE', null, {}, 'WAITING'],
  ['LOST', 'INFRASTRUCTURE', null, { INFRASTRUCTURE: 4, USER_CODE: 9 }, 'WAITING'],
  ['LOST', 'INFRASTRUCTURE', null, { INFRASTRUCTURE: 5 }, 'FAILED'],
  ['LOST', 'POISON', null, { INFRASTRUCTURE: 5 }, 'WAITING'],
  ['LOST', 'POISON', null, { POISON: 1 }, 'WAITING'],
  ['LOST', 'POISON', null, { POISON: 2 }, 'FAILED'],
  ['LOST', 'INFRASTRUCTURE', 'USER', {}, 'STOPPED'],
  ['LOST', 'INFRASTRUCTURE', 'EXPERIMENT', {}, 'STOPPED'],
  ['LOST', 'POISON', 'PRUNER', { POISON: 2 }, 'PRUNED'],
];

describe('trialStateAfter', () => {
  it.each(ROWS)('%s by %s, asked to stop by %s, after %o: %s', (outcome, cause, stopReason, earlier, state) => {
    expect(trialStateAfter({ outcome, cause, stopReason, earlier })).toBe(state);
  });
});

describe('causeOf', () => {
  it.each([
    ['COMPLETED', 'OOM', null],
    ['TERMINATED', 'USER_CODE', null],
    ['FAILED', null, 'USER_CODE'],
    ['FAILED', 'HANG', 'HANG'],
    ['PREEMPTED', 'USER_CODE', 'PREEMPTED'],
    ['LOST', 'USER_CODE', 'INFRASTRUCTURE'],
    ['LOST', 'POISON', 'POISON'],
  ] as const)('%s told with %s counts as %s', (outcome, told, counted) => {
    expect(causeOf(outcome, told)).toBe(counted);
  });
});

it('knows which states are final', () => {
  expect((['WAITING', 'RUNNING', 'COMPLETED', 'PRUNED', 'FAILED', 'STOPPED'] as const).filter(isTrialFinished)).toEqual(
    ['COMPLETED', 'PRUNED', 'FAILED', 'STOPPED'],
  );
  const jobs = [
    'PENDING',
    'STARTING',
    'RUNNING',
    'TERMINATING',
    'COMPLETED',
    'FAILED',
    'TERMINATED',
    'PREEMPTED',
    'LOST',
  ] as const;
  expect(jobs.filter(isJobFinished)).toEqual(['COMPLETED', 'FAILED', 'TERMINATED', 'PREEMPTED', 'LOST']);
});

describe('a pause', () => {
  const asked = { stopReason: null, pausing: 'waits at rung 3', pauseObeyed: false } as const;

  it.each([
    ['is the end of a program that was asked to, and said that it obeys', { ...asked, pauseObeyed: true }, true],
    ['is not the end of one that did not hear', asked, false],
    ['is none when a stop was asked for since', { ...asked, stopReason: 'USER', pauseObeyed: true }, false],
    ['is none when nobody asked', { ...asked, pausing: null, pauseObeyed: true }, false],
  ] as const)('%s', (_, trial, expected) => {
    expect(endsInPause(trial)).toBe(expected);
  });

  it('lasts until the trial was resumed as often as it was paused', () => {
    const trial = { state: 'WAITING', pausedAt: [3, 7], resumedAt: [5] } as const;

    expect(isPaused(trial)).toBe(true);
    expect(isPaused({ ...trial, resumedAt: [5, 9] })).toBe(false);
    expect(isPaused({ ...trial, state: 'PRUNED' })).toBe(false);
  });
});
