import { pruners } from '../../../src/search/pruners/index.js';
import { type Nature, prunerCourt } from '../../contract/pruner.js';

const natures: Readonly<Record<string, Nature>> = {
  none: { passesNaN: true },
  wilcoxon: { passesNaN: true },
  // In its patient brackets.
  hyperband: { passesNaN: true },
};

for (const definition of Object.values(pruners)) prunerCourt(definition, natures[definition.kind]);
