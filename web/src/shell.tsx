/** The frame of every page: mark, place, connection, colour scheme; and the sign-in page when the session is missing. */
import { ActionIcon, type MantineColorScheme, Tooltip, useMantineColorScheme } from '@mantine/core';
import { Link, Outlet } from '@tanstack/react-router';
import { useState } from 'react';
import { ServerStatusDocument } from '../../sdk/typescript/browser.js';
import { connection, isSignedOut } from './api/client.js';
import { useObservable } from './api/observable.js';
import { useQuery } from './api/use-query.js';
import { SignIn } from './sign-in.js';
import { CrumbPlace } from './ui/crumbs.js';
import { LogoIcon, MoonIcon, SunIcon, SystemIcon } from './ui/icons.js';

const STATUS_MS = 15_000;

const CONNECTIONS = {
  connecting: { text: 'Connecting', title: 'Connecting to the server' },
  live: { text: 'Live', title: 'Changes appear by themselves' },
  reconnecting: { text: 'Reconnecting', title: 'The server does not answer; what is shown may be old' },
} as const;

export function Shell() {
  const [place, setPlace] = useState<HTMLElement | null>(null);
  const signedOut = useObservable(isSignedOut);
  return (
    <CrumbPlace.Provider value={place}>
      <a href="#main" className="tg-skip">
        Skip to content
      </a>
      <header className="tg-header">
        <Link to="/" className="tg-logo" aria-label="Trialgraph: all experiments">
          <LogoIcon />
          <span className="tg-wordmark">Trialgraph</span>
        </Link>
        <nav className="tg-crumbs" aria-label="Breadcrumb" ref={setPlace} />
        {!signedOut && <ConnectionState />}
        <SchemeToggle />
      </header>
      {!signedOut && <ServerNotice />}
      {signedOut ? <SignIn /> : <Outlet />}
    </CrumbPlace.Provider>
  );
}

/** What everybody should know of the server, such as a full disk; nothing when all is well. */
function ServerNotice() {
  const { data } = useQuery(ServerStatusDocument, {}, { refreshMs: STATUS_MS });
  const message = data?.serverStatus.message;
  if (!message) return null;
  return (
    <p className="tg-server-notice" role="alert" data-testid="server-notice">
      {`New metrics, logs and artifacts wait: ${message}.`}
    </p>
  );
}

function ConnectionState() {
  const state = useObservable(connection);
  const { text, title } = CONNECTIONS[state];
  return (
    <span className="tg-connection" data-testid="connection-state" data-state={state} role="status" title={title}>
      {text}
    </span>
  );
}

const SCHEMES: readonly MantineColorScheme[] = ['auto', 'light', 'dark'];
const SCHEME_LOOKS = {
  auto: { label: 'Colours: as the system', icon: <SystemIcon /> },
  light: { label: 'Colours: light', icon: <SunIcon /> },
  dark: { label: 'Colours: dark', icon: <MoonIcon /> },
} as const;

function SchemeToggle() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { label, icon } = SCHEME_LOOKS[colorScheme];
  const next = SCHEMES[(SCHEMES.indexOf(colorScheme) + 1) % SCHEMES.length] ?? 'auto';
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={label}
        onClick={() => setColorScheme(next)}
        data-testid="colour-scheme"
      >
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}
