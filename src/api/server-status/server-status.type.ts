import { Field, ObjectType } from 'type-graphql';
import type { ServerStatus } from '../../service/setup/server-status.js';
import { Access } from '../access.js';

@Access('viewer')
@ObjectType('ServerStatus', {
  description: 'What everybody who works with the server should know of it now.',
  simpleResolvers: true,
})
export class ServerStatusType implements ServerStatus {
  @Field(() => Boolean, {
    description: 'New metrics, logs and artifacts are refused with STORAGE_FULL; everything else goes on.',
  })
  storageFull!: boolean;

  @Field(() => String, { nullable: true, description: 'What is wrong and what to do; null when nothing is.' })
  message!: string | null;
}
