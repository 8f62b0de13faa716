/** What the source of a method must hold: authors without a year cannot be found. */
export const YEAR = /\b(19|20)\d\d\b/;
