/**
 * Tokens: `tg_<kind>_<keyId>_<secret>_<checksum>`. Scanners find them by their form, and a mistyped one fails without
 * the database. Only an HMAC under the server's pepper is stored.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { ApiKeyKind } from '../../domain/api-key.js';
import type { Deps } from '../deps.js';

/** `ses` is the cookie of a browser's session: the same form, another table. */
export type TokenKind = 'usr' | 'svc' | 'run' | 'tri' | 'ses';

export const TOKEN_KINDS: Readonly<Record<ApiKeyKind, TokenKind>> = {
  USER: 'usr',
  SERVICE: 'svc',
  RUNNER: 'run',
  TRIAL: 'tri',
};

export interface ParsedToken {
  readonly kind: TokenKind;
  readonly keyId: string;
  readonly secret: string;
}

export interface MadeToken {
  /** Shown once. */
  readonly token: string;
  /** What is stored. */
  readonly hmac: Buffer;
}

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const SECRET_BYTES = 32;
const SECRET_DIGITS = 43; // 62^43 > 2^256
const CRC_DIGITS = 6; // 62^6 > 2^32
const FORM = /^tg_(usr|svc|run|tri|ses)_([0-9a-f]{32})_([0-9A-Za-z]{43})_([0-9A-Za-z]{6})$/;

/** A new token for a key, with 256 random bits. */
export function makeToken(deps: Pick<Deps, 'random' | 'pepper'>, kind: TokenKind, keyId: string): MadeToken {
  const secret = randomSecret(deps);
  const body = `tg_${kind}_${keyId.replaceAll('-', '')}_${secret}`;
  return { token: `${body}_${checksum(body)}`, hmac: tokenHmac(deps, { kind, keyId, secret }) };
}

/** The parts of a token, null when it is not one or its checksum is wrong. It proves nothing yet. */
export function parseToken(text: string): ParsedToken | null {
  const match = FORM.exec(text);
  if (match === null) return null;
  const [, kind, hex, secret, crc] = match as unknown as [string, TokenKind, string, string, string];
  if (checksum(text.slice(0, text.lastIndexOf('_'))) !== crc) return null;
  return { kind, keyId: withHyphens(hex), secret };
}

/** What is stored for a token: bound to its kind and key, so that no row can stand in for another. */
export function tokenHmac(deps: Pick<Deps, 'pepper'>, token: ParsedToken): Buffer {
  return createHmac('sha256', deps.pepper).update(`${token.kind}:${token.keyId}:${token.secret}`).digest();
}

/** What is stored for a login code. */
export function codeHmac(deps: Pick<Deps, 'pepper'>, code: string): Buffer {
  return createHmac('sha256', deps.pepper).update(`code:${code}`).digest();
}

/** 256 random bits in 43 letters and digits. */
export function randomSecret(deps: Pick<Deps, 'random'>): string {
  return base62(BigInt(`0x${deps.random(SECRET_BYTES).toString('hex')}`), SECRET_DIGITS);
}

/** Whether two HMACs are the same, in a time that does not tell where they differ. */
export function isSameHmac(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

function checksum(body: string): string {
  return base62(BigInt(crc32(body)), CRC_DIGITS);
}

function base62(value: bigint, digits: number): string {
  let rest = value;
  let text = '';
  for (let i = 0; i < digits; i++) {
    text = DIGITS.charAt(Number(rest % 62n)) + text;
    rest /= 62n;
  }
  return text;
}

function withHyphens(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
