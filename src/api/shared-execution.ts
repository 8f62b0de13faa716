/**
 * Runs the messages of subscriptions. Services give the same object to all who follow the same points; the same
 * document makes the same reply of it, so that it is made once. Only of what depends on nothing else: see `replyKey`.
 */
import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  getOperationAST,
  Kind,
  print,
} from 'graphql';

/** What to execute, and how a shared reply is sent: resolves when the subscriber wants more. */
export interface SharedArgs extends ExecutionArgs {
  readonly deliver: (reply: ExecutionResult) => Promise<void>;
}

type Reply = ExecutionResult | Promise<ExecutionResult>;

/** Root fields whose values hold columns only: nothing in them is asked of the subscriber's own context. */
export const CONTEXT_FREE: ReadonlySet<string> = new Set(['metricsReported']);

const replies = new WeakMap<object, Map<string, Reply>>();

/** What graphql's own `subscribe` does; the stream skips replies that are shared, for it has them delivered itself. */
export async function subscribeShared({
  deliver,
  ...args
}: SharedArgs): Promise<ExecutionResult | AsyncGenerator<ExecutionResult>> {
  const source = await createSourceEventStream(args);
  if (!isStream(source)) return source;
  const key = replyKey(args);
  const events = source[Symbol.asyncIterator]();
  let isEnded = false;
  let stopWaiting = (): void => undefined;
  /** Until the subscriber wants more, or leaves: a stalled one says neither for long. */
  const delivered = (made: ExecutionResult): Promise<void> =>
    new Promise((resolve, reject) => {
      stopWaiting = resolve;
      deliver(made).then(resolve, reject);
    });
  const next = async (): Promise<IteratorResult<ExecutionResult>> => {
    for (;;) {
      const { done, value } = await events.next();
      if (done) return { done, value: undefined };
      const made = await reply(args, key, value);
      if (key === null || made.errors !== undefined) return { done: false, value: made };
      if (!isEnded) await delivered(made);
      if (isEnded) return { done: true, value: undefined };
    }
  };
  const end = async (): Promise<IteratorResult<ExecutionResult>> => {
    isEnded = true;
    stopWaiting();
    await events.return?.();
    return { done: true, value: undefined };
  };
  const stream: AsyncGenerator<ExecutionResult> = {
    next,
    return: end,
    throw: async (error: unknown) => {
      await end();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    [Symbol.asyncDispose]: async () => {
      await end();
    },
  };
  return stream;
}

function isStream(source: object): source is AsyncIterable<unknown> {
  return Symbol.asyncIterator in source;
}

function reply(args: ExecutionArgs, key: string | null, event: unknown): Reply {
  const run = () => execute({ ...args, rootValue: event });
  if (key === null || typeof event !== 'object' || event === null) return run();
  const known = replies.get(event) ?? new Map<string, Reply>();
  replies.set(event, known);
  const made = known.get(key) ?? run();
  known.set(key, made);
  return made;
}

/** Names what a reply depends on besides the event; null when that is more than the document. */
function replyKey({ document, operationName }: ExecutionArgs): string | null {
  const field = rootField(document, operationName);
  if (field === null || !CONTEXT_FREE.has(field.name.value)) return null;
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  const parts = [...(field.directives ?? []), field.selectionSet, ...fragments].map((node) =>
    node ? print(node) : '',
  );
  const text = parts.join('\n');
  // The arguments chose the events; below them a variable could only be a directive's.
  return text.includes('$') ? null : `${field.alias?.value ?? ''}:${field.name.value} ${text}`;
}

function rootField(document: DocumentNode, operationName: string | null | undefined) {
  const selections = getOperationAST(document, operationName)?.selectionSet.selections ?? [];
  const [only] = selections;
  return selections.length === 1 && only?.kind === Kind.FIELD ? only : null;
}
