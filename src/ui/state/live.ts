// Keeps the store in line with the daemon: everything once, then each event; everything again when some were missed.
import type { ApiEvent, AuditRow, FlowView, Health, LockView, Session, Suggestion } from '../api.d.ts';
import { get } from './api.ts';
import { listen } from './source.ts';
import { mayManage, seesHouse } from '../text/role-words.ts';
import { lastOf } from './last.ts';
import { withEvent, withFlow, withFlows, withHappening, withLocks } from './state.ts';
import { store } from './store.ts';

const KINDS = 'added changed state renamed removed happened pairing codes tokens settings enrol flow reset'.split(' ');
/** Health and suggestions have no events of their own. */
const SLOW_MS = 30_000;
const AUDIT_LINES = 200;

type Ear = (event: ApiEvent) => void;
const ears = new Set<Ear>();
let stop: (() => void) | undefined;

/** Single events, for what is shown as it happens and not kept. The answer ends it. */
export function hearEvents(ear: Ear): () => void {
  ears.add(ear);
  return () => void ears.delete(ear);
}

/** Asks who is looking; with somebody logged in everything else follows. */
export async function begin(): Promise<void> {
  try {
    takeSession(await get<Session>('api/session', { plain: true }));
  } catch {
    store.change(state => ({ ...state, connection: 'lost', lostAt: state.lostAt ?? Date.now() }));
    setTimeout(() => void begin(), 2000);
  }
}

export function takeSession(session: Session): void {
  store.change(state => ({ ...state, session }));
  if (session.state === 'in') connect(session);
  else disconnect();
}

/** The session ended, here or at the daemon. */
export function disconnect(): void {
  stop?.();
  stop = undefined;
}

function connect(session: Session): void {
  disconnect();
  const { scope } = session;
  let running = false;
  const path = scope ? `api/events?flow=${encodeURIComponent(scope.flow)}` : 'api/events';
  const load = scope ? () => loadFlow(scope.flow) : loadAll;
  const deaf = listen(path, {
    kinds: KINDS,
    heard: (kind, data) => (kind === 'reset' ? void load() : heard(data as ApiEvent)),
    standing: now => {
      // What happened while nobody listened may be more than the daemon kept.
      if (now && !running) void load();
      running = now;
      if (now) return;
      lose();
      // It may not be the connection: whoever is let in no more is told so by the session only.
      void checkSession();
    },
  });
  const timer = setInterval(() => void (running && !document.hidden && !scope && loadSlow()), SLOW_MS);
  stop = () => {
    clearInterval(timer);
    deaf();
  };
}

function heard(event: ApiEvent | undefined): void {
  if (!event) return;
  store.change(state => withEvent(state, event));
  for (const ear of ears) ear(event);
}

async function loadAll(): Promise<void> {
  try {
    const asked = Promise.all([
      get<{ locks: LockView[] }>('api/locks'),
      get<{ flows: FlowView[] }>('api/flows?most=50').catch(() => ({ flows: [] })),
    ]);
    await store.take(asked, (state, [{ locks }, { flows }], since) =>
      alive(withFlows(withLocks(state, locks, since), flows, since)),
    );
    await Promise.all([loadSlow(), loadLast()]);
  } catch {
    lose();
    await checkSession();
  }
}

async function loadFlow(flow: string): Promise<void> {
  try {
    const asked = get<FlowView>(`api/flows/${encodeURIComponent(flow)}`);
    await store.take(asked, (state, view, since) => alive(withFlow(state, view, since)));
  } catch {
    lose();
    await checkSession();
  }
}

/** What was last done with each lock, for who may read the audit; newer things come as events. */
async function loadLast(): Promise<void> {
  if (!mayManage(store.state.session?.who?.role)) return;
  const { lines } = await get<{ lines: AuditRow[] }>(`api/audit?most=${AUDIT_LINES}`).catch(() => ({ lines: [] }));
  store.change(state => lastOf(lines).reduce((next, [lock, happening]) => withHappening(next, lock, happening), state));
}

/** Health and what rules suggest; either may be missing. */
export async function loadSlow(): Promise<void> {
  if (!seesHouse(store.state.session?.who?.role)) return;
  const [health, found] = await Promise.all([
    get<Health>('api/health').catch(() => undefined),
    get<{ suggestions: Suggestion[] }>('api/suggestions').catch(() => ({ suggestions: [] })),
  ]);
  store.change(state => ({ ...state, ...(health ? { health } : {}), suggestions: found.suggestions }));
}

function alive<T extends { connection: string; lostAt?: number }>(state: T): T {
  const { lostAt: _lostAt, ...rest } = state;
  return { ...rest, connection: 'live' } as T;
}

function lose(): void {
  store.change(state => ({ ...state, connection: 'lost', lostAt: state.lostAt ?? Date.now() }));
}

/** A daemon that was started anew may have forgotten us. */
async function checkSession(): Promise<void> {
  const session = await get<Session>('api/session', { plain: true }).catch(() => undefined);
  if (session && session.state !== 'in') takeSession(session);
}
