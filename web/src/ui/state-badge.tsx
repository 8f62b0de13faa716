/** The state of a thing as a sign and a word; the sign's shape differs, so it reads without colour. */
import type { ReactNode } from 'react';
import { formatState } from './format.js';

const RUNNING = (
  <>
    <circle cx="6" cy="6" r="4.600" />
    <circle cx="6" cy="6" r="2" fill="currentColor" stroke="none" />
  </>
);
const WAITING = <circle cx="6" cy="6" r="4" strokeDasharray="2 2" />;
const FAILED = <path d="m3 3 6 6M9 3 3 9" />;
const STOPPED = <rect x="2.750" y="2.750" width="6.500" height="6.500" rx="1" />;

const SIGNS: Readonly<Record<string, ReactNode>> = {
  WAITING,
  PENDING: WAITING,
  ACTIVE: RUNNING,
  STARTING: RUNNING,
  RUNNING,
  COMPLETED: <path d="m2.500 6.500 2.500 2.500 4.500-5.500" />,
  PRUNED: <path d="M3 1.500v5a2 2 0 0 0 2 2h4M7 6.500l2 2-2 2" />,
  FAILED,
  LOST: FAILED,
  STOPPED,
  TERMINATED: STOPPED,
  TERMINATING: STOPPED,
  PREEMPTED: STOPPED,
  SILENT: RUNNING,
  PAUSED: <path d="M4.250 3v6M7.750 3v6" />,
};

export interface StateBadgeProps {
  readonly state: string;
  readonly isLarge?: boolean;
  /** Instead of the state's name. */
  readonly label?: string;
}

export function StateBadge({ state, isLarge = false, label }: StateBadgeProps) {
  return (
    <span className="tg-badge" data-state={state} data-size={isLarge ? 'large' : undefined}>
      <svg
        width="12"
        height="12"
        viewBox="0 0 12 12"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.600"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
      >
        {SIGNS[state] ?? SIGNS.WAITING}
      </svg>
      {label ?? formatState(state)}
    </span>
  );
}
