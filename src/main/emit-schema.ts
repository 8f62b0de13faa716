/** Writes schema/schema.graphql and schema/errors.json from the code, sorted, without a database. */
import 'reflect-metadata';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { buildApiSchema } from '../api/schema.js';
import { ERRORS } from '../domain/errors.js';
import { packageRoot } from './package-root.js';

const HEADER = '# Emitted by src/main/emit-schema.ts: never edit by hand.\n\n';

/** Writes both files into `directory`. */
export async function emitSchema(directory: string): Promise<void> {
  const schema = await buildApiSchema();
  await mkdir(directory, { recursive: true });
  await writeFile(path.join(directory, 'schema.graphql'), `${HEADER}${printSchema(lexicographicSortSchema(schema))}\n`);
  const errors = Object.fromEntries(Object.entries(ERRORS).sort(([a], [b]) => (a < b ? -1 : 1)));
  await writeFile(path.join(directory, 'errors.json'), `${JSON.stringify(errors, null, 2)}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await emitSchema(path.resolve(process.argv[2] ?? path.join(packageRoot(), 'schema')));
}
