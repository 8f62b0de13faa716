/** Description of the argument that makes a mutation safe to retry (rule 5). */
export const REQUEST_ID =
  'A text of your own, unique per request, e.g. a UUID. Sent again with the same input, it returns the first reply instead of doing the work twice. Kept at least 24 hours.';
