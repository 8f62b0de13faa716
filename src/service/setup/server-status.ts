import type { Deps } from '../deps.js';

/** What everybody who works with the server should know of it now. */
export interface ServerStatus {
  /** New metrics, logs and artifacts are refused with STORAGE_FULL; everything else goes on. */
  readonly storageFull: boolean;
  /** What is wrong and what to do; null when nothing is. */
  readonly message: string | null;
}

/** As this server sees it: another one may be a measurement ahead. */
export function serverStatus(deps: Deps): ServerStatus {
  const { isFull, message } = deps.storage.status();
  return { storageFull: isFull, message };
}
