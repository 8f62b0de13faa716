import { ExperimentIdentityDocument } from '../../../sdk/typescript/generated/operations.js';
import type { Client } from '../../../sdk/typescript/node-client.js';
import { CommandError } from '../output.js';

/** The id of `project/name` or of an id. @throws CommandError when there is none. */
export async function experimentId(client: Client, nameOrId: string): Promise<string> {
  const which = nameOrId.includes('/') ? { path: nameOrId } : { id: nameOrId };
  const { experiment } = await client.request(ExperimentIdentityDocument, which);
  if (!experiment)
    throw new CommandError(`no experiment ${nameOrId}; name it project/name (see \`trialgraph experiment list\`)`);
  return experiment.id;
}
