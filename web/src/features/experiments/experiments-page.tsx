/** All experiments, newest first; the list renews itself. */
import { Skeleton, TextInput } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { useRef } from 'react';
import { ExperimentsDocument } from '../../../../sdk/typescript/browser.js';
import { messageOf } from '../../api/client.js';
import { useQuery } from '../../api/use-query.js';
import { Crumbs } from '../../ui/crumbs.js';
import { formatCount } from '../../ui/format.js';
import { SearchIcon } from '../../ui/icons.js';
import { ErrorNotice } from '../../ui/notice.js';
import { useNow } from '../../ui/use-now.js';
import { ExperimentRow } from './experiment-row.js';
import './experiments.css';
import { GettingStarted } from './getting-started.js';
import type { ExperimentsSearch } from './search.js';

const REFRESH_MS = 3000;
const MOST_ROWS = 200;
const COLUMNS = ['Experiment', 'State', 'Trials', 'Best value', 'Sampler', 'Created'];

export interface ExperimentsPageProps {
  readonly search: ExperimentsSearch;
  onSearch(search: ExperimentsSearch): void;
}

export function ExperimentsPage({ search, onSearch }: ExperimentsPageProps) {
  const { data, error, reload } = useQuery(ExperimentsDocument, { first: MOST_ROWS }, { refreshMs: REFRESH_MS });
  const now = useNow();
  const filter = useRef<HTMLInputElement>(null);
  useHotkeys([['/', () => filter.current?.focus()]]);

  const all = data?.experiments.nodes ?? [];
  const words = (search.q ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const shown = all.filter(({ name, project, state }) => {
    const text = `${project.name}/${name} ${state}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const total = data?.experiments.totalCount ?? 0;

  return (
    <main className="tg-main" id="main">
      <title>Experiments · Trialgraph</title>
      <Crumbs>
        <li aria-current="page">Experiments</li>
      </Crumbs>
      <div className="tg-title">
        <div className="tg-title-line">
          <h1>Experiments</h1>
          {total > 0 && <span className="tg-muted tg-number">{countText(shown.length, total, words.length > 0)}</span>}
        </div>
        {all.length > 0 && (
          <TextInput
            ref={filter}
            size="xs"
            w={240}
            leftSection={<SearchIcon size={14} />}
            rightSection={<kbd>/</kbd>}
            placeholder="Filter by name or state"
            aria-label="Filter experiments"
            value={search.q ?? ''}
            onChange={({ currentTarget }) => onSearch({ q: currentTarget.value || undefined })}
            onKeyDown={({ key, currentTarget }) => {
              if (key !== 'Escape') return;
              onSearch({});
              currentTarget.blur();
            }}
          />
        )}
      </div>
      {!data && !error && <Loading />}
      {!data && error !== null && (
        <ErrorNotice title="The experiments could not be loaded" message={messageOf(error)} onRetry={reload} />
      )}
      {data && all.length === 0 && <GettingStarted />}
      {all.length > 0 && (
        <section className="tg-panel tg-experiments" aria-label="Experiments">
          <div className="tg-experiments-head" aria-hidden="true">
            {COLUMNS.map((column) => (
              <span key={column}>{column}</span>
            ))}
          </div>
          <ul>
            {shown.map((experiment) => (
              <ExperimentRow key={experiment.id} experiment={experiment} now={now} />
            ))}
          </ul>
          {shown.length === 0 && <p className="tg-quiet">No experiment matches “{search.q}”.</p>}
          {total > all.length && <p className="tg-quiet">The newest {formatCount(all.length)} are shown.</p>}
        </section>
      )}
    </main>
  );
}

function countText(shown: number, total: number, isFiltered: boolean): string {
  return isFiltered ? `${formatCount(shown)} of ${formatCount(total)}` : formatCount(total);
}

function Loading() {
  return (
    <section className="tg-panel tg-experiments" aria-busy="true" aria-label="Loading experiments">
      {[0, 1, 2, 3].map((row) => (
        <div key={row} className="tg-experiment">
          <Skeleton height={14} width="70%" />
          <Skeleton height={14} width={70} />
          <Skeleton height={14} />
          <Skeleton height={14} width="50%" />
          <Skeleton height={14} width={40} />
          <Skeleton height={14} width={70} />
        </div>
      ))}
    </section>
  );
}
