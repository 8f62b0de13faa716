/** Chooses a method for every trial, and says why. */

import type { History } from '../history.js';
import { type ArmKind, type Choice, choose } from './auto-rules.js';
import { cma } from './cma/cma.js';
import { gp } from './gp/gp.js';
import { turbo } from './gp/turbo.js';
import { mfgp } from './mfgp/mfgp.js';
import { nsga2 } from './nsga2/nsga2.js';
import { random } from './random.js';
import { defineSampler, type SamplerDefinition } from './sampler.js';
import { tpe } from './tpe/tpe.js';

/** What it chooses among: to add an arm, add its line here and a rule that picks it. */
const ARMS: Readonly<Record<ArmKind, SamplerDefinition>> = { gp, mfgp, turbo, tpe, cma, nsga2, random };

/** `by` of a proposal is the method chosen; the explanation's reason says why. */
export const auto = defineSampler({
  kind: 'auto',
  summary: 'Chooses the method that suits the space, the trials so far and what a trial costs: start here.',
  source:
    'Our own rules, 2026; the methods that they choose from have their own sources. Compare AutoSampler: Ozaki et al. 2025, arXiv:2510.02798',
  options: [],
  objectives: 'any',
  suggestOne: (_, history, _rng, root) => {
    const { kind, options, reason } = chooseArm(history);
    // From the experiment's own stream: the method proposes what it would by itself, and finds its earlier draws again.
    const [proposal] = ARMS[kind].create(options).suggest(history, 1, root);
    if (proposal === undefined) return null;
    return { ...proposal, explanation: { ...proposal.explanation, reason } };
  },
});

/** The method for the next trial of this history. */
export function chooseArm(history: History): Choice {
  return choose(history);
}
