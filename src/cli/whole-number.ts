import { CommandError } from './output.js';

/** The number that a flag was given. @throws CommandError when it is none, or smaller than `least`. */
export function wholeNumber(text: string, flag: string, least = 1): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isSafeInteger(value) && value >= least) return value;
  throw new CommandError(`${flag} takes a whole number from ${least}, not ${text}`, 2);
}
