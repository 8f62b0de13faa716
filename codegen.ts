/** Types and constant texts for the SDK's operations, from the emitted schema. Run by `npm run generate`. */

import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  schema: 'schema/schema.graphql',
  documents: ['sdk/operations/*.graphql'],
  emitLegacyCommonJSImports: false,
  silent: true,
  generates: {
    'sdk/typescript/generated/errors.ts': { plugins: ['./sdk/typescript/errors-plugin.mjs'] },
    'sdk/typescript/generated/operations.ts': {
      plugins: ['typescript-operations', 'typed-document-node'],
      config: {
        documentMode: 'string',
        enumsAsTypes: true,
        useTypeImports: true,
        strictScalars: true,
        scalars: {
          ID: 'string',
          DateTimeISO: 'string',
          JSONObject: 'Record<string, unknown>',
          SafeInt: 'number',
          Float64: "number | 'NaN' | 'Infinity' | '-Infinity' | '-0'",
          Float64Column: 'string',
        },
      },
    },
  },
};

export default config;
