/** Relay connections: a list in pages, with a cursor for each item and a count that costs a query only when selected. */
import { ArgsType, type ClassType, Field, Int, ObjectType } from 'type-graphql';
import type { Page, PageInput } from '../service/page.js';
import { Access, type Grant } from './access.js';
import { SafeInt } from './scalars/safe-int.js';

@Access('authenticated')
@ObjectType('PageInfo', { description: 'Where a page of a connection ends.', simpleResolvers: true })
export class PageInfo {
  @Field(() => String, {
    nullable: true,
    description: 'Cursor of the last item; pass it as `after` for the next page. Null on an empty page.',
  })
  endCursor!: string | null;

  @Field(() => Boolean, { description: 'Whether there are items after this page.' })
  hasNextPage!: boolean;
}

/** The arguments of every connection. */
@ArgsType()
export class PageArgs implements PageInput {
  @Field(() => Int, { defaultValue: 50, description: 'How many items to return, 1 to 200.' })
  first!: number;

  @Field(() => String, {
    nullable: true,
    description: 'Return the items after this cursor, one that an earlier page gave.',
  })
  after?: string | null;
}

export interface Edge<Node> {
  readonly cursor: string;
  readonly node: Node;
}

export interface Connection<Node> {
  readonly edges: () => readonly Edge<Node>[];
  readonly nodes: readonly Node[];
  readonly pageInfo: PageInfo;
  readonly totalCount: () => Promise<number>;
}

/** The object types `<Name>Connection` and `<Name>Edge`. @returns the class of the connection. */
export function connectionType<Node>(
  name: string,
  plural: string,
  nodeType: () => ClassType,
  grants: readonly [Grant, ...Grant[]],
): ClassType<Connection<Node>> {
  @Access(...grants)
  @ObjectType(`${name}Edge`, { description: `One ${name} in a ${name}Connection.`, simpleResolvers: true })
  class EdgeType {
    @Field(() => String, { description: 'Position of this item in the list; opaque.' })
    cursor!: string;

    @Field(nodeType, { description: 'The item.' })
    node!: Node;
  }

  @Access(...grants)
  @ObjectType(`${name}Connection`, { description: `A page of ${plural}.`, simpleResolvers: true })
  class ConnectionType {
    @Field(() => [EdgeType], { description: 'The items of this page with their cursors.' })
    edges!: () => readonly Edge<Node>[];

    @Field(() => [nodeType()], { description: 'The items of this page.' })
    nodes!: readonly Node[];

    @Field(() => PageInfo, { description: 'Where this page ends.' })
    pageInfo!: PageInfo;

    @Field(() => SafeInt, { description: 'Number of items in the whole list; counted only when asked for.' })
    totalCount!: () => Promise<number>;
  }
  return ConnectionType;
}

/** A verb's page as a connection. */
export function connectionOf<Node>(page: Page<Node>): Connection<Node> {
  return {
    edges: () => page.items.map((node, i) => ({ node, cursor: page.cursors[i] ?? '' })),
    nodes: page.items,
    pageInfo: { endCursor: page.cursors.at(-1) ?? null, hasNextPage: page.hasNextPage },
    totalCount: () => page.total(),
  };
}
