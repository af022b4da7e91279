// Schedules of the door lock cluster: a period for codes, cards and fingers, hours of the week where the lock keeps to them.
import './switches.ts';
import type { DoorLock } from '@matter/main/clusters/door-lock';
import { Status } from '@matter/main/types';
import type { Holder, HolderHours, Period } from '../../access/holders.ts';
import { type Place, failed, invalid } from './desk.ts';
import type { From } from './happenings.ts';
import type { People } from './people.ts';
import { applyRight, restricted } from './rights.ts';
import { MOST_WEEKLY } from './shape.ts';

const ALL = 0xfe;
const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
/** The last minute of the day is meant up to its end. */
const LAST_MINUTE = 23 * 60 + 59;

export class Schedules {
  readonly #place: Place;
  readonly #people: People;

  constructor(place: Place, people: People) {
    this.#place = place;
    this.#people = people;
  }

  async setYearDay(from: From, request: DoorLock.SetYearDayScheduleRequest): Promise<void> {
    if (request.yearDayIndex !== 1) throw invalid('A user has one schedule of this kind here.');
    const holder = this.#must(request.userIndex);
    if (request.localEndTime <= request.localStartTime) throw invalid('That would end before it begins.');
    const period = { from: this.#momentOf(request.localStartTime), until: this.#momentOf(request.localEndTime) };
    if (period.until <= this.#place.around.clock.now()) throw failed('That time is over already.');
    await this.#change(holder, { period }, from);
  }

  getYearDay({ yearDayIndex, userIndex }: DoorLock.GetYearDayScheduleRequest): DoorLock.GetYearDayScheduleResponse {
    const at = { yearDayIndex, userIndex };
    if (yearDayIndex !== 1) return { ...at, status: Status.InvalidCommand };
    const period = this.#people.find(userIndex)?.period;
    if (!period) return { ...at, status: Status.NotFound };
    const { from, until } = period;
    return { ...at, status: Status.Success, localStartTime: this.#localOf(from), localEndTime: this.#localOf(until) };
  }

  async clearYearDay(from: From, request: DoorLock.ClearYearDayScheduleRequest): Promise<void> {
    const { yearDayIndex: index } = request;
    if (index !== 1 && index !== ALL) throw invalid('A user has one schedule of this kind here.');
    const holder = this.#must(request.userIndex);
    if (holder.period) await this.#change(holder, { period: undefined }, from);
  }

  async setWeekDay(from: From, request: DoorLock.SetWeekDayScheduleRequest): Promise<void> {
    const { weekDayIndex: index, daysMask } = request;
    if (index < 1 || index > MOST_WEEKLY) throw invalid(`A user has ${MOST_WEEKLY} schedules of this kind.`);
    const holder = this.#must(request.userIndex);
    const startMinute = request.startHour * 60 + request.startMinute;
    const end = request.endHour * 60 + request.endMinute;
    if (end <= startMinute) throw invalid('That would end before it begins.');
    const days = DAYS.flatMap((day, at) => (daysMask[day] === true ? [at + 1] : []));
    if (days.length === 0) throw invalid('That is on no day.');
    const hour = { index, days, startMinute, endMinute: end === LAST_MINUTE ? LAST_MINUTE + 1 : end };
    const hours = [...holder.hours.filter(one => one.index !== index), hour].toSorted((a, b) => a.index - b.index);
    await this.#change(holder, { hours }, from);
  }

  getWeekDay({ weekDayIndex, userIndex }: DoorLock.GetWeekDayScheduleRequest): DoorLock.GetWeekDayScheduleResponse {
    const at = { weekDayIndex, userIndex };
    if (weekDayIndex < 1 || weekDayIndex > MOST_WEEKLY) return { ...at, status: Status.InvalidCommand };
    const hour = this.#people.find(userIndex)?.hours.find(one => one.index === weekDayIndex);
    if (!hour) return { ...at, status: Status.NotFound };
    const end = Math.min(hour.endMinute, LAST_MINUTE);
    return {
      ...at,
      status: Status.Success,
      daysMask: Object.fromEntries(DAYS.map((day, index) => [day, hour.days.includes(index + 1)])),
      startHour: Math.floor(hour.startMinute / 60),
      startMinute: hour.startMinute % 60,
      endHour: Math.floor(end / 60),
      endMinute: end % 60,
    };
  }

  async clearWeekDay(from: From, request: DoorLock.ClearWeekDayScheduleRequest): Promise<void> {
    const { weekDayIndex: index } = request;
    if (index !== ALL && (index < 1 || index > MOST_WEEKLY)) throw invalid('There is no schedule with that number.');
    const holder = this.#must(request.userIndex);
    const hours = index === ALL ? [] : holder.hours.filter(one => one.index !== index);
    if (hours.length < holder.hours.length) await this.#change(holder, { hours }, from);
  }

  /** Somebody whose last schedule goes does not open any more: less is never more. Setting the type to unrestricted undoes it. */
  async #change(
    holder: Holder,
    change: { period?: Period | undefined; hours?: HolderHours[] },
    from: From,
  ): Promise<void> {
    const right = restricted(holder, change);
    await this.#place.change(from, async () => {
      await applyRight(this.#place, holder, right, from);
      const { kind, period, hours } = right;
      this.#place.around.holders.say(this.#place.lock, holder.index, { kind, period, hours }, from.fabric);
    });
  }

  #must(index: number): Holder {
    const holder = this.#people.find(index);
    if (!holder) throw failed('There is no user with that number.');
    return holder;
  }

  /** Seconds of the wall clock, counted as if it were UTC, to ms since the epoch. */
  #momentOf(seconds: number): number {
    const at = new Date(seconds * 1000);
    return this.#place.around.zone.fromLocal({
      year: at.getUTCFullYear(),
      month: at.getUTCMonth() + 1,
      day: at.getUTCDate(),
      hour: at.getUTCHours(),
      minute: at.getUTCMinutes(),
      second: at.getUTCSeconds(),
    });
  }

  #localOf(at: number): number {
    const { year, month, day, hour, minute, second } = this.#place.around.zone.toLocal(at);
    return Math.floor(Date.UTC(year, month - 1, day, hour, minute, second) / 1000);
  }
}
