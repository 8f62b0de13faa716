/** Which names people may give. A name is shown, searched and compared; it never becomes a path, SQL or code. */
import { PlatformError } from './errors.js';

export const MAX_NAME_BYTES = 512;

/** Controls, format characters (bidi overrides, zero width), lone surrogates, and line or paragraph separators. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;
/** Joiners that emoji and some scripts need inside a word. */
const JOINERS = /(?<=\S)[\u200c\u200d](?=\S)/gu;
const DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$/i;

/**
 * The name in Unicode's composed form (NFC): two spellings that look alike are one name. `what` is what it names, for
 * the message, e.g. `project name`.
 * @throws NAME_INVALID.
 */
export function checkName(name: string, what = 'name'): string {
  const composed = name.normalize('NFC');
  const problem = problemOf(composed);
  if (problem !== null) throw new PlatformError('NAME_INVALID', `the ${what} ${problem}`, { what });
  return composed;
}

/** What is wrong with a composed name, in words that follow it, or null. */
function problemOf(name: string): string | null {
  if (name.length === 0) return 'may not be empty';
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) return `may be at most ${MAX_NAME_BYTES} bytes long`;
  if (INVISIBLE.test(name.replace(JOINERS, ''))) return 'may not contain control or invisible characters';
  if (name.trim() !== name) return 'may not begin or end with a space';
  if (name.includes('\\')) return 'may not contain a backslash';
  if (name.startsWith('/')) return 'may not begin with a slash';
  if (name.includes('..')) return 'may not contain two dots in a row';
  if (name.endsWith('.')) return 'may not end with a dot';
  if (name.split('/').some((part) => DEVICE.test(part))) return 'may not be the name of a device';
  return null;
}
