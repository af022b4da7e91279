// Who is behind a request, and how far they reach. What a route does not say about narrow rights is closed to them.
import { LockError } from '../../base/errors.ts';
import type { Session } from '../../access/login/sessions.ts';
import type { Asker, LockView, Role } from '../../lock/lock.ts';
import type { ApiParts } from './parts.ts';
import type { Right } from './route.ts';

/** What somebody with a narrow right reaches; what is absent is not narrowed. `locks` are ids, `units` ids or names. */
export interface Reach {
  flow?: string;
  locks?: readonly string[];
  units?: readonly string[];
}

export interface Caller {
  asker: Asker;
  /** `cli`: the control socket. `nobody`: has not shown who it is. */
  way: 'cli' | 'login' | 'ingress' | 'token' | 'nobody';
  /** Of the login, session, token or user of Home Assistant. */
  id: string;
  name: string;
  /** Looks and changes nothing, whatever the role. */
  looks: boolean;
  reach?: Reach;
  /** Whether a password was typed just now. `spared`: there is none to type. `never`: a program has nobody to ask. */
  proof: 'given' | 'needed' | 'spared' | 'never';
  /** Of the own login. */
  session?: Session;
  /** What a page must send along with every change. */
  csrf?: string;
  /** Where it comes from, for limits. */
  source: string;
  /** It runs on this machine and no proxy stands between. */
  near?: boolean;
  /** Whether it may still come in, for what takes long. */
  still?: () => boolean;
}

/** What the question needs to know of a route. */
export interface Guarded {
  method: string;
  right: Right;
  prove?: boolean;
  listed?: boolean;
  onSite?: boolean;
  own?: boolean;
  heeds?: boolean;
}

export const CLI: Caller = callerOf({ via: 'cli', who: 'cli', role: 'owner' }, 'cli');

/** Somebody without limits of their own. */
export function callerOf(asker: Asker, way: Caller['way']): Caller {
  return { asker, way, id: asker.who, name: asker.who, looks: false, proof: 'spared', source: asker.who };
}

/** Throws `unauthenticated` (reason `login`) or `forbidden` (reasons `not_authorised`, `prove`). */
export function mayAsk(caller: Caller, route: Guarded): void {
  if (route.right === 'open') return;
  if (caller.way === 'nobody') {
    throw new LockError('unauthenticated', 'Log in first.', { reason: 'login' });
  }
  if (route.own) return route.prove ? mustProve(caller) : undefined;
  const { role } = caller.asker;
  if (!mastersOf(route.right).includes(role)) {
    throw notAllowed(`Only ${route.right === 'owner' ? 'an owner' : 'an owner or a manager'} may do that.`);
  }
  if (route.method !== 'GET' && (caller.looks || role === 'viewer')) {
    throw notAllowed('You may look here, but change nothing. Ask an owner for more.');
  }
  if (role === 'technician' && !route.onSite) {
    throw notAllowed('This is not part of the work that you were let in for.');
  }
  if (route.prove) mustProve(caller);
}

/** Throws `forbidden`: reason `prove` where somebody can type a password, `not_authorised` where nobody can. */
export function mustProve({ proof }: Caller): void {
  if (proof === 'needed') {
    throw new LockError('forbidden', 'Type your password once more for this.', { reason: 'prove' });
  }
  if (proof === 'never') {
    throw notAllowed('A program may not do that with a token. Do it on the page or with the command line.');
  }
}

const EVERYBODY: readonly Role[] = ['owner', 'manager', 'technician', 'automation', 'voice', 'viewer'];
const RIGHTS: Readonly<Record<Exclude<Right, 'open'>, readonly Role[]>> = {
  anyone: EVERYBODY,
  manager: ['owner', 'manager'],
  owner: ['owner'],
};
function mastersOf(right: Exclude<Right, 'open'>): readonly Role[] {
  return RIGHTS[right];
}

/** Which locks and flows a caller sees. `lock` is an id. */
export interface Sight {
  /** Nothing is hidden. */
  all: boolean;
  lock(lock: string): boolean;
  /** The same of one that may be gone by now. */
  sees(view: Pick<LockView, 'id' | 'unit'>): boolean;
  flow(flow: string): boolean;
}

export function sightOf({ reach }: Caller, { locks, flows }: Pick<ApiParts, 'locks' | 'flows'>): Sight {
  if (!reach) return { all: true, lock: () => true, sees: () => true, flow: () => true };
  const flowOf = reach.flow === undefined ? undefined : flows?.get(reach.flow);
  // Let in for the work on it: how the door goes on living is nobody's business who did that.
  const own = flowOf?.endedAt === undefined ? flowOf?.lock : undefined;
  const sees = (view: Pick<LockView, 'id' | 'unit'>): boolean =>
    (reach.flow === undefined || view.id === own) &&
    (reach.locks === undefined || reach.locks.includes(view.id)) &&
    (reach.units === undefined || reach.units.includes(view.unit.id) || reach.units.includes(view.unit.name));
  const lock = (id: string): boolean => {
    const view = locks.find(id);
    return view !== undefined && sees(view);
  };
  return {
    all: false,
    lock,
    sees,
    flow(id) {
      if (reach.flow !== undefined) return reach.flow === id;
      const of = flows?.get(id)?.lock;
      return of !== undefined && lock(of);
    },
  };
}

/** Throws `not_found` for what is out of sight, as if it were not there, and `forbidden` for a route that is not for narrow rights. */
export function mayReach(
  caller: Caller,
  route: Guarded,
  about: { sight: Sight; parts: Reached; params: unknown },
): void {
  if (!caller.reach || route.right === 'open' || route.own) return;
  const { lock, flow } = about.params as { lock?: string; flow?: string };
  if (lock !== undefined) {
    const view = about.parts.locks.find(lock);
    if (!view || !about.sight.lock(view.id)) {
      throw noSuchLock();
    }
  } else if (flow !== undefined) {
    if (!about.sight.flow(flow)) {
      throw new LockError('not_found', 'There is no flow of that id. Look at the list of flows.', {
        reason: 'unknown_flow',
      });
    }
  } else if (!route.listed) throw notAllowed('This is about all locks, and you were let in for some of them.');
}
type Reached = Pick<ApiParts, 'locks' | 'flows'>;

/** Also of one that is out of sight. */
export function noSuchLock(): LockError {
  return new LockError('not_found', 'There is no lock of that name. Look at the list of locks.');
}

export function notAllowed(text: string): LockError {
  return new LockError('forbidden', text, { reason: 'not_authorised' });
}
