// Starting anew: who does it, what comes of it for doors and flows, and that it happens only when somebody may be sure of it.
import { beforeEach, expect, test } from 'vitest';
import type { KeptBy } from '../../src/base/kept-by.ts';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { restartsOf } from '../../src/daemon/restarts.ts';
import type { FlowView } from '../../src/flow/words.ts';
import type { Asker } from '../../src/lock/lock.ts';
import type { Restarts } from '../../src/lock/upkeep.ts';

const BY: Asker = { via: 'web', who: 'login:anna', role: 'owner' };

let clock: VirtualClock;
let ended: number;
let lines: { what: string; who: string }[];
beforeEach(() => {
  clock = new VirtualClock();
  ended = 0;
  lines = [];
});

function made(keptBy: KeptBy | undefined, open: readonly Partial<FlowView>[] = [], demo = false): Restarts {
  const parts = { clock, keptBy, config: { matter: { enabled: false } } };
  const store = { audit: { write: (line: { what: string; who: string }) => void lines.push(line) } };
  const daemon = { parts, store, flows: { engine: { all: () => open } } };
  return restartsOf(daemon as never, demo ? undefined : () => void (ended += 1));
}

test('where systemd keeps it, it ends after its answer, and the audit says for whom', async () => {
  const { text } = made('systemd').begin({}, BY);
  expect([text.startsWith('Latchbridge ends now. systemd'), ended]).toEqual([true, 0]);
  await clock.advance(500);
  expect([ended, lines]).toEqual([1, [{ what: 'restart', via: 'web', who: 'login:anna' }]]);
});

test('where nobody is seen who would start it again it goes on, unless somebody says that they will', async () => {
  const restarts = made('nobody');
  expect(() => restarts.begin({}, BY)).toThrow(expect.objectContaining({ reason: 'nobody_restarts' }));
  await clock.advance(1000);
  expect(ended).toBe(0);
  restarts.begin({ by_hand: true }, BY);
  await clock.advance(1000);
  expect(ended).toBe(1);
});

test('a demo is never ended from outside', () => {
  const restarts = made('systemd', [], true);
  expect(restarts.look()).toMatchObject({ kept_by: 'demo', again: false });
  expect(() => restarts.begin({ by_hand: true }, BY)).toThrow(expect.objectContaining({ reason: 'demo' }));
});

test('each open flow is named with the place where it goes on, and what is open meanwhile', () => {
  const step = { title: 'Erase the lock' } as FlowView['step'];
  const exposure = { what: 'anybody nearby can take it over', seconds: 5, limitSeconds: 600 };
  const { effects } = made('container', [{ type: 'reset', lockName: 'front_door', step, exposure } as FlowView]).look();
  expect(effects).toContain(
    'The flow "reset" of "front_door" stops at "Erase the lock" and goes on there by itself. Until then anybody nearby can take it over: stay at the door.',
  );
});

test('of many flows the rest is counted', () => {
  const many = Array.from({ length: 7 }, (_each, i) => ({ type: 'repair', lockName: `door_${i}` }) as FlowView);
  expect(made('container', many).look().effects.at(-1)).toBe('So do 2 more.');
});
