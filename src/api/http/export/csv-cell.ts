/**
 * Cells of CSV (RFC 4180). Numbers parse back to the same float64. A text that a spreadsheet might take for a formula
 * gets an apostrophe in front, and so does one that begins with an apostrophe: take one away to have the text again.
 */

/** Tab and line ends too: spreadsheets skip them on their way to a formula. */
const FORMULA = /^[=+\-@\t\r\n']/;
/** Semicolons and tabs as well: some spreadsheets split at them. */
const QUOTED = /[",;\t\r\n]|^$|^\s|\s$/;

export const END_OF_ROW = '\r\n';

/** The shortest digits that parse back to the same bits; NaN, Infinity, -Infinity and -0 as these words. Null: an empty cell. */
export function numberCell(value: number | null | undefined): string {
  if (value === null || value === undefined) return '';
  return Object.is(value, -0) ? '-0' : String(value);
}

/** The text, harmless and quoted where it must be. Null is an empty cell, an empty text is `""`. */
export function textCell(text: string | null | undefined): string {
  if (text === null || text === undefined) return '';
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return QUOTED.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A hyperparameter's value. */
export function valueCell(value: string | number | boolean | null | undefined): string {
  if (typeof value === 'number') return numberCell(value);
  return textCell(value === null || value === undefined ? null : String(value));
}

/** ISO 8601, UTC, to the millisecond. */
export function timeCell(time: Date | null): string {
  return time === null ? '' : time.toISOString();
}
