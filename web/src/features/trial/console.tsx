/** The console of an attempt: only lines in view exist, new ones arrive by themselves. */
import { Button, SegmentedControl, Switch, TextInput } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { messageOf, noteError } from '../../api/client.js';
import { useFrameSignal } from '../../live/frame-signal.js';
import { feedLog, type LogPlace } from '../../live/log-feed.js';
import { type LogLine, LogStore } from '../../live/log-store.js';
import { formatClock, formatCount } from '../../ui/format.js';
import { SearchIcon } from '../../ui/icons.js';
import { Panel } from '../../ui/panel.js';
import type { TrialSearch } from './search.js';
import { type LogSearchState, useLogSearch } from './use-log-search.js';
import type { FullTrial } from './use-trial.js';

const LINE_HEIGHT = 19;
/** So near to the end counts as being there. */
const END_PX = 24;

export interface ConsoleProps {
  readonly trial: FullTrial;
  readonly search: TrialSearch;
  onSearch(change: TrialSearch): void;
}

export function Console({ trial, search, onSearch }: ConsoleProps) {
  const attempts =
    trial.jobs.length > 0 ? trial.jobs.map(({ attempt }) => attempt) : trial.attempt > 0 ? [trial.attempt] : [];
  const attempt = attempts.find((known) => known === search.attempt) ?? attempts[attempts.length - 1] ?? null;
  const jobId = trial.jobs.find((job) => job.attempt === attempt)?.id ?? null;
  const [isFollowing, setFollowing] = useState(true);
  const [isWhole, setWhole] = useState(false);
  const { store, error } = useLog(trial.id, attempt, jobId, isWhole);
  const version = useFrameSignal(store.signal);
  const find = (search.find ?? '').toLowerCase();
  // The store is read again at each version.
  const held = useMemo(
    () => (find === '' ? store.lines.slice() : store.lines.filter(({ text }) => text.toLowerCase().includes(find))),
    [store, version, find],
  );
  const earlier = useLogSearch(
    attempt === null ? null : { trialId: trial.id, attempt, jobId },
    search.find ?? '',
    isWhole ? 0 : store.earlier,
  );
  const lines = earlier.lines.length === 0 ? held : [...earlier.lines, ...held];

  return (
    <Panel
      title="Console"
      isFlush
      note={
        find === ''
          ? `${formatCount(lines.length)} lines`
          : `${formatCount(lines.length)}${earlier.isCut ? '+' : ''} of ${formatCount(store.earlier + store.lines.length)} lines${searchNote(earlier)}`
      }
      tools={
        <>
          {attempts.length > 1 && (
            <SegmentedControl
              size="xs"
              aria-label="Attempt"
              data={attempts.map((number) => ({ value: String(number), label: `attempt ${number}` }))}
              value={String(attempt)}
              onChange={(value) => onSearch({ attempt: Number(value) })}
            />
          )}
          <TextInput
            size="xs"
            w={180}
            leftSection={<SearchIcon size={14} />}
            placeholder="Find"
            aria-label="Find in the console"
            value={search.find ?? ''}
            onChange={({ currentTarget }) => onSearch({ find: currentTarget.value || undefined })}
            onKeyDown={({ key }) => key === 'Escape' && onSearch({ find: undefined })}
          />
          <Switch
            size="xs"
            label="Follow"
            checked={isFollowing}
            onChange={({ currentTarget }) => setFollowing(currentTarget.checked)}
          />
        </>
      }
    >
      {store.earlier > 0 && !isWhole && find === '' && (
        <div className="tg-console-earlier">
          {formatCount(store.earlier)} earlier lines
          <Button size="compact-xs" variant="subtle" onClick={() => setWhole(true)}>
            Load them
          </Button>
        </div>
      )}
      {lines.length === 0 ? (
        <p className="tg-quiet">{error ?? earlier.error ?? emptyText(find, trial, earlier)}</p>
      ) : (
        <Lines lines={lines} isFollowing={isFollowing} find={find} onFollowing={setFollowing} />
      )}
    </Panel>
  );
}

interface LinesProps {
  readonly lines: readonly LogLine[];
  readonly isFollowing: boolean;
  readonly find: string;
  onFollowing(isFollowing: boolean): void;
}

function Lines({ lines, isFollowing, find, onFollowing }: LinesProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_HEIGHT,
    overscan: 20,
  });

  // Every new line moves the end.
  useLayoutEffect(() => {
    if (isFollowing && scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight;
  }, [isFollowing, lines.length]);

  const stopWhenScrolledUp = (): void => {
    const element = scroller.current;
    if (!element) return;
    const isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight < END_PX;
    if (!isAtEnd && isFollowing) onFollowing(false);
  };

  return (
    <div
      ref={scroller}
      className="tg-console"
      role="log"
      aria-label="Console"
      data-testid="console"
      data-lines={lines.length}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroller must be reachable by keyboard
      tabIndex={0}
      onWheel={stopWhenScrolledUp}
      onKeyUp={stopWhenScrolledUp}
      onTouchEnd={stopWhenScrolledUp}
    >
      <div style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => (
          <div
            key={index}
            className="tg-console-line"
            data-source={lines[index]?.source}
            style={{ transform: `translateY(${start}px)` }}
          >
            <time>{formatClock((lines[index]?.time ?? 0) * 1000)}</time>
            <span>{marked(lines[index]?.text ?? '', find)}</span>
          </div>
        ))}
      </div>
    </div>
  );
}

function marked(text: string, find: string): React.ReactNode {
  const at = find === '' ? -1 : text.toLowerCase().indexOf(find);
  if (at < 0) return text;
  return (
    <>
      {text.slice(0, at)}
      <mark>{text.slice(at, at + find.length)}</mark>
      {text.slice(at + find.length)}
    </>
  );
}

/** Of a search that is still on its way, or that found more than is shown. */
function searchNote({ progress, isCut, error }: LogSearchState): string {
  if (error !== null) return ` · earlier lines not searched: ${error}`;
  if (isCut) return ' · the first are shown';
  return progress === null || progress === 1 ? '' : ` · searched ${Math.floor(progress * 100)} %`;
}

function emptyText(find: string, trial: FullTrial, { progress }: LogSearchState): string {
  if (find !== '') return progress === null || progress === 1 ? 'No line contains that.' : 'Searching…';
  return trial.endedAt === null ? 'Nothing was written yet.' : 'Nothing was written.';
}

function useLog(
  trialId: string,
  attempt: number | null,
  jobId: string | null,
  isWhole: boolean,
): { readonly store: LogStore; readonly error: string | null } {
  const [store] = useState(() => new LogStore());
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    if (attempt === null) return;
    const abort = new AbortController();
    const place: LogPlace = { trialId, attempt, jobId };
    setError(null);
    feedLog(store, { place, isWhole, signal: abort.signal }).catch((reason: unknown) => {
      noteError(reason);
      if (!abort.signal.aborted) setError(messageOf(reason));
    });
    return () => abort.abort();
  }, [store, trialId, attempt, jobId, isWhole]);
  return { store, error };
}
