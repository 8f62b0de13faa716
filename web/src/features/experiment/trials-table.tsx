/** The trials of the experiment: which states and which order, filter and keyboard. */
import { TextInput } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { useMemo, useRef, useState } from 'react';
import type { TrialState } from '../../../../sdk/typescript/browser.js';
import { useFrameSignal } from '../../live/frame-signal.js';
import type { SeriesStore } from '../../live/series-store.js';
import type { TrialStore } from '../../live/trial-store.js';
import { formatCount, formatState } from '../../ui/format.js';
import { SearchIcon } from '../../ui/icons.js';
import { Panel } from '../../ui/panel.js';
import type { ProgressCounts } from '../../ui/progress-bar.js';
import { useNow } from '../../ui/use-now.js';
import { columnsOf, nextSort, type RowContext, readSort, sortRows } from './columns.js';
import { filterOf } from './filter.js';
import { metricStats } from './metric-stats.js';
import { type ExperimentSearch, TRIAL_STATES } from './search.js';
import { TrialsBody } from './trials-body.js';
import './trials-table.css';

const LIVE_COLUMNS = ['last', 'best', 'duration'];

export interface TrialsTableProps {
  readonly trials: TrialStore;
  readonly series: SeriesStore;
  readonly counts: ProgressCounts;
  readonly metric: string | null;
  readonly isMinimize: boolean;
  readonly hasObjective: boolean;
  readonly chosen: readonly number[];
  readonly bestId: string | null;
  readonly search: ExperimentSearch;
  onSearch(change: ExperimentSearch): void;
  onToggle(number: number): void;
  onOpen(trialId: string): void;
}

export function TrialsTable(props: TrialsTableProps) {
  const {
    trials,
    series,
    counts,
    metric,
    isMinimize,
    hasObjective,
    chosen,
    bestId,
    search,
    onSearch,
    onToggle,
    onOpen,
  } = props;
  const version = useFrameSignal(trials.signal);
  const seriesVersion = useFrameSignal(series.signal);
  const now = useNow(counts.running > 0);
  const [activeId, setActiveId] = useState<string | null>(null);
  const filter = useRef<HTMLInputElement>(null);

  const sort = readSort(search.sort);
  // The stores are read again at each version.
  const context: RowContext = useMemo(
    () => ({
      now,
      statsOf: ({ trial, summary }) =>
        metric === null
          ? { last: Number.NaN, best: Number.NaN }
          : metricStats(summary, series.summary(trial.id, metric), metric, isMinimize),
    }),
    [now, series, seriesVersion, metric, isMinimize],
  );
  const liveVersion = LIVE_COLUMNS.includes(sort.column) ? `${seriesVersion} ${now}` : '';
  const { columns, rows } = useMemo(() => {
    const all = trials.all();
    const test = filterOf(search.q ?? '', search.states);
    return {
      columns: columnsOf(all, { metric, isMinimize, hasObjective }),
      rows: sortRows(
        all.filter((entry) => test(entry, context)),
        sort,
        context,
      ),
    };
  }, [trials, version, liveVersion, search.q, search.states, search.sort, metric, isMinimize, hasObjective]);

  const move = (by: number): void => {
    const at = rows.findIndex(({ trial }) => trial.id === activeId);
    const next = at < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, at + by));
    setActiveId(rows[next]?.trial.id ?? null);
  };
  useHotkeys([
    ['j', () => move(1)],
    ['k', () => move(-1)],
    ['Enter', () => activeId !== null && onOpen(activeId), { preventDefault: false }],
    ['/', () => filter.current?.focus()],
    ['Escape', () => setActiveId(null)],
  ]);

  const shown = useMemo(() => new Set(chosen), [chosen]);
  const isFiltered = search.q !== undefined || search.states !== undefined;

  return (
    <Panel
      title="Trials"
      note={countText(rows.length, trials, counts.total, isFiltered)}
      isFlush
      tools={
        <>
          <StateChips counts={counts} states={search.states} onChange={(states) => onSearch({ states })} />
          <TextInput
            ref={filter}
            size="xs"
            className="tg-table-filter"
            leftSection={<SearchIcon size={14} />}
            rightSection={<kbd>/</kbd>}
            placeholder="Filter: word, or lr > 0.01"
            aria-label="Filter trials by words or comparisons"
            value={search.q ?? ''}
            onChange={({ currentTarget }) => onSearch({ q: currentTarget.value || undefined })}
            onKeyDown={({ key, currentTarget }) => {
              if (key !== 'Escape') return;
              onSearch({ q: undefined });
              currentTarget.blur();
            }}
          />
        </>
      }
    >
      <TrialsBody
        rows={rows}
        columns={columns}
        context={context}
        sort={sort}
        chosen={shown}
        activeId={activeId}
        bestId={bestId}
        empty={emptyText(trials, counts.total, isFiltered)}
        onSort={(column) => onSearch({ sort: nextSort(sort, column, isMinimize) })}
        onToggle={onToggle}
        onOpen={onOpen}
      />
      <footer className="tg-table-foot tg-keys">
        <kbd>j</kbd> <kbd>k</kbd> rows · <kbd>Enter</kbd> open · <kbd>/</kbd> filter · <kbd>Esc</kbd> clear
      </footer>
    </Panel>
  );
}

function countText(shown: number, trials: TrialStore, total: number, isFiltered: boolean): string {
  const known = Math.max(total, trials.size);
  if (trials.size < total) return `${formatCount(trials.size)} of ${formatCount(total)} loaded`;
  return isFiltered ? `${formatCount(shown)} of ${formatCount(known)}` : formatCount(known);
}

function emptyText(trials: TrialStore, total: number, isFiltered: boolean): string {
  if (isFiltered && trials.size > 0) return 'No trial passes the filter.';
  return total > 0 && !trials.isComplete ? 'Loading trials …' : 'No trials yet.';
}

interface StateChipsProps {
  readonly counts: ProgressCounts;
  readonly states: readonly TrialState[] | undefined;
  onChange(states: readonly TrialState[] | undefined): void;
}

function StateChips({ counts, states = [], onChange }: StateChipsProps) {
  const shown = TRIAL_STATES.filter((state) => countOf(counts, state) > 0 || states.includes(state));
  const toggle = (state: TrialState): void => {
    const next = states.includes(state) ? states.filter((other) => other !== state) : [...states, state];
    onChange(next.length > 0 ? next : undefined);
  };
  return (
    <fieldset className="tg-chips" aria-label="States shown">
      {shown.map((state) => (
        <button
          key={state}
          type="button"
          className="tg-chip"
          data-state={state}
          aria-pressed={states.includes(state)}
          onClick={() => toggle(state)}
        >
          {formatState(state)} <span className="tg-number tg-muted">{formatCount(countOf(counts, state))}</span>
        </button>
      ))}
    </fieldset>
  );
}

function countOf(counts: ProgressCounts, state: TrialState): number {
  return counts[state.toLowerCase() as keyof ProgressCounts];
}
