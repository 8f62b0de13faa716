import { isDeepStrictEqual } from 'node:util';
import type { AlgorithmVersion } from '../../domain/algorithm.js';
import type { AlgorithmId, AlgorithmVersionId, ProjectId } from '../../domain/ids.js';
import { checkName } from '../../domain/names.js';
import type { Sql } from '../../store/database.js';
import { ensureAlgorithm, findLatestAlgorithmVersion, insertAlgorithmVersion } from '../../store/queries/algorithm.js';
import { checkCommand, checkEnvironment, checkOptionalText, checkText } from '../check.js';
import type { Deps } from '../deps.js';
import { newId } from '../ids.js';

export interface NewAlgorithmVersion {
  readonly projectId: ProjectId;
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly command: readonly string[];
  readonly environment?: unknown;
  readonly workingDirectory?: string | null | undefined;
  readonly source?: string | null | undefined;
}

/**
 * The next version of the algorithm of this name, which is made when it is missing; the latest version itself when
 * nothing differs from it. For verbs that may write to the project, inside their transaction.
 * @throws NAME_INVALID, INPUT_INVALID, LIMIT_EXCEEDED.
 */
export async function addAlgorithmVersion(tx: Sql, deps: Deps, input: NewAlgorithmVersion): Promise<AlgorithmVersion> {
  const createdAt = deps.clock.now();
  const definition = {
    command: checkCommand(input.command),
    environment: checkEnvironment(input.environment),
    workingDirectory: checkOptionalText(input.workingDirectory, 'working directory', 4096),
    source: checkOptionalText(input.source, 'source', 4096),
  };
  const algorithm = await ensureAlgorithm(tx, {
    id: newId<AlgorithmId>(deps),
    projectId: input.projectId,
    name: checkName(input.name, 'algorithm name'),
    description: checkText(input.description, 'description'),
    createdAt,
  });

  const latest = await findLatestAlgorithmVersion(tx, algorithm.id);
  if (latest !== null && isSameDefinition(latest, definition)) return latest;
  const version: AlgorithmVersion = {
    id: newId<AlgorithmVersionId>(deps),
    projectId: algorithm.projectId,
    algorithmId: algorithm.id,
    version: (latest?.version ?? 0) + 1,
    ...definition,
    createdAt,
  };
  await insertAlgorithmVersion(tx, version);
  return version;
}

type Definition = Pick<AlgorithmVersion, 'command' | 'environment' | 'workingDirectory' | 'source'>;

function isSameDefinition(a: Definition, b: Definition): boolean {
  const parts = ({ command, environment, workingDirectory, source }: Definition): unknown => [
    command,
    { ...environment },
    workingDirectory,
    source,
  ];
  return isDeepStrictEqual(parts(a), parts(b));
}
