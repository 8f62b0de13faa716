/** Changes space and budget of a search while it goes on, or to let it go on. What was proposed before stays as it is. */
import { PlatformError } from '../../domain/errors.js';
import type { Budget, Experiment, Search } from '../../domain/experiment.js';
import { type Principal, principalName } from '../../domain/roles.js';
import { parseSpace } from '../../search/space/parse-space.js';
import type { Sql } from '../../store/database.js';
import { applyRevision, insertRevision } from '../../store/queries/search-revision.js';
import type { Deps } from '../deps.js';
import { recordChange, recordEvent } from '../event/record.js';
import { firstRevision } from '../search/load-revisions.js';
import { parseRevisionFile } from '../search-file/parse-search-file.js';
import { changeExperiment, conflict } from './change-experiment.js';
import { type BudgetInput, checkBudget, checkSpace } from './check-search.js';
import { completeIfSpent } from './complete-experiment.js';
import { resumeLocked, roleToResume } from './resume-experiment.js';

export interface ReviseSearchInput {
  readonly experimentId: string;
  /** The whole space from now on. Absent: it stays. */
  readonly space?: unknown;
  /** A search file in place of `space`: its parameters and conditions are the space from now on. */
  readonly file?: string | null;
  /** What is absent in it stays; null means no limit, and of `maxParallel` its default. */
  readonly budget?: BudgetInput | null;
  /** Whether an experiment that is paused or has ended goes on with it. */
  readonly resume?: boolean | null;
  readonly clientRequestId?: string | null;
}

/**
 * The experiment with the next revision of its search, if anything is different in it. Later proposals obey it; earlier
 * trials that are legal in it, completed by defaults, stay in the models. Waiting trials are run as they are.
 * @throws NOT_FOUND, FORBIDDEN, STATE_CONFLICT without a search, or when there is no budget to resume with,
 * SPACE_INVALID, SEARCH_FILE_INVALID, INPUT_INVALID.
 */
export function reviseSearch(deps: Deps, principal: Principal, input: ReviseSearchInput): Promise<Experiment> {
  return changeExperiment(
    deps,
    principal,
    { ...input, id: input.experimentId },
    {
      operation: 'reviseSearch',
      role: roleToResume,
      work: async (tx, experiment) => {
        const { search } = experiment;
        if (search === null) throw conflict(experiment, 'it has no search to revise');
        const given = spaceOf(input);
        const budget = revisedBudget(search.budget, input.budget ?? {});
        const revised = await revise(tx, deps, principal, experiment, search, { space: given ?? search.space, budget });
        if (input.resume === true && revised.state !== 'ACTIVE') await resumeLocked(tx, deps, revised);
        else await completeIfSpent(tx, deps, revised);
      },
    },
  );
}

function spaceOf({ space, file }: ReviseSearchInput): Search['space'] | null {
  const isFile = file !== null && file !== undefined;
  if (isFile && space !== null && space !== undefined)
    throw new PlatformError('INPUT_INVALID', 'give space or file, not both');
  if (isFile) return checkSpace(parseRevisionFile(file));
  return space === null || space === undefined ? null : checkSpace(space);
}

function revisedBudget(budget: Budget, change: BudgetInput): Budget {
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  return checkBudget({ ...budget, ...Object.fromEntries(given) });
}

/** Each is kept for ever, since replay asks for it. */
const MOST_REVISIONS = 1_000;

type Change = Pick<Search, 'space' | 'budget'>;

/** The experiment with the next revision stored; the same one when nothing is different. */
async function revise(
  tx: Sql,
  deps: Deps,
  principal: Principal,
  experiment: Experiment,
  search: Search,
  change: Change,
): Promise<Experiment> {
  const what = differences(search, change);
  if (what.length === 0) return experiment;
  const { id, projectId, sequence, nextNumber } = experiment;
  const number = search.revision + 1;
  if (number > MOST_REVISIONS)
    throw new PlatformError(
      'LIMIT_EXCEEDED',
      `${experiment.name} has ${MOST_REVISIONS} revisions: start another search`,
    );
  // The first one is kept when there is a second.
  for (const first of search.revision === 1 ? firstRevision(experiment) : [])
    await insertRevision(tx, { ...first, projectId });
  await insertRevision(tx, {
    experimentId: id,
    projectId,
    number,
    fromSequence: sequence,
    fromTrial: nextNumber,
    ...change,
    createdBy: principalName(principal),
    createdAt: null,
  });
  await applyRevision(tx, { experimentId: id, number, ...change });
  await recordChange(tx, { projectId, experimentId: id, kind: 'experiment', subjectId: id });
  await recordEvent(tx, deps, {
    projectId,
    experimentId: id,
    kind: 'SEARCH_REVISED',
    message: `revision ${number} from trial ${nextNumber} on: ${what.join(', ')}`,
    data: { revision: number, fromTrial: nextNumber, budget: { ...change.budget } },
  });
  return { ...experiment, search: { ...search, ...change, revision: number } };
}

/** In words; empty when there are none. */
function differences(search: Search, { space, budget }: Change): string[] {
  const limits = (['maxTrials', 'maxParallel', 'maxHours', 'maxGpuHours', 'maxSlotHours', 'whenSpent'] as const).filter(
    (limit) => budget[limit] !== search.budget[limit],
  );
  // What was stored lost the order of its keys: it is read as it was declared.
  const isSame = space === search.space || JSON.stringify(parseSpace(search.space)) === JSON.stringify(space);
  return [
    ...(isSame ? [] : ['another space']),
    ...limits.map((limit) => `${limit} ${budget[limit] ?? 'without limit'}`),
  ];
}
