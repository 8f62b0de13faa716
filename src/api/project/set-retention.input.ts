import { Field, ID, InputType, Int } from 'type-graphql';
import { REQUEST_ID } from '../request-id.js';

@InputType('SetRetentionInput', { description: 'How long a project keeps what trials recorded.' })
export class SetRetentionInputType {
  @Field(() => ID, { description: 'The project.' })
  projectId!: string;

  @Field(() => Int, {
    nullable: true,
    description:
      "Days after a trial's end that its metric points are kept, 1 to 36500; null: for ever. Summaries always stay.",
  })
  metricDays?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: "Days after a trial's end that the lines of its logs are kept, 1 to 36500; null: for ever.",
  })
  logDays?: number | null;

  @Field(() => String, { nullable: true, description: REQUEST_ID })
  clientRequestId?: string | null;
}
