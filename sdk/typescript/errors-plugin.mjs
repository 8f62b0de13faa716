/** Codegen plugin: one exception class per code of schema/errors.json. Run by `npm run generate`. */

import { readFileSync } from 'node:fs';

export function plugin() {
  const table = JSON.parse(readFileSync(new URL('../../schema/errors.json', import.meta.url), 'utf8'));
  const rows = Object.entries(table).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    "import { TrialgraphError } from '../error.js';",
    '',
    `export type ErrorCode = ${rows.map(([code]) => `'${code}'`).join(' | ')};`,
    '',
    ...rows.map(
      ([code, { retry, meaning }]) =>
        `/** ${meaning} Retry: ${retry}. */\nexport class ${className(code)} extends TrialgraphError {}\n`,
    ),
    '/** The exception class and retry rule of every code. */',
    'export const ERROR_CLASSES = {',
    ...rows.map(
      ([code, { retry, status }]) => `  ${code}: { type: ${className(code)}, retry: '${retry}', status: ${status} },`,
    ),
    '} as const;',
    '',
  ].join('\n');
}

function className(code) {
  const words = code.split('_').map((word) => word[0] + word.slice(1).toLowerCase());
  return `${words.join('')}Error`;
}
