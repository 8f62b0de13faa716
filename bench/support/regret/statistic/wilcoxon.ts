/**
 * Whether differences of problems lean to one side, by the signs of their ranks, and what many such questions at once leave
 * of the answer.
 * @source Wilcoxon 1945; zeros by Pratt 1959; Holm 1979.
 */
import { ranksOf } from './ranks.js';

/**
 * Two-sided p of no lean, exact: ranks of the differences' sizes, zeros ranked and then left out; all sign patterns are
 * equally likely. O(n^3) for n differences. 1 without any that is not 0.
 */
export function wilcoxon(differences: readonly number[]): number {
  const sizes = differences.map(Math.abs);
  // Twice the rank is whole, as ties share a half.
  const doubled = ranksOf(sizes).map((rank) => Math.round(2 * rank));
  const counted = doubled.filter((_, i) => sizes[i] !== 0);
  const positive = doubled.reduce((sum, rank, i) => sum + ((differences[i] ?? 0) > 0 ? rank : 0), 0);
  const total = counted.reduce((sum, rank) => sum + rank, 0);
  let chances = new Float64Array(total + 1);
  chances[0] = 1;
  for (const rank of counted) {
    const before = chances;
    chances = before.map((chance, sum) => (chance + (before[sum - rank] ?? 0)) / 2);
  }
  const least = Math.min(positive, total - positive);
  const tail = chances.reduce((sum, chance, at) => (at <= least ? sum + chance : sum), 0);
  return Math.min(1, 2 * tail);
}

/** The p of each question corrected for all that were asked, in their order. */
export function holm(ps: readonly number[]): readonly number[] {
  const order = ps.map((p, i) => ({ p, i })).sort((a, b) => a.p - b.p);
  const corrected = new Array<number>(ps.length).fill(1);
  let largest = 0;
  order.forEach(({ p, i }, place) => {
    largest = Math.max(largest, Math.min(1, p * (ps.length - place)));
    corrected[i] = largest;
  });
  return corrected;
}
