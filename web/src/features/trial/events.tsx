/** What happened to the trial, newest first. */
import type { EventFieldsFragment } from '../../../../sdk/typescript/browser.js';
import { formatState } from '../../ui/format.js';
import { Panel } from '../../ui/panel.js';

export function EventsPanel({ events }: { readonly events: readonly EventFieldsFragment[] }) {
  return (
    <Panel title="Events" note={events.length || undefined}>
      {events.length === 0 && <p className="tg-muted">None yet.</p>}
      <ol className="tg-events" data-testid="events">
        {events.map(({ id, at, kind, message }) => (
          <li key={id}>
            <time dateTime={at} className="tg-number tg-muted" title={new Date(at).toLocaleString('en-GB')}>
              {new Date(at).toLocaleTimeString('en-GB')}
            </time>
            <span>
              <b>{formatState(kind)}</b>
              {message !== '' && (
                <span className="tg-events-message" title={message}>
                  {message}
                </span>
              )}
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
