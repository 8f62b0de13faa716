/** Rows of cells of an RFC 4180 text, for tests; null for a cell that is empty and not quoted. */
export function readCsv(text: string): (string | null)[][] {
  const rows: (string | null)[][] = [];
  let row: (string | null)[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  let at = 0;
  while (at < text.length) {
    cell.lastIndex = at;
    const match = cell.exec(text);
    if (match === null) throw new Error(`this is no CSV at ${at}: ${text.slice(at, at + 40)}`);
    const [all, quoted, plain, end] = match;
    row.push(quoted !== undefined ? quoted.replaceAll('""', '"') : plain === '' ? null : (plain ?? null));
    if (end === '\r\n') {
      rows.push(row);
      row = [];
    }
    at += all.length;
  }
  return rows;
}

/** The text that a cell stands for: one apostrophe in front is not part of it. */
export function bare(cell: string | null): string | null {
  return cell?.replace(/^'/, '') ?? null;
}
