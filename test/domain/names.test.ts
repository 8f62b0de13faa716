import { describe, expect, it } from 'vitest';
import { isPlatformError } from '../../src/domain/errors.js';
import { checkName } from '../../src/domain/names.js';

function problem(name: string): string {
  try {
    checkName(name);
    return 'accepted';
  } catch (error) {
    return isPlatformError(error) ? error.code : 'broken';
  }
}

describe('checkName', () => {
  it.each([
    'a',
    'my project',
    'résumé',
    'モデル',
    'loss/train',
    'v1.2',
    '#1?x=2;y',
    'C:/x',
    'https://example.org/x',
    '%2e%2e',
    '👩‍👩‍👧 family',
    'می‌خواهم',
    '__proto__',
    "'; DROP TABLE project; --",
    '$(reboot)',
    '<b>',
    'x'.repeat(512),
  ])('accepts %j: it is plain data', (name) => {
    expect(problem(name)).toBe('accepted');
  });

  it.each([
    '',
    ' a',
    'a ',
    'a\nb',
    'a\0b',
    'a\u0007b',
    'a\u0085b',
    'a\u2028b',
    'a\u202eb',
    'a\u2066b',
    'a\ufeffb',
    'a\u200bb',
    '\u200d',
    'a\ud800b',
    'a\\b',
    '/etc/passwd',
    '../x',
    'a/../b',
    'a..b',
    'a.',
    '.',
    '..',
    'CON',
    'nul.txt',
    'a/com1',
    'x'.repeat(513),
    'é'.repeat(257),
  ])('refuses %j', (name) => {
    expect(problem(name)).toBe('NAME_INVALID');
  });

  it('gives two spellings of one text one name', () => {
    expect(checkName('re\u0301sume\u0301')).toBe('r\u00e9sum\u00e9');
  });

  it('says what it names', () => {
    expect(() => checkName('', 'project name')).toThrow('the project name may not be empty');
  });
});
