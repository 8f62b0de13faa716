/** How commands speak: aligned columns for people, JSON for programs, one clear line and an exit code for failures. */

export interface OutputOptions {
  readonly json?: boolean;
}

/** Exit codes: 1 failure, 2 wrong input, 4 not allowed, 5 server not reached. */
const EXIT_CODES: Readonly<Record<string, number>> = {
  NETWORK: 5,
  UNAUTHENTICATED: 4,
  FORBIDDEN: 4,
  INPUT_INVALID: 2,
  NAME_INVALID: 2,
  SPACE_INVALID: 2,
  SEARCH_FILE_INVALID: 2,
  FILTER_INVALID: 2,
  METHOD_UNKNOWN: 2,
  BAD_REQUEST: 2,
};

/** A failure that a person can mend, with the exit code for scripts. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Writes what went wrong to stderr. @returns the exit code. */
export function reportFailure(error: unknown): number {
  if (!(error instanceof Error)) {
    process.stderr.write(`error: ${String(error)}\n`);
    return 1;
  }
  const code = 'code' in error ? String(error.code) : '';
  process.stderr.write(`error: ${error.message}\n`);
  for (const problem of problemsOf(error)) process.stderr.write(`  ${problem}\n`);
  if (error instanceof CommandError) return error.exitCode;
  return EXIT_CODES[code] ?? 1;
}

function problemsOf(error: Error): string[] {
  const data = 'data' in error ? (error.data as { problems?: unknown } | undefined) : undefined;
  if (!Array.isArray(data?.problems)) return [];
  return data.problems.map((problem: { line?: number; column?: number; path?: string; message?: string }) => {
    const place =
      problem.line === undefined
        ? ''
        : `line ${problem.line}${problem.column === undefined ? '' : `:${problem.column}`}: `;
    return `${place}${problem.path ? `${problem.path}: ` : ''}${problem.message ?? ''}`;
  });
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** One JSON document a line, for output that goes on. */
export function printJsonLine(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Columns separated by two spaces; the first row is the head. An empty body prints `nothing` instead. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[], nothing: string): void {
  if (rows.length === 0) {
    process.stdout.write(`${nothing}\n`);
    return;
  }
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  for (const row of all)
    process.stdout.write(
      `${row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd()}\n`,
    );
}

/** A number as people read it: at most five significant digits; `-` for nothing. */
export function formatNumber(value: number | string | null | undefined): string {
  if (value === null || value === undefined) return '-';
  if (typeof value === 'string' || !Number.isFinite(value)) return String(value);
  return String(Number(value.toPrecision(5)));
}

/** `3m 05s`, `12s`; `-` for nothing. */
export function formatDuration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return '-';
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}m ${String(whole % 60).padStart(2, '0')}s`;
  return `${Math.floor(minutes / 60)}h ${String(minutes % 60).padStart(2, '0')}m`;
}

/** `lr=0.01 layers=2`, numbers shortened, in the order of the search space where one is given. */
export function formatParams(
  params: Readonly<Record<string, unknown>>,
  space?: Readonly<Record<string, unknown>>,
): string {
  const declared = Array.isArray(space?.parameters) ? space.parameters.map(({ name }: { name: string }) => name) : [];
  const names = Object.keys(params).sort((a, b) => declared.indexOf(a) - declared.indexOf(b));
  return names.map((name) => `${name}=${formatValue(params[name])}`).join(' ');
}

function formatValue(value: unknown): string {
  return typeof value === 'number' ? formatNumber(value) : String(value);
}
