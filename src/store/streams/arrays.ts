/** Array parameters for Postgres as text: shorter and faster than the driver's, and -0 stays -0. Numbers and UUIDs only. */

/** A Postgres array literal of numbers; null stays NULL, -0, NaN and infinities are kept. */
export function numberArray(values: readonly (number | null)[]): string {
  let text = '{';
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number | null;
    if (i > 0) text += ',';
    text += value === null ? 'NULL' : floatText(value);
  }
  return `${text}}`;
}

/** A Postgres array literal of ids: text without characters that would need quotes. */
export function idArray(ids: readonly string[]): string {
  return `{${ids.join(',')}}`;
}

function floatText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}
