/** One experiment, live: its own fields, its best trial, and the store of its trials. */
import { useCallback, useEffect, useState } from 'react';
import {
  ExperimentDocument,
  type ExperimentFieldsFragment,
  type TrialFieldsFragment,
  type TrialOrder,
} from '../../../../sdk/typescript/browser.js';
import { noteError } from '../../api/client.js';
import { useQuery } from '../../api/use-query.js';
import { followExperiment, loadTrials } from '../../live/experiment-feed.js';
import { TrialStore } from '../../live/trial-store.js';

/** Names of new metrics are no change of the experiment, so they are asked for. */
const REFRESH_MS = 5000;

export interface LiveExperiment {
  /** Null while it loads, undefined when there is none. */
  readonly experiment: ExperimentFieldsFragment | null | undefined;
  readonly best: TrialFieldsFragment | null;
  readonly trials: TrialStore;
  readonly error: unknown;
  reload(): void;
  /** Takes over what a mutation returned. */
  setExperiment(experiment: ExperimentFieldsFragment): void;
}

export function useExperiment(id: string, order: TrialOrder): LiveExperiment {
  const {
    data,
    error: queryError,
    reload: reloadQuery,
  } = useQuery(ExperimentDocument, { id }, { refreshMs: REFRESH_MS });
  const [trials] = useState(() => new TrialStore());
  const [live, setLive] = useState<{ experiment: ExperimentFieldsFragment; best: TrialFieldsFragment | null } | null>(
    null,
  );
  const [error, setError] = useState<unknown>(null);
  const [round, setRound] = useState(0);
  const isFollowed = live !== null;
  const orderKey = JSON.stringify(order);

  // `round` counts reloads.
  useEffect(() => {
    const abort = new AbortController();
    followExperiment(
      id,
      (delta) => {
        trials.patch(delta.trials);
        setLive({ experiment: delta.experiment, best: delta.bestTrial });
      },
      abort.signal,
    ).catch((reason: unknown) => {
      noteError(reason);
      setError(reason);
    });
    return () => abort.abort();
  }, [id, trials, round]);

  // `orderKey` stands for the order, `round` counts reloads.
  useEffect(() => {
    if (!isFollowed || trials.isComplete) return; // what changes after the first delta comes by deltas
    const abort = new AbortController();
    loadTrials(trials, id, order, abort.signal).catch((reason: unknown) => {
      if (!abort.signal.aborted) setError(reason);
    });
    return () => abort.abort();
  }, [id, trials, isFollowed, orderKey, round]);

  const reload = useCallback(() => {
    setError(null);
    setRound((last) => last + 1);
    reloadQuery();
  }, [reloadQuery]);
  const setExperiment = useCallback(
    (experiment: ExperimentFieldsFragment) => setLive((last) => ({ experiment, best: last?.best ?? null })),
    [],
  );

  const asked = data?.experiment;
  const experiment = live ? withKeys(live.experiment, asked?.metricKeys ?? []) : data ? (asked ?? undefined) : null;
  return {
    experiment,
    best: live?.best ?? asked?.bestTrial ?? null,
    trials,
    error: error ?? queryError,
    reload,
    setExperiment,
  };
}

function withKeys(experiment: ExperimentFieldsFragment, keys: readonly string[]): ExperimentFieldsFragment {
  const all = [...new Set([...experiment.metricKeys, ...keys])].sort();
  return all.length === experiment.metricKeys.length ? experiment : { ...experiment, metricKeys: all };
}
