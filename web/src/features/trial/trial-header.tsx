/** Which trial this is, how it stands and why; the button that stops it. */
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { decodeFloat, StopTrialDocument } from '../../../../sdk/typescript/browser.js';
import { messageOf, request } from '../../api/client.js';
import { ConfirmButton } from '../../ui/confirm-button.js';
import { formatMetric, formatWord } from '../../ui/format.js';
import { StopIcon } from '../../ui/icons.js';
import { StateBadge } from '../../ui/state-badge.js';
import type { FullTrial } from './use-trial.js';

export function TrialHeader({ trial, onStopped }: { readonly trial: FullTrial; onStopped(): void }) {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const stop = async (): Promise<void> => {
    setBusy(true);
    setError('');
    try {
      await request(StopTrialDocument, { id: trial.id, reason: 'stopped from the dashboard' });
      onStopped();
    } catch (reason) {
      setError(messageOf(reason));
    }
    setBusy(false);
  };
  const isOpen = trial.state === 'WAITING' || trial.state === 'RUNNING';
  const isAsked = isOpen && trial.stopReason !== null;
  const objective = trial.experiment.search?.objective;

  return (
    <>
      <div className="tg-title">
        <div className="tg-title-text">
          <div className="tg-title-line">
            <h1>
              <span className="tg-muted">Trial</span> {trial.number}
            </h1>
            <StateBadge state={trial.state} isLarge />
            {trial.contact !== null && trial.contact !== 'LIVE' && (
              <span className="tg-muted">{formatWord(trial.contact)}: no sign from the program</span>
            )}
            {isAsked && <span className="tg-muted">asked to stop</span>}
          </div>
          <p className="tg-subtitle">
            {trial.value !== null && objective && (
              <>
                {objective.metric} <strong className="tg-number">{formatMetric(decodeFloat(trial.value))}</strong>
                {' · '}
              </>
            )}
            {trial.name !== null && `${trial.name} · `}in{' '}
            <Link to="/experiments/$id" params={{ id: trial.experimentId }} className="tg-link">
              {trial.experiment.name}
            </Link>
          </p>
        </div>
        {isOpen && (
          <div className="tg-actions">
            <ConfirmButton
              label="Stop"
              icon={<StopIcon size={14} />}
              question={`Stop trial ${trial.number}?`}
              consequence="The program is asked to end; what it reported so far is kept."
              isBusy={isBusy}
              testId="stop-trial"
              onConfirm={() => void stop()}
            />
          </div>
        )}
      </div>
      {error !== '' && (
        <div role="alert" className="tg-alert" data-state="FAILED">
          {error}
        </div>
      )}
      <Reason trial={trial} />
    </>
  );
}

/** Why it failed or was ended. */
function Reason({ trial }: { readonly trial: FullTrial }) {
  if (trial.state === 'FAILED') {
    return (
      <div className="tg-alert" data-state="FAILED" data-testid="trial-cause">
        <strong>Failed: {trial.cause === null ? 'no cause is known' : formatWord(trial.cause)}</strong>
        {trial.message !== null && <pre>{trial.message}</pre>}
      </div>
    );
  }
  const text = trial.stopMessage ?? trial.message;
  if (trial.state === 'WAITING' && trial.paused) {
    return (
      <div className="tg-alert" data-state="WAITING">
        <strong>Paused</strong> {text}
      </div>
    );
  }
  if (trial.state === 'COMPLETED' && trial.stopReason !== null) {
    return (
      <div className="tg-alert" data-state="STOPPED">
        <strong>Asked to stop</strong> {text}: the program then ended by itself, so its value counts.
      </div>
    );
  }
  if ((trial.state !== 'PRUNED' && trial.state !== 'STOPPED') || text === null) return null;
  return (
    <div className="tg-alert" data-state={trial.state}>
      <strong>{trial.state === 'PRUNED' ? 'Pruned' : 'Stopped'}</strong> {text}
    </div>
  );
}
