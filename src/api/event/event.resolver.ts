import { Args, ArgsType, Ctx, Field, ID, Query, Resolver } from 'type-graphql';
import type { Event } from '../../domain/event.js';
import type { ExperimentId, ProjectId, TrialId } from '../../domain/ids.js';
import { listEvents } from '../../service/event/list-events.js';
import { Access } from '../access.js';
import { type Connection, connectionOf, PageArgs } from '../connection.js';
import type { Context } from '../context.js';
import { EventConnection, EventType } from './event.type.js';

@ArgsType()
class EventsArgs extends PageArgs {
  @Field(() => ID, { nullable: true, description: 'Events of this project.' })
  projectId?: ProjectId | null;

  @Field(() => ID, { nullable: true, description: 'Events of this experiment.' })
  experimentId?: ExperimentId | null;

  @Field(() => ID, { nullable: true, description: 'Events of this trial.' })
  trialId?: TrialId | null;
}

@Resolver(() => EventType)
export class EventResolver {
  @Access('viewer')
  @Query(() => EventConnection, { description: 'What happened, newest first. Give exactly one of the three ids.' })
  async events(
    @Args(() => EventsArgs) args: EventsArgs,
    @Ctx() { deps, principal }: Context,
  ): Promise<Connection<Event>> {
    return connectionOf(await listEvents(deps, principal, args));
  }
}
