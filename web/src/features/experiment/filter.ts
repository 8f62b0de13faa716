/** The filter of the table: words, and comparisons such as `learning_rate > 0.01`. */
import type { TrialState } from '../../../../sdk/typescript/browser.js';
import type { TrialEntry } from '../../live/trial-store.js';
import { cellOf, type RowContext } from './columns.js';

type Test = (entry: TrialEntry, context: RowContext) => boolean;

const COMPARISON = /([^\s<>=!]+)\s*(<=|>=|!=|=|<|>)\s*("[^"]*"|[^\s,]+)/g;
const BUILT_IN = ['number', 'value', 'last', 'best', 'duration', 'attempt'];

/** Whether a trial passes; every comparison and every word must hold. */
export function filterOf(text: string, states: readonly TrialState[] | undefined): Test {
  const tests: Test[] = [];
  if (states) tests.push(({ trial }) => states.includes(trial.state));
  const rest = text.replace(COMPARISON, (_whole, name: string, operator: string, value: string) => {
    tests.push(comparison(name, operator, value.replace(/^"|"$/g, '')));
    return ' ';
  });
  for (const word of rest.toLowerCase().split(/[\s,]+/)) {
    if (word !== '' && word !== 'and') tests.push((entry) => textOf(entry).includes(word));
  }
  return (entry, context) => tests.every((test) => test(entry, context));
}

function comparison(name: string, operator: string, value: string): Test {
  const column = BUILT_IN.includes(name) || name.startsWith('param.') ? name : `param.${name}`;
  return (entry, context) => {
    const cell = cellOf(entry, column, context);
    if (cell === undefined || cell === null) return false;
    const number = Number(value);
    if (typeof cell === 'number' && !Number.isNaN(number)) return holds(cell - number, operator);
    return holds(String(cell).localeCompare(value), operator);
  };
}

function holds(difference: number, operator: string): boolean {
  if (operator === '=') return difference === 0;
  if (operator === '!=') return difference !== 0;
  if (operator === '<') return difference < 0;
  if (operator === '<=') return difference <= 0;
  if (operator === '>') return difference > 0;
  return difference >= 0;
}

function textOf({ trial }: TrialEntry): string {
  const params = Object.entries(trial.params).map(([name, value]) => `${name}=${String(value)}`);
  return `#${trial.number} ${trial.name ?? ''} ${trial.state} ${trial.cause ?? ''} ${trial.tags.join(' ')} ${params.join(' ')}`.toLowerCase();
}
