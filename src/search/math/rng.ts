/** Forked randomness: streams addressed by a path of keys, so that no draw depends on how many others were made. */

/** Makes a generator of uniform numbers in [0, 1) from a seed; seedrandom's `alea(seed).double` has all 53 bits. */
export type MakeGenerator = (seed: string) => () => number;

export interface Rng {
  /** The next uniform number in [0, 1). */
  readonly next: () => number;
  /** The stream at this key: depends on the path of keys and never on draws made before. */
  readonly fork: (key: string) => Rng;
  /** The root stream of another seed, for methods that bring their own. */
  readonly reseed: (seed: string) => Rng;
}

/** The stream at the root of a seed. Generators are made at the first draw: a fork that is only forked costs nothing. */
export function createRng(seed: string, makeGenerator: MakeGenerator): Rng {
  return streamAt(withoutSlash(seed), makeGenerator);
}

function streamAt(path: string, makeGenerator: MakeGenerator): Rng {
  let draw: (() => number) | null = null;
  return {
    next: () => {
      draw ??= makeGenerator(path);
      return draw();
    },
    fork: (key) => streamAt(`${path}/${withoutSlash(key)}`, makeGenerator),
    reseed: (seed) => createRng(seed, makeGenerator),
  };
}

/** Keeps keys that hold a slash from meeting the path of another fork. */
function withoutSlash(key: string): string {
  return key.replaceAll('%', '%25').replaceAll('/', '%2F');
}
