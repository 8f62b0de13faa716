/** Branded identifiers: all are UUIDv7 text, made by the application from its clock and rng, never by the database. */

declare const brand: unique symbol;
type Id<Noun extends string> = string & { readonly [brand]: Noun };

export type OrganizationId = Id<'Organization'>;
export type ProjectId = Id<'Project'>;
export type ExperimentId = Id<'Experiment'>;
export type TrialId = Id<'Trial'>;
export type TrainingJobId = Id<'TrainingJob'>;
export type AlgorithmId = Id<'Algorithm'>;
export type AlgorithmVersionId = Id<'AlgorithmVersion'>;
export type DatasetId = Id<'Dataset'>;
export type DatasetVersionId = Id<'DatasetVersion'>;
export type ResourcePoolId = Id<'ResourcePool'>;
export type RunnerId = Id<'Runner'>;
export type ArtifactId = Id<'Artifact'>;
export type EventId = Id<'Event'>;
export type UserId = Id<'User'>;
export type ApiKeyId = Id<'ApiKey'>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether a text from outside has the form of one of our ids. Upper case is refused: one id has one spelling. */
export function isId(text: string): boolean {
  return UUID.test(text);
}
