/**
 * Reads a search file: YAML of the core schema, in W&B's spelling where W&B has one. It says where in the file something is
 * wrong, and as much as can be told at once. Pure.
 */
import { type Document, LineCounter, parseDocument } from 'yaml';
import { PlatformError } from '../../domain/errors.js';
import { samplers } from '../../search/samplers/index.js';
import { parseSpace } from '../../search/space/parse-space.js';
import { SpaceError } from '../../search/space/space-error.js';
import type { NewExperimentInput } from '../experiment/make-experiment.js';
import { schemaProblems } from './file-schema.js';
import { type Keys, type Problem, problemAt, problemAtKey, sourceAt } from './places.js';
import { type FileCondition, type FileParameter, placeOf, readSpace, type SpaceSource } from './read-space.js';

/** What a file says; `project` and `name` may be left to the caller. */
export interface SearchFile extends Omit<NewExperimentInput, 'name' | 'projectId'> {
  readonly name: string | null;
}

interface Content {
  readonly project?: string;
  readonly name?: string;
  readonly description?: string;
  readonly program?: string;
  readonly command?: readonly (string | number)[];
  readonly environment?: Readonly<Record<string, string | number | boolean>>;
  readonly working_directory?: string;
  readonly method?: MethodContent;
  readonly early_terminate?: MethodContent;
  readonly metric?: FileObjective;
  readonly objectives?: readonly FileObjective[];
  readonly metric_constraints?: readonly FileConstraint[];
  readonly replicates?: Replicates;
  readonly parameters: Readonly<Record<string, FileParameter>>;
  readonly conditions?: readonly FileCondition[];
  readonly budget?: BudgetContent;
  readonly run_cap?: number;
  readonly resources?: {
    readonly pool?: string;
    readonly gpus?: number;
    readonly slots?: number;
    readonly timeout?: number | string;
  };
  readonly seed?: string | number;
  readonly failure_limit?: number;
  readonly warm_start?: readonly string[];
}

interface BudgetContent {
  readonly max_trials?: number;
  readonly max_parallel?: number;
  readonly max_hours?: number;
  readonly max_gpu_hours?: number;
  readonly max_slot_hours?: number;
  readonly when_spent?: 'finish' | 'stop';
}

interface FileObjective {
  readonly name: string;
  readonly goal?: 'minimize' | 'maximize';
  readonly take?: 'last' | 'best';
}

interface FileConstraint {
  readonly name: string;
  readonly at_most?: number;
  readonly at_least?: number;
  readonly take?: 'last' | 'worst';
}

type Replicates = NonNullable<NonNullable<NewExperimentInput['search']>['replicates']>;

type MethodContent = string | (Readonly<Record<string, unknown>> & { readonly type: string });

const MOST_BYTES = 256 * 1024;

/** @throws SEARCH_FILE_INVALID with `problems: [{ line, column, path, message }]`, LIMIT_EXCEEDED. */
export function parseSearchFile(text: string, { isPart = false } = {}): SearchFile {
  if (Buffer.byteLength(text) > MOST_BYTES)
    throw new PlatformError('LIMIT_EXCEEDED', `a search file may be at most ${MOST_BYTES} bytes long`);
  const lines = new LineCounter();
  const document = parseDocument(text, {
    schema: 'core',
    version: '1.2',
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
  });
  refuse(
    [...document.errors, ...document.warnings].map((error) => ({
      ...placeInText(lines, error.pos[0]),
      path: '',
      message: error.message,
    })),
  );

  const read = contentOf(document, lines);
  // What the search shall make good is not asked for in a part.
  const content = isPart && isMap(read) && !('objectives' in read) ? { metric: { name: 'any' }, ...read } : read;
  refuse(
    schemaProblems(content).map(({ keys, isKey, message }) =>
      (isKey ? problemAtKey : problemAt)(document, lines, keys, message),
    ),
  );
  return convert(document, lines, content as Content);
}

/** The space that a file declares, which may be a whole search file or only the part with the parameters. @throws as above. */
export function parseRevisionFile(text: string): unknown {
  return parseSearchFile(text, { isPart: true }).search?.space;
}

function contentOf(document: Document, lines: LineCounter): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    // Too many aliases: a bomb, or a mistake.
    refuse([problemAt(document, lines, [], error instanceof Error ? error.message : String(error))]);
    throw error;
  }
}

function convert(document: Document, lines: LineCounter, content: Content): SearchFile {
  const problems: Problem[] = [];
  const report = (keys: Keys, message: string) => void problems.push(problemAt(document, lines, keys, message));
  const source: SpaceSource = {
    parameters: content.parameters,
    conditions: content.conditions ?? [],
    isWhole: (keys) => /^[-+]?\d+$/.test(sourceAt(document, keys) ?? ''),
    report,
  };
  const space = readSpace(source);
  const command = readCommand(content, report);
  if (problems.length === 0) checkSpace(space, source, report);
  checkObjectives(content, report);
  refuse(problems);

  const {
    project,
    name,
    description,
    working_directory: workingDirectory,
    resources = {},
    budget = {},
    seed,
  } = content;
  const { pool, gpus, slots, timeout } = resources;
  return {
    ...(project === undefined ? {} : { project }),
    name: name ?? null,
    ...(description === undefined ? {} : { description }),
    ...(command === null ? {} : { command }),
    ...(content.environment === undefined ? {} : { environment: mapValues(content.environment, String) }),
    ...(workingDirectory === undefined ? {} : { workingDirectory }),
    ...(pool === undefined ? {} : { pool }),
    resources: {
      gpus: gpus ?? null,
      slots: slots ?? null,
      timeoutSeconds: timeout === undefined ? null : secondsOf(timeout),
    },
    search: {
      space,
      ...(content.metric === undefined ? {} : { objective: objectiveOf(content.metric) }),
      ...(content.objectives === undefined ? {} : { objectives: content.objectives.map(objectiveOf) }),
      ...(content.metric_constraints === undefined
        ? {}
        : { metricConstraints: content.metric_constraints.map(constraintOf) }),
      ...(content.replicates === undefined ? {} : { replicates: content.replicates }),
      sampler: methodOf(content.method),
      pruner: methodOf(content.early_terminate),
      budget: {
        maxTrials: budget.max_trials ?? content.run_cap ?? null,
        maxParallel: budget.max_parallel ?? null,
        maxHours: budget.max_hours ?? null,
        maxGpuHours: budget.max_gpu_hours ?? null,
        maxSlotHours: budget.max_slot_hours ?? null,
        whenSpent: budget.when_spent ?? null,
      },
      seed: seed === undefined ? null : String(seed),
      failureLimit: content.failure_limit ?? null,
      warmStart: content.warm_start ?? null,
    },
  };
}

/** What the schema cannot say of objectives, bounds and the methods that shall serve them. */
function checkObjectives(content: Content, report: (keys: Keys, message: string) => void): void {
  const { objectives = [], metric_constraints: bounds = [], replicates } = content;
  for (const [i, { name }] of objectives.entries())
    if (objectives.findIndex((other) => other.name === name) < i)
      report(['objectives', i, 'name'], `${name} is an objective already`);
  for (const [i, { at_most: atMost, at_least: atLeast }] of bounds.entries())
    if ((atMost === undefined) === (atLeast === undefined))
      report(['metric_constraints', i], 'needs at_most or at_least, one of the two');
  if (objectives.length < 2) return;
  const kind = methodOf(content.method)?.kind ?? '';
  if (Object.hasOwn(samplers, kind) && samplers[kind]?.objectives === 'one')
    report(['method'], `${kind} serves one objective, not ${objectives.length}`);
  if (replicates !== undefined) report(['replicates'], 'replicates serve one objective');
}

function objectiveOf({ name, goal, take }: FileObjective) {
  return { metric: name, goal: goal ?? 'minimize', take: take ?? null } as const;
}

function constraintOf({ name, at_most: atMost, at_least: atLeast, take }: FileConstraint) {
  return { metric: name, atMost: atMost ?? null, atLeast: atLeast ?? null, take: take ?? null };
}

function checkSpace(space: unknown, source: SpaceSource, report: (keys: Keys, message: string) => void): void {
  try {
    parseSpace(space);
  } catch (error) {
    if (!(error instanceof SpaceError)) throw error;
    for (const problem of error.problems) report(placeOf(source, problem.path), problem.message);
  }
}

function readCommand(
  { command, program }: Content,
  report: (keys: Keys, message: string) => void,
): readonly string[] | null {
  if (command === undefined) return program === undefined ? null : ['python3', program];
  return command.map((part, i) =>
    readPart(String(part), program ?? null, (message) => report(['command', i], message)),
  );
}

function readPart(part: string, program: string | null, report: (message: string) => void): string {
  if (part === '${env}') return '/usr/bin/env';
  if (part === '${interpreter}') return 'python3';
  if (part === '${program}' && program !== null) return program;
  if (part === '${program}') report('the key program is missing');
  else if (part.startsWith('${args')) report('params come through the SDK, not as arguments: leave it out');
  return part;
}

function methodOf(given: MethodContent | undefined): { readonly kind: string; readonly options: object } | null {
  if (given === undefined) return null;
  const { type, ...options } = typeof given === 'string' ? { type: given } : given;
  const camelCase = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return {
    kind: type === 'bayes' ? 'auto' : type,
    options: Object.fromEntries(Object.entries(options).map(([name, value]) => [camelCase(name), value])),
  };
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

function secondsOf(timeout: number | string): number {
  return typeof timeout === 'number' ? timeout : Number.parseInt(timeout, 10) * (UNIT_SECONDS[timeout.slice(-1)] ?? 1);
}

function isMap(content: unknown): content is object {
  return typeof content === 'object' && content !== null && !Array.isArray(content);
}

function mapValues<Value, Mapped>(
  record: Readonly<Record<string, Value>>,
  map: (value: Value) => Mapped,
): Record<string, Mapped> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

function placeInText(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

function refuse(problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  const inOrder = [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
  const text = inOrder.map(
    ({ line, column, path, message }) => `line ${line}, column ${column}: ${path === '' ? '' : `${path}: `}${message}`,
  );
  throw new PlatformError('SEARCH_FILE_INVALID', text.join('\n'), { problems: inOrder });
}
