// The demo's Matter controller by the names of locks, with the news it has heard.
import type { Clock } from '../base/clock.ts';
import { LockError } from '../base/errors.ts';
import type { ControllerNews, MatterController, SeenUser } from '../bridge/matter/controller.ts';
import type { MatterControl } from '../lock/matter-port.ts';
import type { MatterRemote, RemoteNews } from '../lock/matter-remote.ts';

/** What somebody may want to look back at; a demo is not a diary. */
const MOST_NEWS = 500;
/** Of the door lock's credential types. */
const PIN = 1;
/** A user needs a name in Matter, of at most ten characters. */
const SOMEBODY = 'Guest';

export interface RemoteParts {
  controller: MatterController;
  matter: Pick<MatterControl, 'status'>;
  clock: Clock;
}

export function makeRemote({ controller, matter, clock }: RemoteParts): MatterRemote {
  const news: RemoteNews[] = [];
  let number = 0;
  const nameOf = (endpoint: number): string | undefined =>
    matter.status().locks.find(lock => lock.node === 'bridge' && lock.endpoint === endpoint)?.name;
  const endpointOf = (name: string): number => {
    const found = matter.status().locks.find(lock => lock.name === name || lock.id === name);
    if (found) return found.endpoint;
    throw new LockError('not_found', 'Matter shows no lock of that name. Look at: latchbridge matter ctl locks');
  };
  controller.hear(each => {
    const lock = nameOf(each.endpoint);
    if (lock === undefined || !tells(each)) return;
    number += 1;
    const { name } = each;
    const value = plain(each.kind === 'event' ? each.data : each.value);
    news.push({ number, at: clock.now(), lock, name: name.replace(/^doorLock\./, ''), value });
    if (news.length > MOST_NEWS) news.shift();
  });
  return {
    locks: () =>
      controller.locks().map(({ endpoint, reachable, lockState: state, battery, name }) => {
        return { name: nameOf(endpoint) ?? name, endpoint, reachable, state, battery };
      }),
    operate: (name, verb, pin) => controller.operate(endpointOf(name), verb, pin),
    users: async name => (await controller.users(endpointOf(name))).map(remoteUser),
    async setPin(name, { user, person = SOMEBODY, pin }) {
      const endpoint = endpointOf(name);
      const known = await controller.users(endpoint);
      if (user === undefined) return controller.setPin(endpoint, { user: null, credential: freePin(known), pin });
      const had = known.find(each => each.user === user);
      if (!had) await controller.setUser(endpoint, user, person);
      const [credential] = had ? remoteUser(had).pins : [];
      const wish = { user, credential: credential ?? user, pin, replace: credential !== undefined };
      return controller.setPin(endpoint, wish);
    },
    clearUser: (name, user) => controller.clearUser(endpointOf(name), user),
    events: (after, name) => news.filter(each => each.number > after && (name === undefined || each.lock === name)),
  };
}

/** Lists and counters of the cluster say nothing to people. */
function tells({ kind, name }: ControllerNews): boolean {
  return kind === 'event' || /^doorLock\.|\.reachable$|batPercentRemaining$/.test(name);
}

function remoteUser({ user, name, credentials }: SeenUser) {
  return { user, name, pins: credentials.filter(({ type }) => type === PIN).map(({ index }) => index) };
}

function freePin(users: readonly SeenUser[]): number {
  const taken = users.flatMap(each => remoteUser(each).pins);
  let index = 1;
  while (taken.includes(index)) index += 1;
  return index;
}

/** As JSON can carry it: large numbers as text, bytes left out. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array || value instanceof ArrayBuffer) return undefined;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}
