/** Windows in steps and in time, and the points that lie in one. */

/** What is asked for, ends included; a bound that is absent or infinite bounds nothing. */
export interface Window {
  /** Steps. */
  readonly from: number;
  readonly to: number;
  /** Seconds since the epoch. */
  readonly fromTime?: number;
  readonly toTime?: number;
}

interface Columns {
  readonly steps: Float64Array;
  readonly times: Float64Array;
  readonly values: Float64Array;
}

export function timesOf({ fromTime, toTime }: Window): { readonly fromTime: number; readonly toTime: number } {
  return { fromTime: fromTime ?? Number.NEGATIVE_INFINITY, toTime: toTime ?? Number.POSITIVE_INFINITY };
}

/** The columns themselves when all of their points do. */
export function pick({ steps, times, values }: Columns, window: Window): Columns {
  const { from, to } = window;
  const { fromTime, toTime } = timesOf(window);
  const isIn = (i: number) => {
    const [step, time] = [steps[i] as number, times[i] as number];
    return step >= from && step <= to && time >= fromTime && time <= toTime;
  };
  let count = 0;
  for (let i = 0; i < steps.length; i++) if (isIn(i)) count++;
  if (count === steps.length) return { steps, times, values };
  const picked = { steps: new Float64Array(count), times: new Float64Array(count), values: new Float64Array(count) };
  let at = 0;
  for (let i = 0; i < steps.length; i++) {
    if (!isIn(i)) continue;
    picked.steps[at] = steps[i] as number;
    picked.times[at] = times[i] as number;
    picked.values[at++] = values[i] as number;
  }
  return picked;
}
