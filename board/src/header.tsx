/** The line above every page: where to go, whether it is live, and whose jobs these are. */
import { useEffect } from 'preact/hooks';
import { useConnectionStatus } from 'waybill-client/react';
import { Link, useLocation } from 'wouter-preact';
import { live } from './live.ts';
import { doubtToken, signOut, token } from './session.ts';
import type { Viewer } from './viewer.ts';
import mark from './waybill.svg';

export function Header({ viewer }: { readonly viewer: Viewer }) {
  const [path, navigate] = useLocation();
  /** Without the filter that the address still has. The question mark says that the search is empty. */
  const showAll = (event: MouseEvent): void => {
    event.preventDefault();
    navigate('/?');
  };
  // A form shows nothing that changes.
  const isLive = /^\/(jobs\/[^/]+)?$/.test(path);
  return (
    <header>
      <Link href="/" class="brand" onClick={showAll}>
        <img src={mark} alt="" width="22" height="22" />
        <span>Waybill</span>
      </Link>
      <nav aria-label="Main">
        <Link href="/" aria-current={path === '/' ? 'page' : undefined} onClick={showAll}>
          Jobs
        </Link>
        {viewer.mayWrite && (
          <Link href="/new" aria-current={path === '/new' ? 'page' : undefined}>
            New job
          </Link>
        )}
      </nav>
      {isLive && viewer.mayReadJobs && <Connection />}
      <Badge viewer={viewer} />
      {token() !== undefined && (
        <button type="button" class="quiet" onClick={leave}>
          Sign out
        </button>
      )}
    </header>
  );
}

function leave(): void {
  signOut();
  location.reload();
}

const connectionWords = {
  connecting: 'Connecting',
  live: 'Live',
  'catching-up': 'Catching up',
  reconnecting: 'Connection lost, trying again',
  offline: 'No network',
  stale: 'Some jobs may be out of date',
};

function Connection() {
  const status = useConnectionStatus(live);
  // It may have ended because the token has.
  useEffect(() => {
    if (status === 'reconnecting' && token() !== undefined) doubtToken();
  }, [status]);
  return (
    <p class={`connection connection-${status}`} role="status">
      <span>{connectionWords[status]}</span>
    </p>
  );
}

/** Nobody should take the emulator for the account, or one region for another. */
function Badge({ viewer: { gateway, mayWrite } }: { readonly viewer: Viewer }) {
  return (
    <p class={`badge badge-${gateway.backend.toLowerCase()}`} title={`Waybill ${gateway.version}`}>
      {gateway.backend === 'EMULATOR' ? 'Emulator' : 'AWS'}
      {gateway.region && ` · ${gateway.region}`}
      {!mayWrite && ' · read only'}
    </p>
  );
}
