/** Which parameters are modelled jointly: those that were always active together. */

import type { Regime, Table } from '../../columns/table.js';

/** Indices of parameters in draw order. */
export type Block = readonly number[];

/**
 * The coarsest partition in which every regime (set of active parameters) is a union of blocks, in draw order. Parameters
 * that never were active, or have a single value, are in none.
 * @source the conditional groups of Optuna's TPE (Ozaki et al. JAIR 2022); arXiv:2601.20800.
 */
export function blocksOf(table: Table, rows: readonly number[]): readonly Block[] {
  const regimes = regimesOf(table, rows);
  const blocks = new Map<string, number[]>();
  for (const j of table.codecs.keys()) {
    if (table.codecs[j]?.levels === 1) continue;
    const signature = regimes.map(({ active }) => (active.includes(j) ? '1' : '0')).join('');
    if (!signature.includes('1')) continue;
    const block = blocks.get(signature);
    if (block === undefined) blocks.set(signature, [j]);
    else block.push(j);
  }
  return [...blocks.values()];
}

/**
 * Without groups: the parameters that every trial has, jointly, and each other one that was ever active by itself.
 * @source Optuna's multivariate TPE with `group` off.
 */
export function commonBlocks(table: Table, rows: readonly number[]): readonly Block[] {
  const regimes = regimesOf(table, rows);
  const isCommon = (j: number) => regimes.every(({ active }) => active.includes(j));
  const blocks = blocksOf(table, rows);
  const joint = blocks
    .flat()
    .filter(isCommon)
    .sort((a, b) => a - b);
  const rest = blocks.flat().filter((j) => !isCommon(j));
  return [...(joint.length === 0 ? [] : [joint]), ...rest.sort((a, b) => a - b).map((j) => [j])];
}

/** Those among the rows that have every parameter of the block. */
export function rowsWith(table: Table, block: Block, rows: readonly number[]): readonly number[] {
  const has = table.regimes.map(({ active }) => block.every((j) => active.includes(j)));
  return has.every(Boolean) ? rows : rows.filter((row) => has[table.regimeOf[row] ?? -1] === true);
}

/** The regimes among these rows. */
function regimesOf(table: Table, rows: readonly number[]): readonly Regime[] {
  const met = new Uint8Array(table.regimes.length);
  for (const row of rows) {
    const regime = table.regimeOf[row] ?? -1;
    if (regime >= 0) met[regime] = 1;
  }
  return table.regimes.filter((_, r) => met[r] === 1);
}
