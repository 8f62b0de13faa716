import { EventEmitter, once } from 'node:events';
import { buildSchema, parse } from 'graphql';
import { expect, test } from 'vitest';
import { type SharedArgs, subscribeShared } from '../../src/api/shared-execution.js';

const schema = buildSchema('type Query { a: Int } type Subscription { metricsReported: Int }');
const document = parse('subscription { metricsReported }');

test('a subscriber who leaves ends its subscription, although it never wants more of what it was sent', async () => {
  let isSourceEnded = false;
  const rootValue = {
    async *metricsReported() {
      try {
        for (;;) yield { metricsReported: 1 };
      } finally {
        isSourceEnded = true;
      }
    },
  };
  const events = new EventEmitter();
  const deliver = (): Promise<void> => {
    events.emit('delivering');
    return new Promise(() => undefined);
  };
  const stream = await open({ schema, document, rootValue, deliver });

  const delivering = once(events, 'delivering');
  const next = stream.next();
  await delivering;
  await stream.return(undefined);

  expect(await next).toEqual({ done: true, value: undefined });
  expect(isSourceEnded).toBe(true);
});

async function open(args: SharedArgs) {
  const stream = await subscribeShared(args);
  if (!('next' in stream)) throw new Error(JSON.stringify(stream));
  return stream;
}
