/** A titled surface. */
import type { ReactNode } from 'react';

export interface PanelProps {
  readonly title: ReactNode;
  readonly note?: ReactNode;
  readonly tools?: ReactNode;
  /** The content touches the edges. */
  readonly isFlush?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}

export function Panel({ title, note, tools, isFlush = false, className, children }: PanelProps) {
  return (
    <section className={className === undefined ? 'tg-panel' : `tg-panel ${className}`}>
      <header className="tg-panel-head">
        <h2>{title}</h2>
        {note !== undefined && <span className="tg-panel-note tg-number">{note}</span>}
        {tools !== undefined && <div className="tg-panel-tools">{tools}</div>}
      </header>
      <div className="tg-panel-body" data-flush={isFlush || undefined}>
        {children}
      </div>
    </section>
  );
}
