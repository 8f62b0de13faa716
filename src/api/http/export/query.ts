/** What the query of an export asks for, checked: a slip of the pen must not export something else. */
import { PlatformError } from '../../../domain/errors.js';
import { type ExportFormat, FORMATS } from './formats.js';

export interface ExportQuery {
  readonly experiment: string | null;
  readonly trial: string | null;
  readonly where: string | null;
  /** Null: all. */
  readonly keys: readonly string[] | null;
  readonly format: ExportFormat;
}

/**
 * `keys` is a list separated by commas; `key` is one name as it stands and may come often. Others come once.
 * @throws INPUT_INVALID for what is not in `allowed`, what comes twice, or a format that there is not.
 */
export function readExportQuery(query: unknown, allowed: readonly string[]): ExportQuery {
  const given = query as Readonly<Record<string, string | string[]>>;
  for (const name of Object.keys(given)) {
    if (!allowed.includes(name))
      throw new PlatformError('INPUT_INVALID', `there is no parameter ${name}; say ${allowed.join(', ')}`);
  }
  const once = (name: string): string | null => {
    const value = given[name] ?? null;
    if (Array.isArray(value)) throw new PlatformError('INPUT_INVALID', `give ${name} once`);
    return value === '' ? null : value;
  };
  const named = [given.key ?? []].flat();
  const listed = once('keys')?.split(',') ?? [];
  const format = FORMATS.get(once('format') ?? 'csv');
  if (format === undefined)
    throw new PlatformError('INPUT_INVALID', `there is no such format; say ${[...FORMATS.keys()].join(' or ')}`);
  const keys = [...named, ...listed];
  return {
    experiment: once('experiment'),
    trial: once('trial'),
    where: once('where'),
    keys: keys.length === 0 ? null : keys,
    format,
  };
}
