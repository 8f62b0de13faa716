// biome-ignore-all lint/a11y/useSemanticElements: rows that are placed by hand cannot be those of a table element
// biome-ignore-all lint/a11y/useFocusableInteractive: cells are read, their buttons and links have the focus
/** One trial of the table. */
import { memo } from 'react';
import type { TrialEntry } from '../../live/trial-store.js';
import { formatDuration, formatMetric, formatParam } from '../../ui/format.js';
import { EyeIcon, EyeOffIcon } from '../../ui/icons.js';
import { type ChartColours, lineColour } from '../../ui/palette.js';
import { StateBadge } from '../../ui/state-badge.js';
import { type Column, cellOf, type RowContext } from './columns.js';

const TABLE_DIGITS = 4;

export interface TrialRowProps {
  readonly entry: TrialEntry;
  readonly index: number;
  readonly top: number;
  readonly template: string;
  readonly columns: readonly Column[];
  readonly context: RowContext;
  readonly colours: ChartColours;
  readonly isChosen: boolean;
  readonly isActive: boolean;
  readonly isBest: boolean;
}

/** Its table listens for clicks. */
export const TrialRow = memo(function TrialRow(props: TrialRowProps) {
  const { entry, index, top, template, columns, context, colours, isChosen, isActive, isBest } = props;
  const { trial } = entry;
  const label = isChosen ? `Take trial ${trial.number} out of the chart` : `Show trial ${trial.number} in the chart`;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className="tg-table-row"
      style={{ gridTemplateColumns: template, transform: `translateY(${top}px)` }}
      data-testid="trial-row"
      data-id={trial.id}
      data-number={trial.number}
      data-state={trial.state}
      data-active={isActive || undefined}
    >
      <span role="cell" className="tg-cell">
        <button
          type="button"
          className="tg-eye"
          data-eye
          aria-pressed={isChosen}
          aria-label={label}
          title={label}
          style={isChosen ? { color: lineColour(trial.number, colours) } : undefined}
        >
          {isChosen ? <EyeIcon /> : <EyeOffIcon />}
        </button>
      </span>
      {columns.map((column) => (
        <span key={column.id} role="cell" className="tg-cell" data-number={column.isNumeric || undefined}>
          <Cell entry={entry} column={column.id} context={context} isBest={isBest} />
        </span>
      ))}
    </div>
  );
});

interface CellProps {
  readonly entry: TrialEntry;
  readonly column: string;
  readonly context: RowContext;
  readonly isBest: boolean;
}

function Cell({ entry, column, context, isBest }: CellProps) {
  const { trial } = entry;
  if (column === 'number') {
    return (
      <a href={`/trials/${trial.id}`} title={trial.name ?? undefined}>
        {isBest && <span className="tg-best-mark">★ </span>}
        {trial.number}
      </a>
    );
  }
  if (column === 'state') return <StateCell trial={trial} />;
  const cell = cellOf(entry, column, context);
  if (column === 'duration') return Number.isNaN(cell) ? <Nothing /> : formatDuration(Number(cell));
  if (column === 'value' || column === 'last' || column === 'best') {
    return Number.isNaN(cell) ? (
      <Nothing />
    ) : (
      <span className={column === 'value' ? 'tg-strong' : undefined}>{formatMetric(Number(cell))}</span>
    );
  }
  if (cell === undefined || cell === null) return <Nothing />;
  const text = formatParam(cell, TABLE_DIGITS);
  return <span title={text.length > 14 ? text : undefined}>{text}</span>;
}

function StateCell({ trial }: { readonly trial: TrialEntry['trial'] }) {
  const isSilent = trial.contact === 'DISCONNECTED' || trial.contact === 'LOST';
  const title = isSilent
    ? 'Running, but its program was not heard of for a while'
    : (trial.message ?? trial.stopMessage);
  return (
    <span title={title ?? undefined}>
      {isSilent ? <StateBadge state="SILENT" label="No contact" /> : <StateBadge state={trial.state} />}
    </span>
  );
}

function Nothing() {
  return <span className="tg-muted">–</span>;
}
