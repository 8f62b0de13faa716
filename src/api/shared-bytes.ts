/**
 * Sends a reply that many subscribers get: its JSON is made once, and a large one lies in memory once, however many of
 * them do not read it. Only the frame around it, with the subscription's id, is each one's own.
 */
import type { ExecutionResult } from 'graphql';
import { MessageType } from 'graphql-ws';
import type { PacedSocket } from './paced-socket.js';

/** Below it a copy costs less than frames of their own. */
const LARGE_BYTES = 16 * 1024;

const textsOf = new WeakMap<ExecutionResult, string | Buffer>();

/** Resolves when the socket wants more, or has broken: then it is closed, which ends its subscriptions. */
export function sendShared(socket: PacedSocket, id: string, reply: ExecutionResult): Promise<void> {
  const text = textsOf.get(reply) ?? textOf(reply);
  textsOf.set(reply, text);
  const head = `{"id":${JSON.stringify(id)},"type":"${MessageType.Next}","payload":`;
  return new Promise((resolve) => {
    const done = (): void => resolve();
    if (typeof text === 'string') socket.send(`${head}${text}}`, done);
    else socket.sendAround(head, text, '}', done);
  });
}

function textOf(reply: ExecutionResult): string | Buffer {
  const text = JSON.stringify(reply);
  return Buffer.byteLength(text) < LARGE_BYTES ? text : Buffer.from(text);
}
