/** The register of pruners: to add one, write its file and its line here; the court runs over all of them. */

import { MethodError } from '../method-error.js';
import { asha } from './asha.js';
import { forecast } from './forecast/forecast.js';
import { hyperband } from './hyperband.js';
import { median } from './median.js';
import { none } from './none.js';
import { patience } from './patience.js';
import { percentile } from './percentile.js';
import type { Pruner, PrunerDefinition } from './pruner.js';
import { threshold } from './threshold.js';
import { wilcoxon } from './wilcoxon.js';

export const pruners: Readonly<Record<string, PrunerDefinition>> = {
  none,
  median,
  percentile,
  threshold,
  patience,
  wilcoxon,
  asha,
  hyperband,
  forecast,
};

/**
 * The pruner of this kind with its options parsed.
 * @throws MethodError METHOD_UNKNOWN listing the kinds; OPTIONS_INVALID.
 */
export function createPruner(kind: string, options: unknown): Pruner {
  const definition = Object.hasOwn(pruners, kind) ? pruners[kind] : undefined;
  if (definition === undefined) {
    const kinds = Object.keys(pruners);
    const message = `no pruner is called ${JSON.stringify(kind)}: use one of ${kinds.join(', ')}`;
    throw new MethodError('METHOD_UNKNOWN', [{ path: 'pruner.kind', message }], kinds);
  }
  return definition.create(options);
}
