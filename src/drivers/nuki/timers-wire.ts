// What the lock does by itself at times of day, on the wire (nuki.md 8.10).
import type { ByteReader, ByteWriter } from '../../base/bytes.ts';
import { readTime, writeTime } from './dates.ts';
import type { Message } from './frame.ts';
import { command, message } from './wire.ts';

/** `weekdays` as in dates.ts, minutes since midnight, an action of wire.ts. */
export interface TimerWish {
  weekdays: number;
  minute: number;
  action: number;
}
export interface TimerRecord extends TimerWish {
  id: number;
  enabled: boolean;
}

export const requestTimers = (): Message => message(command.requestTimers);
export const addTimer = (wish: TimerWish): Message => message(command.addTimer, to => timed(to, wish));
export const updateTimer = (timer: TimerRecord): Message =>
  message(command.updateTimer, to => timed(to.u8(timer.id).u8(timer.enabled ? 1 : 0), timer));
export const removeTimer = (id: number): Message => message(command.removeTimer, to => to.u8(id));

export const readTimerId = (data: ByteReader): number => data.u8();
export const readTimerCount = (data: ByteReader): number => data.u8();

export function readTimer(data: ByteReader): TimerRecord {
  const head = { id: data.u8(), enabled: data.u8() !== 0, weekdays: data.u8() };
  return { ...head, minute: readTime(data), action: data.u8() };
}

function timed(to: ByteWriter, { weekdays, minute, action }: TimerWish): ByteWriter {
  return writeTime(to.u8(weekdays), minute).u8(action);
}
