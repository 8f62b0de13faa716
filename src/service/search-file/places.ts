/** Where in a YAML text something stands: for errors that point at it. */
import { type Document, isMap, isNode, isScalar, type LineCounter, type Node } from 'yaml';

/** A key path as people write it: `parameters.lr.min`, `conditions[0].when`. */
export type Keys = readonly (string | number)[];

export interface Problem {
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
  /** Empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
}

/** A problem at the value of a key path, or at the nearest place above it that exists. */
export function problemAt(document: Document, lines: LineCounter, keys: Keys, message: string): Problem {
  return { ...lineOf(lines, nodeAt(document, keys)), path: pathText(keys), message };
}

/** A problem at a key itself: for keys that should not be there. */
export function problemAtKey(document: Document, lines: LineCounter, keys: Keys, message: string): Problem {
  const parent = document.getIn(keys.slice(0, -1), true);
  const pair = isMap(parent)
    ? parent.items.find((item) => isScalar(item.key) && String(item.key.value) === keys.at(-1))
    : undefined;
  const node = isNode(pair?.key) ? pair.key : nodeAt(document, keys);
  return { ...lineOf(lines, node), path: pathText(keys), message };
}

/** The scalar's text as it was written, so that 1.0 can be told from 1; null when it is no scalar. */
export function sourceAt(document: Document, keys: Keys): string | null {
  const node = document.getIn(keys, true);
  return isScalar(node) ? (node.source ?? null) : null;
}

function pathText(keys: Keys): string {
  return keys.map((key, i) => (typeof key === 'number' ? `[${key}]` : i === 0 ? key : `.${key}`)).join('');
}

function nodeAt(document: Document, keys: Keys): Node | null {
  for (let depth = keys.length; depth > 0; depth--) {
    const node = document.getIn(keys.slice(0, depth), true);
    if (isNode(node)) return node;
  }
  return document.contents as Node | null;
}

function lineOf(lines: LineCounter, node: Node | null): { line: number; column: number } {
  const offset = node?.range?.[0];
  if (offset === undefined) return { line: 1, column: 1 };
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}
