/** The patience rule: stop what has not improved for a while, or only then let another pruner decide. */

import { MethodError } from '../method-error.js';
import { type OptionsOf, parseOptions } from '../options.js';
import { asha } from './asha.js';
import { forecast } from './forecast/forecast.js';
import { hyperband } from './hyperband.js';
import { median } from './median.js';
import { none } from './none.js';
import { percentile } from './percentile.js';
import { brief, goOn, halt, isNaNAt, judgeLatest, type PrunerDefinition, type Rule, signOf } from './pruner.js';
import { wilcoxon } from './wilcoxon.js';

const INNER: Readonly<Record<string, PrunerDefinition>> = {
  none,
  median,
  percentile,
  wilcoxon,
  asha,
  hyperband,
  forecast,
};

const OPTIONS = [
  { name: 'patience', type: 'int', default: 5, min: 0, doc: 'Reports without an improvement that are tolerated.' },
  { name: 'minDelta', type: 'float', default: 0, min: 0, doc: 'By how much the newer values must be worse to count.' },
  {
    name: 'inner',
    type: 'choice',
    default: 'none',
    choices: ['none', 'median', 'percentile', 'wilcoxon', 'asha', 'hyperband', 'forecast'],
    doc: 'Who decides once patience has run out: none stops at once; the other options given are that pruner’s.',
  },
] as const;

/**
 * Reports that are NaN are left out of both parts, but a NaN as the last report stops the trial.
 * @source Prechelt, Early stopping - but when?, 1998, section 3 (strips without improvement); Optuna's patient pruner.
 */
export const patience: PrunerDefinition = {
  kind: 'patience',
  summary: 'Stops a trial that has got worse for a while, or lets another pruner decide only then.',
  source: 'Prechelt, Early stopping - but when?, 1998, doi:10.1007/3-540-49430-8_3',
  options: OPTIONS,
  create: (given) => {
    const [own, rest] = divide(given);
    const options = parseOptions(OPTIONS, own);
    const inner = innerOf(options.inner).create(rest);
    const isOut = judgeLatest((history, judged) => judgePatience(options, history, judged));
    return {
      judge: (history, trialNumber) => {
        const verdict = isOut(history, trialNumber);
        return verdict.code === 'PRUNE' && options.inner !== 'none' ? inner.judge(history, trialNumber) : verdict;
      },
    };
  },
};

const judgePatience: Rule<OptionsOf<typeof OPTIONS>> = ({ patience, minDelta }, history, { trial, step, value }) => {
  if (Number.isNaN(value)) return isNaNAt(step);
  const sign = signOf(history);
  const newer = leastOf(trial.reports.subarray(-(patience + 1)), sign);
  const older = leastOf(trial.reports.subarray(0, -(patience + 1)), sign);
  if (older === Infinity) return goOn(`${trial.reports.length} reports are too few to be out of patience`);
  const facts = `best of the last ${patience + 1} reports ${brief(sign * newer)} against ${brief(sign * older)} before them`;
  return newer - older > minDelta ? halt('PRUNE', facts) : goOn(facts);
};

/** The smallest value times `sign`; Infinity when there is none. */
function leastOf(values: Float64Array, sign: number): number {
  return values.reduce((least, value) => (Number.isNaN(value) ? least : Math.min(least, sign * value)), Infinity);
}

/** What is given for patience itself, and the rest, which is the inner pruner's. */
function divide(given: unknown): readonly [unknown, unknown] {
  if (given === undefined || given === null || typeof given !== 'object' || Array.isArray(given)) return [given, {}];
  const names: readonly string[] = OPTIONS.map((option) => option.name);
  const part = (isOwn: boolean) => Object.entries(given).filter(([name]) => names.includes(name) === isOwn);
  return [Object.fromEntries(part(true)), Object.fromEntries(part(false))];
}

function innerOf(kind: string): PrunerDefinition {
  const inner = INNER[kind];
  if (inner !== undefined) return inner;
  const kinds = Object.keys(INNER);
  throw new MethodError('METHOD_UNKNOWN', [{ path: 'inner', message: `must be one of ${kinds.join(', ')}` }], kinds);
}
