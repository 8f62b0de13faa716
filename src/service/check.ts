/** Checks of plain inputs that several verbs share. Each says what is wrong and what would be right. */
import { PlatformError } from '../domain/errors.js';
import { isId } from '../domain/ids.js';

const KIB = 1024;
const SHA256 = /^[0-9a-f]{64}$/;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** An id from outside. What has not the form of an id cannot exist. @throws NOT_FOUND. */
export function checkId<T extends string>(id: string, noun: string): T {
  if (!isId(id)) throw new PlatformError('NOT_FOUND', `there is no ${noun} with this id`);
  return id as T;
}

/** Free text such as a description; absent means empty. @throws LIMIT_EXCEEDED, INPUT_INVALID. */
export function checkText(text: string | null | undefined, what: string, maxBytes = 64 * KIB): string {
  const value = text ?? '';
  if (Buffer.byteLength(value) > maxBytes)
    throw new PlatformError('LIMIT_EXCEEDED', `the ${what} may be at most ${maxBytes} bytes long`);
  if (value.includes('\0')) throw new PlatformError('INPUT_INVALID', `the ${what} may not contain the character NUL`);
  return value;
}

/** As `checkText`, where absence has a meaning of its own. */
export function checkOptionalText(text: string | null | undefined, what: string, maxBytes = 64 * KIB): string | null {
  return text === null || text === undefined ? null : checkText(text, what, maxBytes);
}

/** A checksum: 64 hexadecimal digits in lower case. @throws INPUT_INVALID. */
export function checkSha256(text: string): string {
  if (!SHA256.test(text))
    throw new PlatformError('INPUT_INVALID', 'sha256 must be 64 hexadecimal digits in lower case');
  return text;
}

/** A count of bytes, rows …: a whole number from 0 to `max`. @throws INPUT_INVALID. */
export function checkCount(value: number, what: string, max = Number.MAX_SAFE_INTEGER): number {
  if (!Number.isSafeInteger(value) || value < 0 || value > max) {
    throw new PlatformError('INPUT_INVALID', `${what} must be a whole number from 0 to ${max}`);
  }
  return value;
}

/** As `checkCount`, where absence has a meaning of its own. */
export function checkOptionalCount(value: number | null | undefined, what: string): number | null {
  return value === null || value === undefined ? null : checkCount(value, what);
}

/** An argv: never a shell line. @throws INPUT_INVALID, LIMIT_EXCEEDED. */
export function checkCommand(command: readonly string[]): readonly string[] {
  if (command.length === 0 || command[0] === '')
    throw new PlatformError('INPUT_INVALID', 'the command must name a program');
  if (command.length > 1000) throw new PlatformError('LIMIT_EXCEEDED', 'a command may have at most 1000 arguments');
  return command.map((part) => checkText(part, 'command'));
}

/** Environment variables by name. @throws INPUT_INVALID, LIMIT_EXCEEDED. */
export function checkEnvironment(environment: unknown): Readonly<Record<string, string>> {
  if (environment === null || environment === undefined) return {};
  if (typeof environment !== 'object' || Array.isArray(environment)) throw notAnEnvironment();
  const entries = Object.entries(environment);
  if (entries.length > 1000)
    throw new PlatformError('LIMIT_EXCEEDED', 'an environment may have at most 1000 variables');
  for (const [name, value] of entries) {
    if (!VARIABLE.test(name) || typeof value !== 'string') throw notAnEnvironment();
    checkText(value, `environment variable ${name}`);
  }
  return Object.fromEntries(entries);
}

function notAnEnvironment(): PlatformError {
  return new PlatformError('INPUT_INVALID', 'the environment must map names of letters, digits and _ to texts');
}
