/** What a page or panel says when it has nothing else to show. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { CopyButton } from './copy-button.js';

export function Notice({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div className="tg-notice">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** Something could not be loaded. */
export function ErrorNotice({
  title,
  message,
  onRetry,
}: {
  readonly title: string;
  readonly message: string;
  onRetry(): void;
}) {
  return (
    <div className="tg-panel" role="alert">
      <Notice title={title}>
        <p>{message}</p>
        <Button size="xs" variant="default" onClick={onRetry}>
          Try again
        </Button>
      </Notice>
    </div>
  );
}

/** Code to copy. */
export function Snippet({ code, label }: { readonly code: string; readonly label: string }) {
  return (
    <div className="tg-snippet">
      <pre>{code}</pre>
      <CopyButton text={code} label={`Copy ${label}`} />
    </div>
  );
}
