import { TrialDocument } from '../../../sdk/typescript/generated/operations.js';
import type { Client } from '../../../sdk/typescript/node-client.js';
import { CommandError } from '../output.js';

/** One trial by `project/experiment/number` or id. @throws CommandError when there is none. */
export async function loadTrial(client: Client, pathOrId: string) {
  const { trial } = await client.request(TrialDocument, pathOrId.includes('/') ? { path: pathOrId } : { id: pathOrId });
  if (!trial) throw new CommandError(`no trial ${pathOrId}; name it project/experiment/number`);
  return trial;
}
