// What a reader hears who was let in for some locks: of theirs all that happens, also that one is theirs no more.
import { beforeEach, expect, test } from 'vitest';
import { callerOf, sightOf } from '../../../src/bridge/web/caller.ts';
import type { ApiEvent } from '../../../src/bridge/web/events.ts';
import { Outlook } from '../../../src/bridge/web/outlook.ts';
import type { LockView } from '../../../src/lock/lock.ts';
import { FakeDaemon, lockView } from './fake-parts.ts';

const HERE = { id: 'u3', name: 'Flat 3' };
const ELSEWHERE = { id: 'u9', name: 'Flat 9' };
const front = lockView({ unit: HERE });
const mailbox = lockView({ id: 'ffffffffffff', name: 'mailbox', unit: ELSEWHERE });

let daemon: FakeDaemon;
let outlook: Outlook;
beforeEach(() => {
  daemon = new FakeDaemon();
  daemon.locks = [front, mailbox];
  const parts = daemon.parts();
  const tom = {
    ...callerOf({ via: 'web', who: 'login:tom', role: 'technician' }, 'login'),
    reach: { units: ['Flat 3'] },
  };
  outlook = new Outlook(sightOf(tom, parts), parts.locks.all());
});

const event = (kind: 'changed' | 'state' | 'added' | 'removed', lock: LockView): ApiEvent => ({
  id: 'a-1',
  at: 5,
  kind,
  lock,
});

test('how one of theirs stands is told, and how another one stands is not', () => {
  expect(outlook.of(event('state', front))).toEqual(event('state', front));
  expect(outlook.of(event('state', mailbox))).toBeUndefined();
});

test('one of theirs that is removed is told, although nobody finds it any more', () => {
  daemon.locks = [mailbox];
  expect(outlook.of(event('removed', front))).toEqual(event('removed', front));
});

test('one that moves elsewhere is removed for them, once, as they knew it', () => {
  const moved = { ...front, unit: ELSEWHERE };
  daemon.locks = [moved, mailbox];
  expect(outlook.of(event('changed', moved))).toEqual(event('removed', front));
  expect(outlook.of(event('state', moved))).toBeUndefined();
});

test('one that moves here is told from then on', () => {
  const moved = { ...mailbox, unit: HERE };
  daemon.locks = [front, moved];
  expect(outlook.of(event('changed', moved))).toEqual(event('changed', moved));
});

test('a removal that comes again after a lost connection is told again', () => {
  daemon.locks = [mailbox];
  const again = sightOf(
    { ...callerOf({ via: 'web', who: 'tom', role: 'technician' }, 'login'), reach: { units: ['Flat 3'] } },
    daemon.parts(),
  );
  expect(new Outlook(again, [mailbox]).of(event('removed', front))).toEqual(event('removed', front));
});
