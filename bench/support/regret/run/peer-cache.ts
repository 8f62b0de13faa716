/**
 * What peers did, as data: bench/peers/NAME.jsonl has a line for each run. A line holds for the problem as it was: whoever
 * changes a problem's numbers changes its print, and the lines of the old one are passed over.
 */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createRng } from '../../../../src/search/math/rng.js';
import { drawUniform } from '../../../../src/search/samplers/uniform.js';
import type { Parameter } from '../../../../src/search/space/parameter.js';
import { seededGenerator } from '../../../../src/service/search/generator.js';
import type { Problem } from '../problem.js';
import type { Run } from '../statistic/regret.js';

export const PEERS_FOLDER = path.join(import.meta.dirname, '../../../peers');

export interface PeerLine {
  readonly peer: string;
  readonly version: string;
  readonly problem: string;
  readonly print: string;
  readonly seed: number;
  readonly trials: number;
  /** Trials, counted from 0, after which the best was another, and what it was then. */
  readonly changes: readonly (readonly [trial: number, best: number])[];
  /** Processor time; absent from runs that were timed otherwise. */
  readonly seconds?: number;
}

/** Lines of all peers, in the order they were written. */
export function readPeerLines(): readonly PeerLine[] {
  if (!existsSync(PEERS_FOLDER)) return [];
  const files = readdirSync(PEERS_FOLDER).filter((file) => file.endsWith('.jsonl'));
  return files.flatMap((file) =>
    readFileSync(path.join(PEERS_FOLDER, file), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as PeerLine),
  );
}

export function appendPeerLine(line: PeerLine): void {
  appendFileSync(path.join(PEERS_FOLDER, `${line.peer}.jsonl`), `${JSON.stringify(line)}\n`);
}

export function toLine(run: Run, version: string, print: string): PeerLine {
  const { method, problem, seed, best, seconds } = run;
  const changes = best.flatMap((value, i) =>
    Object.is(value, best[i - 1] ?? Number.NaN) ? [] : [[i, value] as const],
  );
  const rounded = Number(seconds.toPrecision(3));
  return { peer: method, version, problem, print, seed, trials: best.length, changes, seconds: rounded };
}

export function toRun({ peer, problem, seed, trials, changes, seconds = Number.NaN }: PeerLine): Run {
  let at = 0;
  let lead = Number.NaN;
  const best = Array.from({ length: trials }, (_, i) => {
    const change = changes[at];
    if (change?.[0] === i) {
      lead = change[1];
      at += 1;
    }
    return lead;
  });
  return { method: peer, problem, seed, best, seconds };
}

/** Eight digits that follow from the problem's spaces and values; 9 figures count, as machines differ in the last ones. */
export function printOf(problem: Problem): string {
  const hash = createHash('sha256');
  for (const seed of [0, 1, 2, 3, 4]) {
    const { space, optimum, evaluate } = problem.instance(seed);
    const rng = createRng(`print/${seed}`, seededGenerator);
    const evaluations = [0, 1, 2].map((i) => evaluate(drawUniform(space, rng), rng.fork(String(i))));
    const numbers = evaluations.flatMap(({ value, truth = value, constraints = [] }) => [value, truth, ...constraints]);
    hash.update(
      JSON.stringify([space.parameters.map(fieldsOf), [optimum, ...numbers].map((number) => number.toPrecision(9))]),
    );
  }
  return hash.digest('hex').slice(0, 8);
}

const FIELDS = ['name', 'kind', 'low', 'high', 'log', 'step', 'values', 'choices', 'when'];

/** What makes a parameter what it is, whatever else a parsed space says of it. */
function fieldsOf(parameter: Parameter): readonly unknown[] {
  const fields = new Map<string, unknown>(Object.entries(parameter));
  return FIELDS.map((field) => fields.get(field) ?? null);
}
