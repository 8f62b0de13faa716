/** Reads what the address holds; anything unknown counts as absent. */

export type RawSearch = Readonly<Record<string, unknown>>;

/** A text; numbers of the address are texts too. Undefined when absent or empty. */
export function textOf(search: RawSearch, name: string): string | undefined {
  const value = search[name];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A number within [min, max], or undefined. */
export function numberOf(search: RawSearch, name: string, min: number, max: number): number | undefined {
  const value = Number(search[name] ?? Number.NaN);
  return value >= min && value <= max ? value : undefined;
}

/** True or undefined. */
export function flagOf(search: RawSearch, name: string): true | undefined {
  const value = search[name];
  return value === true || value === 1 || value === '1' || value === 'true' ? true : undefined;
}

/** Words separated by commas that are among `choices`; undefined when there is none. */
export function choicesOf<T extends string>(
  search: RawSearch,
  name: string,
  choices: readonly T[],
): readonly T[] | undefined {
  const words = String(search[name] ?? '').split(',');
  const chosen = choices.filter((choice) => words.includes(choice));
  return chosen.length > 0 ? chosen : undefined;
}
