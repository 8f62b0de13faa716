/** Ids that make a retried mutation one effect. */

import type { DocumentText } from './document.js';

/** These are idempotent by keys of their own and take no clientRequestId. */
const OWN_KEYS = /\b(reportMetrics|reportLogs|renewLeases)\b/;

/** A random UUID; works on pages without TLS, where `crypto.randomUUID` is missing. */
export function newRequestId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The variables with a clientRequestId where the mutation takes one and the caller gave none. */
export function withRequestId<Variables>(document: DocumentText<unknown, Variables>, variables: Variables): Variables {
  const text = document.toString();
  if (!text.trimStart().startsWith('mutation') || OWN_KEYS.test(text)) return variables;
  const given = (variables ?? {}) as Record<string, unknown>;
  if (text.includes('$clientRequestId')) {
    return { ...given, clientRequestId: given.clientRequestId ?? newRequestId() } as Variables;
  }
  const input = given.input;
  if (typeof input !== 'object' || input === null) return variables;
  const found = (input as Record<string, unknown>).clientRequestId;
  return { ...given, input: { ...input, clientRequestId: found ?? newRequestId() } } as Variables;
}
