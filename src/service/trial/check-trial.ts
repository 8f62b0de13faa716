/** Checks of what people and scripts write on trials. */
import { PlatformError } from '../../domain/errors.js';
import { checkName } from '../../domain/names.js';
import type { Params } from '../../domain/trial.js';
import { checkText } from '../check.js';

const MOST_PARAMS = 10_000;
const PARAMS_BYTES = 1024 * 1024;
const MOST_TAGS = 100;

/** Hyperparameters: a flat map to texts, finite numbers, booleans or null. @throws INPUT_INVALID, LIMIT_EXCEEDED. */
export function checkParams(given: unknown): Params {
  if (given === null || given === undefined) return {};
  if (typeof given !== 'object' || Array.isArray(given))
    throw new PlatformError('INPUT_INVALID', 'params must be an object');
  const entries = Object.entries(given);
  if (entries.length > MOST_PARAMS)
    throw new PlatformError('LIMIT_EXCEEDED', `a trial may have at most ${MOST_PARAMS} params`);
  if (Buffer.byteLength(JSON.stringify(given)) > PARAMS_BYTES)
    throw new PlatformError('LIMIT_EXCEEDED', 'params may be at most 1 MiB of JSON');
  for (const [name, value] of entries) {
    checkText(name, 'param name', 512);
    if (typeof value === 'string') checkText(value, `param ${name}`, PARAMS_BYTES);
    else if (value !== null && typeof value !== 'boolean' && !Number.isFinite(value)) {
      throw new PlatformError(
        'INPUT_INVALID',
        `param ${name} must be a text, a finite number, a boolean or null; flatten what is nested`,
      );
    }
  }
  return Object.fromEntries(entries);
}

/** Tags in the order given, each once. @throws INPUT_INVALID, NAME_INVALID, LIMIT_EXCEEDED. */
export function checkTags(tags: readonly string[] | null | undefined): readonly string[] {
  const checked = [...new Set((tags ?? []).map((tag) => checkName(tag, 'tag')))];
  if (checked.length > MOST_TAGS)
    throw new PlatformError('LIMIT_EXCEEDED', `a trial may have at most ${MOST_TAGS} tags`);
  return checked;
}

/** A trial's name, or null for none. @throws NAME_INVALID. */
export function checkTrialName(name: string | null | undefined): string | null {
  return name === null || name === undefined ? null : checkName(name, 'trial name');
}
