/** The line itself, or its beginning with the number of bytes that were cut off: at most `maxBytes` of UTF-8 in all. */
export function cutLine(line: string, maxBytes: number): string {
  if (line.length * 3 <= maxBytes || Buffer.byteLength(line) <= maxBytes) return line;
  const bytes = Buffer.from(line);
  let end = maxBytes - marker(bytes.length).length - 2; // the ellipsis has 3 bytes in UTF-8
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end--; // not within a character
  return bytes.toString('utf8', 0, end) + marker(bytes.length - end);
}

function marker(bytes: number): string {
  return ` … [${bytes} bytes cut]`;
}
