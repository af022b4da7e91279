// What the steps before a pivot found out, and how well: they gather it, pre-flight judges it (rules R01, R03, R04, R11, R16).
import type { Json } from '../lock/driver.ts';
import type { Bolt } from '../lock/lock.ts';
import type { Scene } from './step.ts';
import type { Grade } from './words.ts';

/** A way to get the lock open or back without what the pivot destroys (flows.md 4.8). */
export interface WayBack {
  kind:
    | 'admin_secret'
    | 'physical_reset'
    | 'keypad_master'
    | 'metal_key'
    | 'thumb_turn'
    | 'label_code'
    | 'vendor_account'
    | 'person';
  /** One sentence without secrets. */
  text: string;
  needsRadio: boolean;
  needsDaemon: boolean;
  grade: Grade;
  /** Of secrets: whether there is a copy off the card. Not counted as a way without the daemon. */
  copies?: 'same_card' | 'second';
  /** As in a finding. */
  pending?: string;
}

/**
 * Absent: not looked at. `at` is Clock.elapsed(). What a person is only going to say with the confirmation (brief mode) has
 * `pending`: the clearance's text asks for it, and a yes makes it E1 by the confirmer.
 */
export interface Findings {
  /** `by_hand`: a key box or padlock, closed by hand and not looked at. */
  bolt?: Finding & { is: Bolt | 'by_hand' };
  /** `none`: there is no door to it. */
  door?: Finding & { is: 'open' | 'closed' | 'none' };
  /** `fresh`: a person says that new ones are in. */
  battery?: Finding & { percent?: number; fresh?: boolean };
  /** Somebody is at the door. */
  presence?: Finding;
  ways?: readonly WayBack[];
  /** unsettled: somebody else's account would keep the lock. */
  account?: Finding & { is: 'none' | 'settled' | 'unsettled' };
  /** Whether the button still resets; only where a person is going to press it. */
  resetButton?: Finding & { is: 'works' | 'off' | 'unknown' };
  /** Until it is paired again the door is watched, or secured another way (flows.md 5.2). */
  secured?: Finding;
  /** Everything was copied before the pivot; `second`: also off the card. */
  backUp?: Finding & { second: boolean };
  /** Typed at the lock that should be refused, so far in this flow (R10). */
  wrongCodes?: number;
}
export interface Finding {
  grade: Grade;
  at: number;
  /** The sentence that the confirmer says with his yes: "The door is open and stays open." */
  pending?: string;
}

const NAME = 'found';

export function findings(scene: Pick<Scene, 'recall'>): Findings {
  return (scene.recall(NAME) ?? {}) as Findings;
}

/** Adds to what was found; on disk when it returns. */
export function found(scene: Pick<Scene, 'recall' | 'remember'>, more: Findings): Findings {
  const all = { ...findings(scene), ...more };
  scene.remember(NAME, all as unknown as Json);
  return all;
}

/** The sentences that a yes to the clearance says as well. */
export function pendingOf(all: Findings): string[] {
  return [...Object.values(all), ...(all.ways ?? [])].flatMap(one => {
    const pending = (one as Partial<Finding>).pending;
    return typeof pending === 'string' ? [pending] : [];
  });
}

/** After that yes: what was pending is said by a person. */
export function stated(all: Findings, at: number): Findings {
  const said = (one: Finding): Finding => {
    const { pending, ...rest } = one;
    return pending === undefined ? one : { ...rest, grade: 'E1', at };
  };
  const each = Object.entries(all).map(([name, one]) => {
    return [name, typeof one !== 'object' || Array.isArray(one) ? one : said(one as Finding)];
  });
  const ways = all.ways?.map(way => {
    const { pending, ...rest } = way;
    return pending === undefined ? way : { ...rest, grade: 'E1' as const };
  });
  return { ...Object.fromEntries(each), ...(ways && { ways }) } as Findings;
}
