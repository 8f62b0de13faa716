import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isSameHmac, makeToken, parseToken, tokenHmac } from '../../../src/service/access/token.js';

const deps = { random: randomBytes, pepper: randomBytes(32) };
const KEY = '01a2108e-ea69-73f6-9420-98a260213d42';

function made(): string {
  return makeToken(deps, 'usr', KEY).token;
}

describe('tokens', () => {
  it('have the form that scanners look for', () => {
    expect(made()).toMatch(/^tg_usr_[0-9a-f]{32}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}$/);
  });

  it('come apart into what they were made of, and to the HMAC that is stored', () => {
    const { token, hmac } = makeToken(deps, 'tri', KEY);

    const parsed = parseToken(token);

    expect(parsed).toMatchObject({ kind: 'tri', keyId: KEY });
    if (parsed === null) throw new Error('not parsed');
    expect(isSameHmac(tokenHmac(deps, parsed), hmac)).toBe(true);
  });

  it('fail by their checksum when any one character is changed', () => {
    const token = made();

    for (let i = 0; i < token.length; i++) {
      const other = token[i] === '0' ? '1' : '0';
      expect(parseToken(token.slice(0, i) + other + token.slice(i + 1))).toBeNull();
    }
  });

  it.each(['', 'tg_', 'tg_adm_00', 'Bearer x', '\0', 'x'.repeat(10_000)])('are not %j', (text) => {
    expect(parseToken(text)).toBeNull();
  });

  it('are bound to their kind, their key and the pepper', () => {
    const parsed = parseToken(made());
    if (parsed === null) throw new Error('not parsed');
    const hmac = tokenHmac(deps, parsed);

    expect(tokenHmac(deps, { ...parsed, kind: 'run' }).equals(hmac)).toBe(false);
    expect(tokenHmac(deps, { ...parsed, keyId: KEY.replace('0', '1') }).equals(hmac)).toBe(false);
    expect(tokenHmac({ pepper: randomBytes(32) }, parsed).equals(hmac)).toBe(false);
  });

  it('keep all 256 bits of the secret', () => {
    const lowest = makeToken({ ...deps, random: (n) => Buffer.alloc(n, 0) }, 'usr', KEY).token;
    const highest = makeToken({ ...deps, random: (n) => Buffer.alloc(n, 255) }, 'usr', KEY).token;

    expect(parseToken(lowest)?.secret).toBe('0'.repeat(43));
    expect(parseToken(highest)?.secret).toHaveLength(43);
  });

  it('do not compare equal to a shorter HMAC', () => {
    expect(isSameHmac(Buffer.alloc(32), Buffer.alloc(31))).toBe(false);
  });
});
