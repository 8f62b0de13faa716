import { Field, ID, ObjectType } from 'type-graphql';
import type { TrialId } from '../../domain/ids.js';
import type { Trial } from '../../domain/trial.js';
import { Access } from '../access.js';
import { TrialType } from './trial.type.js';

@Access('viewer')
@ObjectType('TrialsMessage', {
  description:
    'How the trials that match a filter changed. Entered and updated trials are put in place by id, new or not; an id that left may be unknown.',
  simpleResolvers: true,
})
export class TrialsMessageType {
  @Field(() => Boolean, {
    description: 'Forget all trials received so far, and the cursor, then take this message: all that match follow.',
  })
  reset!: boolean;

  @Field(() => Boolean, {
    description: 'Whether the next message belongs to this one: a message names at most 1,000 trials.',
  })
  more!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Subscribe again with the last one after a lost connection; null while `more`.',
  })
  cursor!: string | null;

  @Field(() => [TrialType], { description: 'Trials that match now and did not before.' })
  entered!: readonly Trial[];

  @Field(() => [TrialType], { description: 'Trials that still match, and changed or got points.' })
  updated!: readonly Trial[];

  @Field(() => [ID], { description: 'Trials that match no more, or were deleted.' })
  left!: readonly TrialId[];
}
