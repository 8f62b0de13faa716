/** What of a failure's message stays the same when it happens again: tells five failures of one kind from five kinds. */

/** Longer messages are told apart by their beginning. */
const MOST_CHARACTERS = 4_096;

const VARYING = [
  /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, // a UUID
  /\b0x[0-9a-f]+/gi, // an address
  /\b(?=[a-f]*\d)[0-9a-f]{8,}\b/gi, // a hash
  /[-+]?\d+(?:[._]\d+)*(?:e[-+]?\d+)?/gi, // a number, a version, a digit of a path
] as const;

/** Equal for messages that differ in numbers, addresses, ids and spaces only; null when there is no text to compare. */
export function failureKey(message: string | null): string | null {
  let text = (message ?? '').slice(0, MOST_CHARACTERS);
  for (const pattern of VARYING) text = text.replace(pattern, '#');
  text = text.replace(/\s+/g, ' ').trim();
  return text === '' ? null : text;
}
