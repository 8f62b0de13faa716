/** The register of schedulers: to add one, write its file and its line here; the court runs over all of them. */

import { MethodError } from '../../method-error.js';
import { ashaPromote } from './asha-promote.js';
import { hyperbandPromote } from './hyperband-promote.js';
import { pbt } from './pbt.js';
import type { Scheduler, SchedulerDefinition } from './scheduler.js';

export const schedulers: Readonly<Record<string, SchedulerDefinition>> = {
  asha_promote: ashaPromote,
  hyperband_promote: hyperbandPromote,
  pbt,
};

/**
 * The scheduler of this kind with its options parsed.
 * @throws MethodError METHOD_UNKNOWN listing the kinds; OPTIONS_INVALID.
 */
export function createScheduler(kind: string, options: unknown): Scheduler {
  const definition = Object.hasOwn(schedulers, kind) ? schedulers[kind] : undefined;
  if (definition === undefined) {
    const kinds = Object.keys(schedulers);
    const message = `no scheduler is called ${JSON.stringify(kind)}: use one of ${kinds.join(', ')}`;
    throw new MethodError('METHOD_UNKNOWN', [{ path: 'scheduler.kind', message }], kinds);
  }
  return definition.create(options);
}
