/** A button whose act cannot be taken back: it asks first. */
import { Button, Modal } from '@mantine/core';
import { type ReactNode, useState } from 'react';

export interface ConfirmButtonProps {
  readonly label: string;
  readonly icon: ReactNode;
  readonly question: string;
  readonly consequence: string;
  readonly isBusy: boolean;
  readonly testId?: string;
  onConfirm(): void;
}

export function ConfirmButton({ label, icon, question, consequence, isBusy, testId, onConfirm }: ConfirmButtonProps) {
  const [isOpen, setOpen] = useState(false);
  const confirm = (): void => {
    setOpen(false);
    onConfirm();
  };
  return (
    <>
      <Button
        size="xs"
        variant="default"
        leftSection={icon}
        loading={isBusy}
        data-testid={testId}
        onClick={() => setOpen(true)}
      >
        {label}
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title={question} centered size="sm">
        <p className="tg-subtitle">{consequence}</p>
        <div className="tg-actions" style={{ justifyContent: 'flex-end', marginTop: 'var(--tg-space-4)' }}>
          <Button size="xs" variant="default" onClick={() => setOpen(false)}>
            Cancel
          </Button>
          <Button size="xs" color="red.8" onClick={confirm} data-testid={testId && `${testId}-confirm`}>
            {label}
          </Button>
        </div>
      </Modal>
    </>
  );
}
