/** One trial, live: its fields, attempts, artifacts and events. */
import { useEffect, useState } from 'react';
import {
  type EventFieldsFragment,
  EventsDocument,
  type JobFieldsFragment,
  TrialDocument,
  type TrialFieldsFragment,
  type TrialQuery,
} from '../../../../sdk/typescript/browser.js';
import { noteError } from '../../api/client.js';
import { useQuery } from '../../api/use-query.js';
import { followExperiment } from '../../live/experiment-feed.js';

/** Summaries and artifacts are no change of the trial, so they are asked for. */
const REFRESH_MS = 2000;
const REFRESH_ENDED_MS = 20_000;
const MOST_EVENTS = 200;

export type FullTrial = NonNullable<TrialQuery['trial']>;

export interface LiveTrial {
  /** Null while it loads, undefined when there is none. */
  readonly trial: FullTrial | null | undefined;
  /** Newest first. */
  readonly events: readonly EventFieldsFragment[];
  readonly error: unknown;
  reload(): void;
}

interface Patches {
  readonly trial: TrialFieldsFragment | null;
  readonly jobs: ReadonlyMap<string, JobFieldsFragment>;
  readonly events: readonly EventFieldsFragment[];
}

const NO_PATCHES: Patches = { trial: null, jobs: new Map(), events: [] };

export function useTrial(id: string): LiveTrial {
  const [patches, setPatches] = useState(NO_PATCHES);
  const [error, setError] = useState<unknown>(null);
  const hasEnded = patches.trial !== null && patches.trial.endedAt !== null;
  const refreshMs = hasEnded ? REFRESH_ENDED_MS : REFRESH_MS;
  const { data, error: queryError, reload } = useQuery(TrialDocument, { id }, { refreshMs });
  const events = useQuery(EventsDocument, { trialId: id, first: MOST_EVENTS }, {});
  const experimentId = data?.trial?.experimentId;

  useEffect(() => {
    if (experimentId === undefined) return;
    const abort = new AbortController();
    followExperiment(
      experimentId,
      (delta) => {
        const trial = delta.trials.find((other) => other.id === id);
        const jobs = delta.jobs.filter(({ trialId }) => trialId === id);
        const added = delta.events.filter(({ trialId }) => trialId === id);
        if (!trial && jobs.length === 0 && added.length === 0) return;
        setPatches((last) => ({
          trial: trial ?? last.trial,
          jobs: new Map([...last.jobs, ...jobs.map((job) => [job.id, job] as const)]),
          events: [...last.events, ...added],
        }));
      },
      abort.signal,
    ).catch((reason: unknown) => {
      noteError(reason);
      setError(reason);
    });
    return () => abort.abort();
  }, [experimentId, id]);

  return {
    trial: data ? (data.trial ? patched(data.trial, patches) : undefined) : null,
    events: mergeEvents(events.data?.events.nodes ?? [], patches.events),
    error: error ?? queryError,
    reload,
  };
}

function patched(trial: FullTrial, patches: Patches): FullTrial {
  const known = new Set(trial.jobs.map(({ id }) => id));
  const jobs = trial.jobs.map((job) => patches.jobs.get(job.id) ?? job);
  const added = [...patches.jobs.values()].filter(({ id }) => !known.has(id));
  return { ...trial, ...patches.trial, jobs: [...jobs, ...added].sort((a, b) => a.attempt - b.attempt) };
}

function mergeEvents(
  asked: readonly EventFieldsFragment[],
  added: readonly EventFieldsFragment[],
): EventFieldsFragment[] {
  const all = new Map([...asked, ...added].map((event) => [event.id, event]));
  return [...all.values()].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}
