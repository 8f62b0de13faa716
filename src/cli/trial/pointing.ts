import { CommandError } from '../output.js';

/** Runs `work`; of a filter that the server cannot read, shows the place. */
export async function pointing<Result>(filter: string | undefined, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const { code, data } = error as { code?: string; data?: { problems?: readonly FilterProblem[] } };
    const problem = data?.problems?.[0];
    if (filter === undefined || code !== 'FILTER_INVALID' || problem === undefined) throw error;
    throw new CommandError(`${problem.message}\n${caretLine(filter, problem)}`, 2);
  }
}

interface FilterProblem {
  readonly position: number;
  readonly length: number;
  readonly message: string;
}

/** The filter with `^` below the place; tabs and line ends become spaces, so that the columns agree. */
function caretLine(filter: string, { position, length }: FilterProblem): string {
  const width = (text: string) => [...text].length;
  const marks = '^'.repeat(Math.max(1, width(filter.slice(position, position + length))));
  return `  ${filter.replace(/\s/g, ' ')}\n  ${' '.repeat(width(filter.slice(0, position)))}${marks}`;
}
