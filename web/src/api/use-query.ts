/** One query as a hook: data, error, reload; optionally again every few seconds while the page is visible. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { DocumentText } from '../../../sdk/typescript/browser.js';
import { request } from './client.js';

export interface QueryState<Result> {
  /** The last answer; kept while a refresh fails. */
  readonly data: Result | null;
  readonly error: unknown;
  reload(): void;
}

/** The state of `document` with `variables`; asked again when they change and every `refreshMs`. */
export function useQuery<Result, Variables>(
  document: DocumentText<Result, Variables>,
  variables: Variables,
  options: { readonly refreshMs?: number } = {},
): QueryState<Result> {
  const key = JSON.stringify(variables);
  const [state, setState] = useState<{ key: string; data: Result | null; error: unknown }>({
    key,
    data: null,
    error: null,
  });
  const [round, setRound] = useState(0);
  const latest = useRef(variables);
  latest.current = variables;
  const { refreshMs } = options;

  // `key` stands for the variables, `round` for a reload.
  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      try {
        const data = await request(document, latest.current, { signal: abort.signal, retry: false });
        if (!abort.signal.aborted) setState({ key, data, error: null });
      } catch (error) {
        if (abort.signal.aborted) return;
        setState((last) => ({ key, data: last.key === key ? last.data : null, error }));
      }
      if (refreshMs !== undefined && !abort.signal.aborted) timer = setTimeout(again, refreshMs);
    };
    const again = (): void => {
      if (window.document.hidden) timer = setTimeout(again, 500);
      else void ask();
    };
    void ask();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [document, key, refreshMs, round]);

  const reload = useCallback(() => setRound((last) => last + 1), []);
  return { data: state.data, error: state.error, reload };
}
