/** The random numbers of `search/`: seedrandom's alea with all 53 bits of a double. */
import seedrandom from 'seedrandom';
import type { MakeGenerator } from '../../search/math/rng.js';

export const seededGenerator: MakeGenerator = (seed) => seedrandom.alea(seed).double;
