/**
 * Version of the search room, kept with every proposal. Raised when any method would answer the same history differently:
 * replay is promised within one version.
 */
export const ENGINE_VERSION = '2';
