import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { OrganizationId, ProjectId } from '../../domain/ids.js';
import type { Project } from '../../domain/project.js';
import { Access } from '../access.js';
import { connectionType } from '../connection.js';

@Access('viewer')
@ObjectType('Project', {
  description: 'A body of work with its own members; holds experiments, algorithms and datasets.',
  simpleResolvers: true,
})
export class ProjectType implements Project {
  @Field(() => ID, { description: 'Identifier.' })
  id!: ProjectId;

  @Field(() => ID, { description: 'The organization that owns the project.' })
  organizationId!: OrganizationId;

  @Field(() => String, { description: 'Name, unique in the organization.' })
  name!: string;

  @Field(() => String, { description: 'Free text; may be empty.' })
  description!: string;

  @Field(() => Date, { description: 'When it was created.' })
  createdAt!: Date;

  @Field(() => Int, {
    nullable: true,
    description: "Days after a trial's end that its metric points are kept; null: for ever.",
  })
  metricRetentionDays!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: "Days after a trial's end that the lines of its logs are kept; null: for ever.",
  })
  logRetentionDays!: number | null;
}

export const ProjectConnection = connectionType<Project>('Project', 'projects', () => ProjectType, ['viewer']);
