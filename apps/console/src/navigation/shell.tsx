import { ActionIcon, Button, Text, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { type ReactElement, useEffect, useRef, useSyncExternalStore } from 'react';
import { useApi } from '../api/api-context.ts';
import { environmentQuery } from '../api/directory-queries.ts';
import { Notice } from '../elements/notice.tsx';
import { useSession } from '../session/session-context.ts';
import classes from './shell.module.css';

const PLACES = [
  { to: '/rules', label: 'Provisioning rules' },
  { to: '/users', label: 'Users' },
  { to: '/groups', label: 'Groups' },
  { to: '/gateways', label: 'Gateways' },
  { to: '/activities', label: 'Activities' },
] as const;

/** The frame around every page: where one is, where one can go, and the way out. */
export function Shell(): ReactElement {
  const main = useRef<HTMLElement>(null);
  useFocusOnNewPage(main);
  return (
    <div className={classes.shell}>
      <a href="#main" className={classes.skip}>
        Skip to content
      </a>
      <aside className={classes.side}>
        <Link to="/rules" className={classes.brand}>
          Sallyport
        </Link>
        <nav aria-label="Console">
          <ul className={classes.places}>
            {PLACES.map(({ to, label }) => (
              <li key={to}>
                <Link to={to} className={classes.place} activeProps={{ className: classes.here }}>
                  {label}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <SessionBox />
      </aside>
      <main id="main" ref={main} tabIndex={-1} className={classes.main}>
        <ConnectionNotice />
        <Outlet />
      </main>
    </div>
  );
}

/** What stands on the page may be old: it stays, and this says so. */
function ConnectionNotice(): ReactElement | null {
  const { connection } = useSession();
  if (useSyncExternalStore(connection.subscribe, connection.isUp)) return null;
  return (
    <Notice tone="bad" title="The server does not answer">
      <Text size="sm">What is shown here may be out of date. The console tries again every few seconds.</Text>
    </Notice>
  );
}

function SessionBox(): ReactElement {
  const session = useSession();
  const environment = useQuery(environmentQuery(useApi()));
  return (
    <div className={classes.session}>
      <Text size="sm" fw={600} lineClamp={1}>
        {environment.data?.name ?? 'Environment'}
      </Text>
      <Text size="xs" c="dimmed" className={classes.id}>
        {session.environmentId}
      </Text>
      <div className={classes.sessionActions}>
        <Button size="compact-sm" variant="default" onClick={() => session.signOut()}>
          Sign out
        </Button>
        <SchemeSwitch />
      </div>
    </div>
  );
}

function SchemeSwitch(): ReactElement {
  // With the transitions kept, no <style> is written, which the policy of the page refuses.
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const shown = useComputedColorScheme('light');
  const other = shown === 'dark' ? 'light' : 'dark';
  return (
    <ActionIcon
      variant="default"
      size="md"
      aria-label={`Show the console in ${other} colours`}
      title={`Show in ${other} colours`}
      onClick={() => setColorScheme(other)}
    >
      <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
        <circle cx="8" cy="8" r="6.5" fill="none" stroke="currentColor" strokeWidth="1.5" />
        <path d="M8 1.5a6.5 6.5 0 0 1 0 13z" fill="currentColor" />
      </svg>
    </ActionIcon>
  );
}

/** A new page is read from its beginning: without this the focus stays on a link that is gone. */
function useFocusOnNewPage(main: { readonly current: HTMLElement | null }): void {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const before = useRef(path);
  useEffect(() => {
    if (before.current !== path) main.current?.focus({ preventScroll: true });
    before.current = path;
  }, [path, main]);
}
