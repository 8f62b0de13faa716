/** Copies a text and says so for a moment. */
import { ActionIcon, CopyButton as Copy, Tooltip } from '@mantine/core';
import { CheckIcon, CopyIcon } from './icons.js';

export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    <Copy value={text} timeout={1500}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'Copied' : label}>
          <ActionIcon variant="subtle" color="gray" size="sm" onClick={copy} aria-label={copied ? 'Copied' : label}>
            {copied ? <CheckIcon size={14} /> : <CopyIcon size={14} />}
          </ActionIcon>
        </Tooltip>
      )}
    </Copy>
  );
}
