/**
 * What one operation may cost. The same rules judge HTTP and WebSocket: size and shape when a document is validated,
 * cost when its variables are known.
 */
import { createRequire } from 'node:module';
import {
  type ASTVisitor,
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isListType,
  isNonNullType,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
  visit,
} from 'graphql';
import type * as Complexity from 'graphql-query-complexity';
import { PlatformError } from '../domain/errors.js';

// Its ESM build loads a second graphql, which knows none of our types (stack.md, trap 2).
const complexity = createRequire(import.meta.url)('graphql-query-complexity') as typeof Complexity;

export const LIMITS = {
  tokens: 2_000,
  depth: 10,
  aliasesPerField: 15,
  rootFields: 10,
  directives: 50,
  /** Fields of an operation with its fragments written out. */
  fields: 2_000,
  /** Objects that an answer may be expected to hold: four full pages with a few edges each. */
  cost: 20_000,
} as const;

const INTROSPECTION: ReadonlySet<string> = new Set(['__schema', '__type']);
/** Guess of the length of a list that has no `first`. */
const LIST_LENGTH = 10;

export const parseOptions = { maxTokens: LIMITS.tokens } as const;

/** Rules to add to the specified ones. */
export const validationRules = [shapeRule];

/** Refuses documents that are too deep or too wide, fragments written out. */
export function shapeRule(context: ValidationContext): ASTVisitor {
  const refuse = (message: string): void =>
    context.reportError(new GraphQLError(message, { originalError: new PlatformError('QUERY_TOO_COSTLY', message) }));
  const document = context.getDocument();
  const { directives, aliases } = countMarks(document);
  if (directives > LIMITS.directives)
    refuse(`the document has ${directives} directives; at most ${LIMITS.directives} are allowed`);
  for (const [field, count] of aliases) {
    if (count > LIMITS.aliasesPerField)
      refuse(`${field} is aliased ${count} times; at most ${LIMITS.aliasesPerField} are allowed`);
  }
  const measure = shapesOf(document);
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const { depth, fields, roots } = measure(definition.selectionSet);
    if (depth > LIMITS.depth) refuse(`the operation is ${depth} levels deep; at most ${LIMITS.depth} are allowed`);
    if (fields > LIMITS.fields)
      refuse(`the operation selects more than ${LIMITS.fields} fields with its fragments written out`);
    if (roots > LIMITS.rootFields)
      refuse(`the operation has ${roots} root fields; at most ${LIMITS.rootFields} are allowed`);
  }
  return {};
}

interface Operation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

const fixedCosts = new WeakMap<DocumentNode, Map<string, number>>();

/**
 * Refuses an operation whose answer would hold too many objects.
 * @throws QUERY_TOO_COSTLY; what is wrong with the variables is left for the execution to tell.
 */
export function assertAffordable(operation: Operation): void {
  const { document, operationName } = operation;
  const known = fixedCosts.get(document)?.get(operationName ?? '');
  const cost = known ?? costOf(operation);
  // Ingest sends constant documents with large variables: those are not coerced a second time.
  if (known === undefined && !dependsOnVariables(document)) {
    fixedCosts.set(document, (fixedCosts.get(document) ?? new Map()).set(operationName ?? '', cost));
  }
  if (cost <= LIMITS.cost) return;
  throw new PlatformError(
    'QUERY_TOO_COSTLY',
    `the answer may hold ${cost} objects; at most ${LIMITS.cost} are allowed: ask for smaller pages`,
    {
      cost,
      limit: LIMITS.cost,
    },
  );
}

function costOf({ schema, document, operationName, variables }: Operation): number {
  try {
    return complexity.getComplexity({
      schema,
      query: document,
      variables: { ...variables },
      ...(operationName ? { operationName } : {}),
      estimators: [objectsOf],
    });
  } catch {
    return 0;
  }
}

/** An object costs one, and a list as much as its likely length times its items; scalars are free. */
const objectsOf: Complexity.ComplexityEstimator = ({ field, args, childComplexity }) => {
  const named = getNamedType(field.type);
  if (!isCompositeType(named) || named.name.startsWith('__')) return 0;
  const own = 1 + declaredCost(field);
  if (typeof args.first === 'number') return own + Math.max(1, args.first) * Math.max(1, childComplexity);
  const type = isNonNullType(field.type) ? field.type.ofType : field.type;
  // A list inside a page was paid for with the page.
  const isPaged = field.name === 'nodes' || field.name === 'edges';
  return isListType(type) && !isPaged ? LIST_LENGTH * (1 + childComplexity) : own + childComplexity;
};

/** What a field says that it takes to compute beside what it holds, in objects: `{ complexity }` where it is declared. */
function declaredCost({ extensions: { complexity: declared } }: GraphQLField<unknown, unknown>): number {
  return typeof declared === 'number' ? declared : 0;
}

/** Whether a page size of the document comes from a variable. */
function dependsOnVariables(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    Argument: (node) => {
      if (node.name.value === 'first' && node.value.kind === Kind.VARIABLE) found = true;
    },
    Directive: () => {
      found = true;
    },
  });
  return found;
}

function countMarks(document: DocumentNode): { directives: number; aliases: ReadonlyMap<string, number> } {
  let directives = 0;
  const aliases = new Map<string, number>();
  visit(document, {
    Directive: () => {
      directives += 1;
    },
    Field: (node) => {
      if (node.alias !== undefined) aliases.set(node.name.value, (aliases.get(node.name.value) ?? 0) + 1);
    },
  });
  return { directives, aliases };
}

interface Shape {
  readonly depth: number;
  readonly fields: number;
  readonly roots: number;
}

/** Measures selection sets. Each fragment is measured once, so that nested ones cost no more than their text. */
function shapesOf(document: DocumentNode): (selections: SelectionSetNode) => Shape {
  const fragments = new Map(
    document.definitions
      .filter((one): one is FragmentDefinitionNode => one.kind === Kind.FRAGMENT_DEFINITION)
      .map((one) => [one.name.value, one]),
  );
  const known = new Map<string, Shape>();
  const NONE: Shape = { depth: 0, fields: 0, roots: 0 };

  const ofFragment = (name: string): Shape => {
    const before = known.get(name);
    if (before !== undefined) return before;
    // A fragment that contains itself is refused by another rule.
    known.set(name, NONE);
    const fragment = fragments.get(name);
    const shape = fragment === undefined ? NONE : measure(fragment.selectionSet);
    known.set(name, shape);
    return shape;
  };
  const measure = (set: SelectionSetNode): Shape => {
    let depth = 0;
    let fields = 0;
    let roots = 0;
    for (const selection of set.selections) {
      const isField = selection.kind === Kind.FIELD;
      // Introspection has a limit of its own, and is off in production.
      if (isField && INTROSPECTION.has(selection.name.value)) continue;
      const inner =
        selection.kind === Kind.FRAGMENT_SPREAD
          ? ofFragment(selection.name.value)
          : selection.selectionSet
            ? measure(selection.selectionSet)
            : NONE;
      depth = Math.max(depth, inner.depth + (isField ? 1 : 0));
      fields += inner.fields + (isField ? 1 : 0);
      roots += isField ? 1 : inner.roots;
    }
    return { depth, fields, roots };
  };
  return measure;
}
