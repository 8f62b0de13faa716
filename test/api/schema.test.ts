import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isScalarType,
  lexicographicSortSchema,
  parse,
  printSchema,
  specifiedRules,
  validate,
} from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { findUnstated, grantsOf } from '../../src/api/access.js';
import { validationRules } from '../../src/api/limits.js';
import { buildApiSchema } from '../../src/api/schema.js';
import { CONTEXT_FREE } from '../../src/api/shared-execution.js';

const ROOT = path.resolve(import.meta.dirname, '../..');

let schema: GraphQLSchema;
beforeAll(async () => {
  schema = await buildApiSchema();
});

describe('the schema', () => {
  test('a list of trials takes the same arguments inside an experiment and at the root', () => {
    const argumentsOf = (name: string) => {
      const type = schema.getType(name);
      const trials = isObjectType(type) ? type.getFields().trials : undefined;
      return trials?.args.map((argument) => argument.name).sort();
    };

    expect(argumentsOf('Experiment')).toEqual(['after', 'filter', 'first', 'orderBy', 'where']);
    expect(argumentsOf('Query')).toEqual(['after', 'experimentId', 'filter', 'first', 'orderBy', 'where']);
  });

  test('a live reply that subscribers share holds nothing that depends on who asks', () => {
    for (const name of CONTEXT_FREE) {
      const names = new Set<string>();
      const visit = (type: GraphQLNamedType | undefined): void => {
        if (!isObjectType(type) || names.has(type.name)) return;
        names.add(type.name);
        for (const { type: inner, args } of Object.values(type.getFields())) {
          expect(args).toEqual([]);
          visit(getNamedType(inner));
        }
      };
      const field = schema.getSubscriptionType()?.getFields()[name];
      visit(field && getNamedType(field.type));
      // Whoever adds a type here sees to it that its fields read their parent and no context.
      expect([name, ...names]).toEqual(['metricsReported', 'MetricDelta', 'SeriesColumns']);
    }
  });

  test('every root field and object type states who may use it', () => {
    expect(findUnstated(schema)).toEqual([]);
    const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
    for (const field of roots.flatMap((type) => Object.values(type?.getFields() ?? {})))
      expect(grantsOf(field)?.length, field.name).toBeGreaterThan(0);
  });

  test('a root field or type without a statement is found', async () => {
    const other = await buildApiSchema();
    const fields = other.getQueryType()?.getFields();
    if (fields?.viewer === undefined) throw new Error('there is no viewer');
    fields.viewer.extensions = {};
    const trial = other.getType('Trial');
    if (!isObjectType(trial)) throw new Error('there is no Trial');
    trial.extensions = {};

    expect(findUnstated(other)).toEqual(['Query.viewer', 'Trial']);
  });

  test('everything has a description', () => {
    const bare: string[] = [];
    const look = (name: string, element: { readonly description?: string | null | undefined }) => {
      if (!element.description) bare.push(name);
    };
    for (const type of Object.values(schema.getTypeMap())) {
      if (
        type.name.startsWith('__') ||
        ['Query', 'Mutation', 'Subscription'].includes(type.name) === isScalarType(type)
      )
        continue;
      if (!['Query', 'Mutation', 'Subscription'].includes(type.name)) look(type.name, type);
      if (isEnumType(type)) for (const value of type.getValues()) look(`${type.name}.${value.name}`, value);
      if (isInputObjectType(type))
        for (const field of Object.values(type.getFields())) look(`${type.name}.${field.name}`, field);
      if (!isObjectType(type)) continue;
      for (const field of Object.values(type.getFields())) {
        look(`${type.name}.${field.name}`, field);
        for (const arg of field.args) look(`${type.name}.${field.name}(${arg.name})`, arg);
      }
    }

    expect(bare).toEqual([]);
  });

  test('is the one that is checked in', () => {
    const checkedIn = readFileSync(path.join(ROOT, 'schema/schema.graphql'), 'utf8');

    expect(checkedIn).toContain(printSchema(lexicographicSortSchema(schema)));
  });

  test('takes all operations of the SDKs within its limits', () => {
    const folder = path.join(ROOT, 'sdk/operations');
    const text = readdirSync(folder)
      .map((file) => readFileSync(path.join(folder, file), 'utf8'))
      .join('\n');
    const document = parse(text);
    const fragments = document.definitions.filter((one) => one.kind === 'FragmentDefinition');
    const rules = [...specifiedRules.filter((rule) => rule.name !== 'NoUnusedFragmentsRule'), ...validationRules];

    for (const operation of document.definitions.filter((one) => one.kind === 'OperationDefinition')) {
      const errors = validate(schema, { ...document, definitions: [operation, ...fragments] }, rules);
      expect(errors.map((error) => `${operation.name?.value}: ${error.message}`)).toEqual([]);
    }
  });
});
