/** How a method declares, parses and describes its options: one table feeds the checks, the API and the dashboard's form. */

import { MethodError } from './method-error.js';
import type { Problem } from './space/space-error.js';

interface Described {
  readonly name: string;
  /** One sentence: what it does, and when to change it. */
  readonly doc: string;
}

interface NumberOption extends Described {
  readonly type: 'int' | 'float';
  readonly default: number;
  /** Inclusive. */
  readonly min?: number;
  /** Inclusive. */
  readonly max?: number;
}

interface BooleanOption extends Described {
  readonly type: 'boolean';
  readonly default: boolean;
}

interface ChoiceOption extends Described {
  readonly type: 'choice';
  readonly default: string;
  readonly choices: readonly string[];
}

/** One option of a method. */
export type Option = NumberOption | BooleanOption | ChoiceOption;

/** The parsed options that a table declares, by name. */
export type OptionsOf<Table extends readonly Option[]> = {
  readonly [Row in Table[number] as Row['name']]: Row extends ChoiceOption
    ? Row['choices'][number]
    : Row extends BooleanOption
      ? boolean
      : number;
};

/**
 * The given options completed by defaults. `given` may be absent or null; a null value means the default.
 * @throws MethodError OPTIONS_INVALID with every problem, when an option is unknown, of another type or out of range.
 */
export function parseOptions<const Table extends readonly Option[]>(table: Table, given: unknown): OptionsOf<Table> {
  const names = table.map((option) => option.name);
  if (given !== undefined && given !== null && (typeof given !== 'object' || Array.isArray(given))) {
    throw new MethodError('OPTIONS_INVALID', [{ path: 'options', message: 'must be an object' }], names);
  }

  const values = new Map(Object.entries(given ?? {}).filter(([, value]) => value !== undefined && value !== null));
  const problems: Problem[] = [...values.keys()]
    .filter((name) => !names.includes(name))
    .map((path) => ({ path, message: `is not an option: use ${names.join(', ') || 'none, there are no options'}` }));
  for (const option of table) {
    const message = complaint(option, values.get(option.name) ?? option.default);
    if (message !== null) problems.push({ path: option.name, message });
  }
  if (problems.length > 0) throw new MethodError('OPTIONS_INVALID', problems, names);

  // The checks above are what the type states.
  return Object.fromEntries(
    table.map((option) => [option.name, values.get(option.name) ?? option.default]),
  ) as OptionsOf<Table>;
}

function complaint(option: Option, value: unknown): string | null {
  switch (option.type) {
    case 'boolean':
      return typeof value === 'boolean' ? null : 'must be true or false';
    case 'choice':
      return option.choices.includes(String(value)) ? null : `must be one of ${option.choices.join(', ')}`;
    case 'int':
    case 'float': {
      const { min = -Infinity, max = Infinity } = option;
      const isNumber = option.type === 'int' ? Number.isSafeInteger(value) : Number.isFinite(value);
      if (isNumber && Number(value) >= min && Number(value) <= max) return null;
      const range = `${min === -Infinity ? '' : ` >= ${min}`}${max === Infinity ? '' : ` <= ${max}`}`;
      return `must be ${option.type === 'int' ? 'a whole number' : 'a number'}${range}`;
    }
  }
}
