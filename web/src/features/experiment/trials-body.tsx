// biome-ignore-all lint/a11y/useSemanticElements: rows that are placed by hand cannot be those of a table element
// biome-ignore-all lint/a11y/useFocusableInteractive: cells are read, their buttons and links have the focus
/** Head and rows of the table of trials: only rows in view exist, and scrolling draws nothing else. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type MouseEvent, type ReactNode, useEffect, useRef } from 'react';
import type { TrialEntry } from '../../live/trial-store.js';
import { useChartColours } from '../../ui/palette.js';
import type { Column, RowContext, Sort } from './columns.js';
import { TrialRow } from './trial-row.js';

const ROW_HEIGHT = 34;
const EYE_WIDTH = 40;
const OVERSCAN = 10;

export interface TrialsBodyProps {
  readonly rows: readonly TrialEntry[];
  readonly columns: readonly Column[];
  readonly context: RowContext;
  readonly sort: Sort;
  readonly chosen: ReadonlySet<number>;
  readonly activeId: string | null;
  readonly bestId: string | null;
  /** Shown when there are no rows. */
  readonly empty: ReactNode;
  onSort(column: string): void;
  onToggle(number: number): void;
  onOpen(trialId: string): void;
}

export function TrialsBody(props: TrialsBodyProps) {
  const { rows, columns, context, sort, chosen, activeId, bestId, empty, onSort, onToggle, onOpen } = props;
  const colours = useChartColours();
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
    getItemKey: (index) => rows[index]?.trial.id ?? index,
  });
  const activeIndex = activeId === null ? -1 : rows.findIndex(({ trial }) => trial.id === activeId);
  useEffect(() => {
    if (activeIndex >= 0) virtualizer.scrollToIndex(activeIndex);
  }, [activeIndex, virtualizer]);

  const template = `${EYE_WIDTH}px ${columns.map(({ width }) => `minmax(${width}px, ${width}fr)`).join(' ')}`;
  const minWidth = columns.reduce((sum, { width }) => sum + width, EYE_WIDTH);

  /** One listener for all rows: a link opened with a modifier key is the browser's. */
  const click = (event: MouseEvent<HTMLElement>): void => {
    const target = event.target as HTMLElement;
    const row = target.closest<HTMLElement>('[data-id]');
    if (!row || (target.closest('a') && (event.metaKey || event.ctrlKey || event.shiftKey))) return;
    event.preventDefault();
    if (target.closest('[data-eye]')) onToggle(Number(row.dataset.number));
    else onOpen(row.dataset.id ?? '');
  };

  return (
    <div
      ref={scroller}
      className="tg-table"
      role="table"
      aria-label="Trials"
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length + 1}
      data-testid="trials-table"
      data-rows={rows.length}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroller must be reachable by keyboard
      tabIndex={0}
    >
      <div style={{ minWidth }}>
        <div className="tg-table-head" role="row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
          <span role="columnheader" className="tg-cell">
            <span className="tg-hidden">In the chart</span>
          </span>
          {columns.map((column) => (
            <ColumnHead
              key={column.id}
              column={column}
              direction={sort.column === column.id ? sort.direction : null}
              onSort={onSort}
            />
          ))}
        </div>
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: links and buttons in the rows do the same by keyboard */}
        <div role="rowgroup" className="tg-table-rows" style={{ height: virtualizer.getTotalSize() }} onClick={click}>
          {virtualizer.getVirtualItems().map(({ index, key, start }) => {
            const entry = rows[index];
            if (!entry) return null;
            const { id, number } = entry.trial;
            return (
              <TrialRow
                key={key}
                entry={entry}
                index={index}
                top={start}
                template={template}
                columns={columns}
                context={context}
                colours={colours}
                isChosen={chosen.has(number)}
                isActive={id === activeId}
                isBest={id === bestId}
              />
            );
          })}
        </div>
      </div>
      {rows.length === 0 && <p className="tg-quiet">{empty}</p>}
    </div>
  );
}

interface ColumnHeadProps {
  readonly column: Column;
  /** Null when the rows are not in this column's order. */
  readonly direction: Sort['direction'] | null;
  onSort(column: string): void;
}

function ColumnHead({ column, direction, onSort }: ColumnHeadProps) {
  const { id, label, title, isNumeric } = column;
  const order = direction === null ? 'none' : direction === 'asc' ? 'ascending' : 'descending';
  return (
    <span role="columnheader" aria-sort={order} className="tg-cell" data-number={isNumeric || undefined}>
      <button type="button" title={title} onClick={() => onSort(id)}>
        <span>{label}</span>
        {direction !== null && <i aria-hidden="true">{direction === 'asc' ? '↑' : '↓'}</i>}
      </button>
    </span>
  );
}
