import type { OrganizationId, ResourcePoolId, RunnerId } from './ids.js';

export type RunnerState = 'ONLINE' | 'DRAINING' | 'OFFLINE';

export interface Gpu {
  readonly index: number;
  readonly uuid: string;
  readonly name: string;
  readonly memoryMiB: number;
}

/** An agent on a machine that executes jobs. */
export interface Runner {
  readonly id: RunnerId;
  readonly organizationId: OrganizationId;
  readonly poolId: ResourcePoolId;
  readonly name: string;
  readonly host: string;
  readonly slots: number;
  readonly gpus: readonly Gpu[];
  /** Changes with every start of the agent: tells a restart from a silence. */
  readonly bootId: string;
  readonly draining: boolean;
  readonly registeredAt: Date;
  readonly contactAt: Date;
}
