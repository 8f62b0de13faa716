/** When hyperparameters are fitted: a function of how many values are known, never of when somebody asked. */

/** Below this there is too little to start afresh from. */
const FIRST = 4;
const LONGEST_STEP = 8;

/** The greatest number of values, at most n >= 1, to which a fit belongs: each step is a twentieth, at most 8. */
export function scheduledFit(n: number): number {
  let at = 1;
  for (;;) {
    const step = Math.min(LONGEST_STEP, Math.max(1, Math.ceil(0.05 * at)));
    const next = Math.min(at + step, milestoneAfter(at));
    if (next > n) return at;
    at = next;
  }
}

/** The greatest milestone at most m: 4, 6, 8, 12, 16, 24 … There a fit looks afresh; between them it goes on from the last. */
export function milestoneUpTo(m: number): number {
  if (m <= FIRST) return m;
  let power = FIRST;
  while (2 * power <= m) power *= 2;
  return 1.5 * power <= m ? 1.5 * power : power;
}

function milestoneAfter(m: number): number {
  if (m < FIRST) return m + 1;
  const last = milestoneUpTo(m);
  return Number.isInteger(Math.log2(last)) ? 1.5 * last : (4 / 3) * last;
}
