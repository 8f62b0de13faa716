/** The published JSON Schema of search files, which is also what checks them: the two cannot disagree. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Keys } from './places.js';

const FILE = 'schema/search-file.schema.json';

let compiled: ValidateFunction | null = null;

export interface SchemaProblem {
  readonly keys: Keys;
  /** Whether the key itself is what is wrong, not its value. */
  readonly isKey: boolean;
  readonly message: string;
}

/** Everything in which a parsed file differs from the schema; empty when it is valid. */
export function schemaProblems(file: unknown): readonly SchemaProblem[] {
  compiled ??= new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true, verbose: true }).compile(
    readSchema(),
  );
  if (compiled(file)) return [];
  return (compiled.errors ?? []).filter((error) => !isNoise(error)).map(describe);
}

function readSchema(): object {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(folder, FILE)) && path.dirname(folder) !== folder) folder = path.dirname(folder);
  return JSON.parse(readFileSync(path.join(folder, FILE), 'utf8')) as object;
}

/** The branches of an alternative say little beside the alternative itself. */
function isNoise(error: ErrorObject): boolean {
  return error.schemaPath.includes('/oneOf/') || error.schemaPath.includes('/anyOf/');
}

function describe(error: ErrorObject): SchemaProblem {
  const keys = error.instancePath.split('/').slice(1).map(unescapePart);
  const here = (message: string): SchemaProblem => ({ keys, isKey: false, message });
  const { params } = error;
  switch (error.keyword) {
    case 'additionalProperties':
      return {
        keys: [...keys, String(params.additionalProperty)],
        isKey: true,
        message: unknownKey(String(params.additionalProperty), error),
      };
    case 'required':
      return here(`the key ${String(params.missingProperty)} is missing`);
    case 'enum':
      return here(`must be one of ${(params.allowedValues as unknown[]).join(', ')}`);
    case 'oneOf':
      return here('must be a name, or a map with a type and its options');
    case 'anyOf':
      return here('the key metric is missing; with several objectives, the key objectives');
    case 'not':
      return { keys: [...keys, 'objectives'], isKey: true, message: 'give metric or objectives, not both' };
    case 'type':
      return here(`must be ${String(params.type).replaceAll(',', ' or ')}`);
    case 'pattern':
      return here('must be seconds, or a text such as 90s, 30m, 2h, 1d');
    default:
      return here(error.message ?? 'is not valid');
  }
}

/** W&B's keys that we do not serve, with what to do instead. */
const INSTEAD: Readonly<Record<string, string>> = {
  target: 'a target is not served: use budget',
  probabilities: 'probabilities are not served: all values are drawn alike at first',
  parameters: 'nested parameters are not served: give each a name of its own, such as optimizer.lr',
  mu: 'normal distributions are not served: use min and max',
  sigma: 'normal distributions are not served: use min and max',
  entity: 'there are no entities: leave it out',
};

function unknownKey(key: string, error: ErrorObject): string {
  const known = Object.keys((error.parentSchema as { properties?: object } | undefined)?.properties ?? {});
  return Object.hasOwn(INSTEAD, key) ? `${INSTEAD[key]}` : `unknown key: use ${known.join(', ')}`;
}

function unescapePart(part: string): string | number {
  const text = part.replaceAll('~1', '/').replaceAll('~0', '~');
  return /^\d+$/.test(text) ? Number(text) : text;
}
