// What an owner allows flows to do: for all locks, and for one of them.
import { z } from 'zod';

export interface FlowChoice {
  /** How far an automation goes by itself. */
  readonly unattended: 'plan_only' | 'soft_wipe';
  readonly twoPersons: boolean;
  /** Per cent. */
  readonly leastBattery: number;
  readonly pivotsPerHour: number;
  readonly minutesBetweenPivots: number;
  readonly escrowDays: number;
  readonly reserveMinutes: number;
  readonly graceMinutes: number;
}

const UNATTENDED = 'must be one of plan_only, soft_wipe';
const number = (least: number, most: number) => {
  const must = `must be a whole number from ${least} to ${most}`;
  return z.int(must).min(least, must).max(most, must);
};
const onOff = z.boolean('must be true or false');
const DAY = 24 * 60;

export const flows = z
  .strictObject({
    unattended: z.enum(['plan_only', 'soft_wipe'], UNATTENDED),
    two_persons: onOff,
    least_battery: number(0, 100),
    pivots_per_hour: number(1, 100),
    minutes_between_pivots: number(0, DAY),
    // Not less: an old key is the way back when a wipe turns out to have failed.
    escrow_days: number(7, 3650),
    reserve_minutes: number(0, 7 * DAY),
    grace_minutes: number(0, DAY),
  })
  .partial();

/** flows.md 4.6, 6.1 and 6.3. */
export const FLOW_DEFAULTS = {
  unattended: 'soft_wipe',
  two_persons: false,
  least_battery: 40,
  pivots_per_hour: 3,
  minutes_between_pivots: 10,
  escrow_days: 30,
  reserve_minutes: 60,
  grace_minutes: 30,
} as const satisfies z.infer<typeof flows>;

/** Only what is chosen. */
export function flowChoice(chosen: z.infer<typeof flows>): Partial<FlowChoice> {
  const named = {
    unattended: chosen.unattended,
    twoPersons: chosen.two_persons,
    leastBattery: chosen.least_battery,
    pivotsPerHour: chosen.pivots_per_hour,
    minutesBetweenPivots: chosen.minutes_between_pivots,
    escrowDays: chosen.escrow_days,
    reserveMinutes: chosen.reserve_minutes,
    graceMinutes: chosen.grace_minutes,
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}
