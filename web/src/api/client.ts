/** The one client of the page, and what it knows about the connection and the session. */
import { Client, type DocumentText, type RequestOptions, TrialgraphError } from '../../../sdk/typescript/browser.js';
import { Observable } from './observable.js';

/** `connecting` until the first answer. */
export type Connection = 'connecting' | 'live' | 'reconnecting';

export const client = new Client({ url: '', apiKey: null });
export const connection = new Observable<Connection>('connecting');
export const isSignedOut = new Observable(false);

let isAnswering: boolean | null = null;

client.onConnection((state) => {
  if (state === 'connected') isAnswering = true;
  look();
});

/** The operation's data. Signed out is noted for the whole page. @throws TrialgraphError */
export async function request<Result, Variables>(
  document: DocumentText<Result, Variables>,
  variables: Variables,
  options: RequestOptions = {},
): Promise<Result> {
  try {
    const result = await client.request(document, variables, options);
    noteAnswer(true);
    return result;
  } catch (error) {
    noteError(error);
    throw error;
  }
}

/** Notes what an error says about session and connection; for errors of subscriptions. */
export function noteError(error: unknown): void {
  if (!(error instanceof TrialgraphError)) return;
  if (error.code === 'UNAUTHENTICATED') isSignedOut.set(true);
  noteAnswer(error.code !== 'NETWORK');
}

/** What to show a person. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether trying the same again cannot help. */
export function codeOf(error: unknown): string {
  return error instanceof TrialgraphError ? error.code : '';
}

function noteAnswer(isGood: boolean): void {
  isAnswering = isGood;
  look();
}

function look(): void {
  const socket = client.connectionState;
  if (socket === 'disconnected' || isAnswering === false) connection.set('reconnecting');
  else if (socket === 'connected' || (socket === 'idle' && isAnswering)) connection.set('live');
  else if (connection.get() !== 'live' && isAnswering === null) connection.set('connecting');
}
