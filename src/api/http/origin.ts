/** Which hosts and origins this server answers to: a page of another site, or a name rebound to our address, gets nothing. */
import type { IncomingHttpHeaders } from 'node:http';
import { PlatformError } from '../../domain/errors.js';

export interface OriginPolicy {
  /** @throws HOST_REFUSED when the Host, or the Origin if there is one, is not one that we serve. */
  assertOurs(headers: IncomingHttpHeaders): void;
  /** @throws FORBIDDEN when a request with a cookie did not come from our own pages. `isSafe`: it changes nothing. */
  assertSameOrigin(headers: IncomingHttpHeaders, isSafe: boolean): void;
  /** Whether the Origin header names one of our own pages. */
  isOwnOrigin(origin: string | undefined): boolean;
}

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/** The policy for a port: loopback names, `host`, and names that were configured (with a port of their own, or ours). */
export function originPolicy(options: {
  readonly port: number;
  readonly host: string;
  readonly allowedHosts: readonly string[];
}): OriginPolicy {
  const { port } = options;
  const names = [...LOOPBACK, ...(isWildcard(options.host) ? [] : [bracketed(options.host)])];
  const hosts = new Set(
    names.flatMap((name) => (port === 80 || port === 443 ? [name, `${name}:${port}`] : [`${name}:${port}`])),
  );
  // A proxy in front has another port: a configured name is good with and without ours.
  for (const name of options.allowedHosts) for (const host of [name, `${name}:${port}`]) hosts.add(host.toLowerCase());

  const isOwnOrigin = (origin: string | undefined): boolean => {
    const match = /^https?:\/\/([^/]+)$/.exec(origin ?? '');
    return match !== null && hosts.has(String(match[1]).toLowerCase());
  };
  return {
    isOwnOrigin,
    assertOurs: ({ host, origin }) => {
      if (!hosts.has((host ?? '').toLowerCase())) {
        throw new PlatformError(
          'HOST_REFUSED',
          'this server does not answer to that host name; add it with TRIALGRAPH_ALLOWED_HOSTS',
        );
      }
      if (origin !== undefined && !isOwnOrigin(origin))
        throw new PlatformError('HOST_REFUSED', 'requests from pages of other sites are refused');
    },
    assertSameOrigin: (headers, isSafe) => {
      const site = headers['sec-fetch-site'];
      const isOurs =
        site === undefined
          ? isSafe || isOwnOrigin(headers.origin)
          : site === 'same-origin' || (isSafe && site === 'none');
      if (!isOurs)
        throw new PlatformError('FORBIDDEN', 'a login is good for requests of our own pages only; use an API key');
    },
  };
}

function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host.toLowerCase();
}
