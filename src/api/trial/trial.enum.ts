import type { Contact } from '../../domain/contact.js';
import type { FailureCause, StopReason, TrialState } from '../../domain/trial.js';
import { defineEnum } from '../enum.js';

export type TrialEnd = 'COMPLETED' | 'PRUNED' | 'FAILED' | 'STOPPED' | 'PAUSED';

export const TrialStateEnum = defineEnum<TrialState>(
  'TrialState',
  'Where a trial stands. COMPLETED, PRUNED, FAILED and STOPPED are final.',
  {
    WAITING: 'To be run: new, queued for another attempt, or paused at a rung (see `paused`).',
    RUNNING: 'An attempt is under way.',
    COMPLETED: 'Ran to its end.',
    PRUNED: 'Ended early, since it did not look promising.',
    FAILED: 'Ended by an error.',
    STOPPED: 'Ended because a person or the end of the experiment asked for it.',
  },
);

export const TrialEndEnum = defineEnum<TrialEnd>('TrialEnd', 'How a script says that its trial ended.', {
  COMPLETED: 'Ran to its end.',
  PRUNED: 'Ended early on a verdict.',
  FAILED: 'Ended by an error.',
  STOPPED: 'Ended because it was asked to.',
  PAUSED: 'Was asked to pause, saved its checkpoint and ended for now: the trial waits, and may be resumed.',
});

export const FailureCauseEnum = defineEnum<FailureCause>(
  'FailureCause',
  'Why an attempt ended badly. Each cause has its own number of retries.',
  {
    USER_CODE: 'The training code failed: an exception or a non-zero exit code.',
    OOM: 'Out of memory, on the machine or on a GPU.',
    INFRASTRUCTURE: 'No fault of the code: a lost machine, GPU, disk or network.',
    PREEMPTED: 'The machine was taken away, as spot machines are.',
    TIMEOUT: 'Ran longer than its limit.',
    HANG: 'Alive, but silent for too long.',
    POISON: 'Its runner died while it ran, several times.',
  },
);

export const StopReasonEnum = defineEnum<StopReason>('StopReason', 'Who asked a trial to stop.', {
  PRUNER: 'The pruner: it did not look promising.',
  USER: 'A person.',
  EXPERIMENT: 'The experiment was stopped.',
});

export const ContactEnum = defineEnum<Contact>('Contact', 'How lately a running trial was heard from.', {
  LIVE: 'Lately.',
  DISCONNECTED: 'Not for a while; it may come back.',
  LOST: 'Not for long; it is likely dead.',
});
