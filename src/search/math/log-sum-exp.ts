/** Terms so far below the largest are below a hundredth of its last digit. */
const NOTHING = 41;

/** ln of the sum of exp of the terms, without overflow; -Infinity when all are -Infinity. */
export function logSumExp(terms: Float64Array): number {
  let top = -Infinity;
  for (const term of terms) if (term > top) top = term;
  if (top === -Infinity) return -Infinity;

  let sum = 0;
  for (const term of terms) if (term > top - NOTHING) sum += Math.exp(term - top);
  return top + Math.log(sum);
}
