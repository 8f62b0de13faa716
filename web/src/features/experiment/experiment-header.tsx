/** Name, state and method of an experiment, and the buttons that steer it. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import {
  type ExperimentFieldsFragment,
  PauseExperimentDocument,
  ResumeExperimentDocument,
  StopExperimentDocument,
} from '../../../../sdk/typescript/browser.js';
import { messageOf, request } from '../../api/client.js';
import { ConfirmButton } from '../../ui/confirm-button.js';
import { formatWord } from '../../ui/format.js';
import { PauseIcon, PlayIcon, StopIcon } from '../../ui/icons.js';
import { StateBadge } from '../../ui/state-badge.js';

export interface ExperimentHeaderProps {
  readonly experiment: ExperimentFieldsFragment;
  onChanged(experiment: ExperimentFieldsFragment): void;
}

export function ExperimentHeader({ experiment, onChanged }: ExperimentHeaderProps) {
  const { id, name, state, description, search } = experiment;
  const [busy, setBusy] = useState('');
  const [error, setError] = useState('');

  const act = async (what: string, send: () => Promise<ExperimentFieldsFragment>): Promise<void> => {
    setBusy(what);
    setError('');
    try {
      onChanged(await send());
    } catch (reason) {
      setError(messageOf(reason));
    }
    setBusy('');
  };
  const pause = async () => (await request(PauseExperimentDocument, { id })).pauseExperiment;
  const resume = async () => (await request(ResumeExperimentDocument, { id })).resumeExperiment;
  const stop = async () => (await request(StopExperimentDocument, { id })).stopExperiment;
  const isOpen = state === 'ACTIVE' || state === 'PAUSED';

  return (
    <div className="tg-title">
      <div className="tg-title-text">
        <div className="tg-title-line">
          <h1>{name}</h1>
          <StateBadge state={state} isLarge />
        </div>
        {description !== '' && <p className="tg-subtitle">{description}</p>}
        {search && <Method search={search} />}
        {error !== '' && (
          <p role="alert" className="tg-alert" data-state="FAILED" style={{ marginTop: 8 }}>
            {error}
          </p>
        )}
      </div>
      {isOpen && (
        <div className="tg-actions">
          {state === 'ACTIVE' ? (
            <Button
              size="xs"
              variant="default"
              leftSection={<PauseIcon size={14} />}
              loading={busy === 'pause'}
              onClick={() => void act('pause', pause)}
              data-testid="pause-experiment"
            >
              Pause
            </Button>
          ) : (
            <Button
              size="xs"
              leftSection={<PlayIcon size={14} />}
              loading={busy === 'resume'}
              onClick={() => void act('resume', resume)}
              data-testid="resume-experiment"
            >
              Resume
            </Button>
          )}
          <ConfirmButton
            label="Stop"
            icon={<StopIcon size={14} />}
            question={`Stop ${name}?`}
            consequence="Running trials are stopped, no new ones are proposed. This cannot be undone; to go on later, pause instead."
            isBusy={busy === 'stop'}
            testId="stop-experiment"
            onConfirm={() => void act('stop', stop)}
          />
        </div>
      )}
    </div>
  );
}

function Method({ search }: { readonly search: NonNullable<ExperimentFieldsFragment['search']> }) {
  const { objective, sampler, pruner, budget } = search;
  const limits = [
    [budget.maxHours, 'h'],
    [budget.maxGpuHours, 'GPU h'],
    [budget.maxSlotHours, 'slot h'],
  ] as const;
  const hours = limits.map(([most, unit]) => (most === null ? '' : `, at most ${most} ${unit}`)).join('');
  return (
    <p className="tg-method">
      <span>
        {formatWord(objective.goal)} <b>{objective.metric}</b>
      </span>
      <span>
        sampler <b>{sampler.kind}</b>
      </span>
      <span>
        pruner <b>{pruner.kind}</b>
      </span>
      <span>
        up to <b className="tg-number">{budget.maxParallel}</b> at once{hours}
      </span>
    </p>
  );
}
