/** Replies as JSON and back, with what JSON alone would lose: dates, NaN, infinities and the sign of zero. */

const TAG = '$';

/** A plain JSON value from which `reviveReply` makes an equal reply. Functions and `undefined` are left out. */
export function keepReply(value: unknown): unknown {
  if (value instanceof Date) return { [TAG]: 'date', value: value.toISOString() };
  if (typeof value === 'number')
    return isPlain(value) ? value : { [TAG]: 'number', value: Object.is(value, -0) ? '-0' : String(value) };
  if (Array.isArray(value)) return value.map(keepReply);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined && typeof item !== 'function')
    .map(([key, item]) => [key, keepReply(item)] as const);
  return TAG in value ? { [TAG]: 'object', value: entries } : Object.fromEntries(entries);
}

/** The reply that was kept. */
export function reviveReply(kept: unknown): unknown {
  if (Array.isArray(kept)) return kept.map(reviveReply);
  if (typeof kept !== 'object' || kept === null) return kept;
  if (TAG in kept && 'value' in kept) return reviveTagged(String(kept[TAG]), kept.value);
  return Object.fromEntries(Object.entries(kept).map(([key, item]) => [key, reviveReply(item)]));
}

function reviveTagged(tag: string, value: unknown): unknown {
  if (tag === 'date') return new Date(String(value));
  if (tag === 'number') return Number(value);
  const entries = value as [string, unknown][];
  return Object.fromEntries(entries.map(([key, item]) => [key, reviveReply(item)]));
}

function isPlain(value: number): boolean {
  return Number.isFinite(value) && !Object.is(value, -0);
}
