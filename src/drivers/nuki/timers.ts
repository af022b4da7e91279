// What the lock does by itself at times of day (nuki.md 8.10).
import { LockError } from '../../base/errors.ts';
import type { Timer, Timers } from '../../lock/driver.ts';
import { timedCode, timedName } from './actions.ts';
import { either } from './codes.ts';
import { daysOf, maskOf } from './dates.ts';
import { type ListOf, collect } from './lists.ts';
import type { Shared } from './session.ts';
import { done, only } from './talk.ts';
import * as wire from './timers-wire.ts';
import { command } from './wire.ts';

const MINUTES = 24 * 60;

const list: ListOf<wire.TimerRecord> = {
  what: 'to its list of timers',
  countCommand: command.timerCount,
  readCount: wire.readTimerCount,
  entryCommand: command.timer,
  readEntry: wire.readTimer,
};

export function makeTimers(shared: Shared): Timers {
  const { guard, talk } = shared;
  const all = async (): Promise<wire.TimerRecord[]> =>
    (await collect(shared, wire.requestTimers(), { ...list, due: count => count })).entries;
  return {
    list: async () => (await all()).map(timerOf),
    async add(timer) {
      const wish = wishOf(timer);
      const what = 'to the new timer';
      const known = new Set((await all()).map(({ id }) => id));
      const read = either(only(command.timerId, wire.readTimerId));
      const said = await guard.withPin(wire.addTimer(wish), { what, read, act: true });
      if (said !== true) await talk.trailing(what);
      const made = (await all()).find(({ id }) => (said === true ? !known.has(id) : id === said));
      if (!made) throw new LockError('rejected', 'The lock said yes and has no such timer.', { reason: 'not_taken' });
      if (made.enabled === timer.enabled) return timerOf(made);
      const next = { ...made, enabled: timer.enabled };
      await guard.withPin(wire.updateTimer(next), { what, read: done, act: true });
      return timerOf(next);
    },
    async change(timer) {
      const next = { ...wishOf(timer), id: numberOf(timer.id), enabled: timer.enabled };
      await guard.withPin(wire.updateTimer(next), { what: 'to the change of a timer', read: done, act: true });
    },
    async remove(id) {
      await guard.withPin(wire.removeTimer(numberOf(id)), { what: 'to the removal of a timer', read: done, act: true });
    },
  };
}

function timerOf({ id, enabled, weekdays, minute, action }: wire.TimerRecord): Timer {
  const days = weekdays === 0 ? [1, 2, 3, 4, 5, 6, 7] : daysOf(weekdays);
  return { id: String(id), enabled, days, minute, action: timedName(action) };
}

function wishOf({ days, minute, action }: Omit<Timer, 'id'>): wire.TimerWish {
  const code = timedCode(action);
  if (code === undefined) throw new LockError('invalid', 'A timer of this lock cannot do that.');
  if (!Number.isInteger(minute) || minute < 0 || minute >= MINUTES) {
    throw new LockError('invalid', 'The time of a timer is from 00:00 to 23:59.');
  }
  if (days.length === 0 || days.some(day => !Number.isInteger(day) || day < 1 || day > 7)) {
    throw new LockError('invalid', 'A timer needs at least one day of the week.');
  }
  return { weekdays: new Set(days).size === 7 ? 0 : maskOf(days), minute, action: code };
}

function numberOf(id: string): number {
  const number = /^\d{1,3}$/.test(id) ? Number(id) : 256;
  if (number <= 0xff) return number;
  throw new LockError('rejected', 'The lock has no such timer.', { reason: 'not_there' });
}
