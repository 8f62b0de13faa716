/** What of a failure's message stays the same when it happens again: tells five failures of one kind from five kinds. */

/** Longer messages are told apart by their beginning. */
const MOST_CHARACTERS = 4_096;

const VARYING = [
  /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, // a UUID
  /\b0x[0-9a-f]+/gi, // an address
  /\b(?=[a-f]*\d)[0-9a-f]{8,}\b/gi, // a hash
  /[-+]?\d+(?:[._]\d+)*(?:e[-+]?\d+)?/gi, // a number, a version, a digit of a path
] as const;

/** What a runner says of code that ended without a word: here the number is all there is. */
const SILENT = /^(?:exit code|signal) \S+$/;
/** Of a trial whose objective is not a number: it diverged, which says nothing of the code and teaches a model. */
const DIVERGED = /^NAN_OBJECTIVE\b/;

/**
 * Equal for messages that differ in numbers, addresses, ids and spaces only, and for equal exit codes without a message; null
 * when there is no text to compare, or the trial ran and its objective was not a number.
 */
export function failureKey(message: string | null): string | null {
  let text = (message ?? '').slice(0, MOST_CHARACTERS);
  if (DIVERGED.test(text)) return null;
  if (SILENT.test(text.trim())) return text.trim();
  for (const pattern of VARYING) text = text.replace(pattern, '#');
  text = text.replace(/\s+/g, ' ').trim();
  return text === '' ? null : text;
}
