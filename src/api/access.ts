/**
 * Who may ask for what: every root field and object type states it, the schema refuses to be built otherwise, and an
 * operation is judged as a whole before it runs, so that nothing is checked per row. Which *objects* a caller may see
 * is the verbs' business, not this file's.
 */
import {
  type DocumentNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { Extensions } from 'type-graphql';
import { PlatformError } from '../domain/errors.js';
import { includesRole, type Principal, type Role } from '../domain/roles.js';

/**
 * One grant. A role: people and service keys that have at least it, in some project or in the organization.
 * `runner`, `trial`: keys of that kind. `authenticated`: anyone with a valid credential.
 */
export type Grant = Role | 'runner' | 'trial' | 'authenticated';

const ROLES: ReadonlySet<string> = new Set<Role>(['viewer', 'writer', 'submitter', 'admin']);

/** States who may use a root field, an edge or an object type; several grants are alternatives. */
export function Access(first: Grant, ...others: Grant[]): PropertyDecorator & MethodDecorator & ClassDecorator {
  return Extensions({ access: [first, ...others] });
}

/** The grants stated on a field or type, null when nothing is stated. */
export function grantsOf(element: { readonly extensions: object }): readonly Grant[] | null {
  const { access } = element.extensions as { access?: readonly Grant[] };
  return access ?? null;
}

/** Every root field and object type that states no access, as `Type.field` or `Type`. An empty list lets the server start. */
export function findUnstated(schema: GraphQLSchema): readonly string[] {
  const roots = rootTypes(schema);
  const fields = roots.flatMap((type) =>
    Object.values(type.getFields())
      .filter((field) => grantsOf(field) === null)
      .map((field) => `${type.name}.${field.name}`),
  );
  const types = Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) && !type.name.startsWith('__') && !roots.includes(type))
    .filter((type) => grantsOf(type) === null);
  return [...fields, ...types.map((type) => type.name)];
}

/** Wraps `resolve` and `subscribe` of the root fields with their access check, in place. */
export function enforceAccess(schema: GraphQLSchema): void {
  for (const type of rootTypes(schema)) {
    for (const field of Object.values(type.getFields())) guard(type, field);
  }
}

/** Asserts that `principal` may use `grants`. @throws UNAUTHENTICATED without a principal, FORBIDDEN when no grant fits. */
export function assertGranted(
  grants: readonly Grant[],
  principal: Principal | null,
  what: string,
): asserts principal is Principal {
  if (principal === null) throw new PlatformError('UNAUTHENTICATED', `${what} needs a login or an API key`);
  if (grants.some((grant) => isGranted(grant, principal))) return;
  throw new PlatformError('FORBIDDEN', `a ${principal.kind} key or login with your role may not use ${what}`);
}

/**
 * Judges every field that an operation selects, before it runs.
 * @throws UNAUTHENTICATED without a principal, FORBIDDEN naming the first field or type that the principal may not use.
 */
export function assertOperationGranted(
  schema: GraphQLSchema,
  document: DocumentNode,
  principal: Principal | null,
): void {
  if (principal === null) throw new PlatformError('UNAUTHENTICATED', 'this needs a login or an API key');
  for (const { grants, what } of demandsOf(schema, document)) assertGranted(grants, principal, what);
}

interface Demand {
  readonly grants: readonly Grant[];
  readonly what: string;
}

const known = new WeakMap<DocumentNode, readonly Demand[]>();

/** All that a document needs to be granted; remembered, since SDKs send the same few documents. */
function demandsOf(schema: GraphQLSchema, document: DocumentNode): readonly Demand[] {
  const before = known.get(document);
  if (before !== undefined) return before;
  const demands = new Map<string, Demand>();
  const typeInfo = new TypeInfo(schema);
  const demand = (what: string, grants: readonly Grant[] | null) => {
    if (grants !== null) demands.set(what, { what, grants });
  };
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Field: () => {
        const field = typeInfo.getFieldDef();
        const type = getNamedType(typeInfo.getType());
        if (field) demand(`${typeInfo.getParentType()?.name}.${field.name}`, grantsOf(field));
        if (type && isObjectType(type)) demand(type.name, grantsOf(type));
      },
    }),
  );
  const all = [...demands.values()];
  known.set(document, all);
  return all;
}

function guard(type: GraphQLObjectType, field: GraphQLField<unknown, unknown>): void {
  const { resolve, subscribe } = field;
  const grants = grantsOf(field) ?? [];
  const what = `${type.name}.${field.name}`;
  const principalOf = (context: unknown) => (context as { principal: Principal | null }).principal;
  if (resolve !== undefined) {
    field.resolve = (root, args, context, info) => {
      assertGranted(grants, principalOf(context), what);
      return resolve(root, args, context, info);
    };
  }
  if (subscribe === undefined) return;
  field.subscribe = (root, args, context, info) => {
    assertGranted(grants, principalOf(context), what);
    return subscribe(root, args, context, info);
  };
}

function rootTypes(schema: GraphQLSchema): readonly GraphQLObjectType[] {
  return [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].filter((type) => type != null);
}

function isGranted(grant: Grant, principal: Principal): boolean {
  if (grant === 'authenticated' || grant === principal.kind) return true;
  if (!ROLES.has(grant) || (principal.kind !== 'user' && principal.kind !== 'service')) return false;
  const roles =
    principal.role === null
      ? [...principal.projectRoles.values()]
      : [principal.role, ...principal.projectRoles.values()];
  return roles.some((role) => includesRole(role, grant as Role));
}
