import { Arg, ID, Resolver, Root, Subscription } from 'type-graphql';
import type { ExperimentId } from '../../domain/ids.js';
import { followTrials } from '../../service/trial-live/follow-trials.js';
import { Access } from '../access.js';
import type { Context } from '../context.js';
import { live } from '../live.js';
import { WHERE } from './trial-filter.input.js';
import { TrialsMessageType } from './trials-message.type.js';

interface TrialsChangedArgs {
  readonly experimentId: ExperimentId;
  readonly where?: string | null;
  readonly after?: string | null;
}

@Resolver()
export class TrialsChangedResolver {
  @Access('viewer')
  @Subscription(() => TrialsMessageType, {
    description:
      'The trials of an experiment that match a filter: all of them, then what enters, changes and leaves as it is committed.',
    subscribe: ({ args, context }: { args: TrialsChangedArgs; context: Context }) =>
      live(context, (signal) => {
        const { experimentId, where = null, after = null } = args;
        const input = { experimentId, where, after, recheck: context.recheck };
        return followTrials(context.deps, context.principal, input, signal);
      }),
  })
  trialsChanged(
    @Root() message: TrialsMessageType,
    @Arg('experimentId', () => ID, { description: 'The experiment.' }) _experimentId: ExperimentId,
    @Arg('where', () => String, { nullable: true, description: WHERE }) _where: string | null,
    @Arg('after', () => String, {
      nullable: true,
      description: 'The last cursor received with the same filter. Unset: begin with all that match.',
    })
    _after: string | null,
  ): TrialsMessageType {
    return message;
  }
}
