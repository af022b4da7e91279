// The ways in which locks are known to go wrong in flows, by name, for tests and for rehearsals in the demo.
import type { Knobs } from './knobs.ts';

/** Requests of a pairing: the sixth carries its new owner, the seventh is the first one after it. */
const SEVENTH = 7;

export const misbehaviours = {
  /** A reset is answered and beeped like one, and it only restarts. */
  restarts: { rebootInsteadOfReset: true },
  /** In a pairing the link is gone at the seventh command: once. */
  drops_at_7: { dropLink: { nth: SEVENTH, moment: 'before_acting', times: 1 } },
  /** Its answer to the commit of a pairing gets lost: once. */
  loses_commit: { dropLink: { command: 0x57, moment: 'before_answering', times: 1 } },
  /** Its answer to a wipe gets lost: once. */
  loses_wipe: { dropLink: { command: 0x52, moment: 'before_answering', times: 1 } },
  /** Codes, cards and fingers open even after a reset. */
  old_codes_alive: { oldCodesSurvive: true },
  /** Without power its clock starts in 2017. */
  loses_clock: { losesClock: true },
  /** Somebody else paired it. */
  foreign_owner: { foreignOwner: true },
  /** It is heard only after a touch. */
  asleep: { asleep: true },
  /** A reset by hand asks for a code on the keypad first. */
  asks_code: { initCode: '000' },
} satisfies Record<string, Partial<Knobs>>;
export type Misbehaviour = keyof typeof misbehaviours;

export const MISBEHAVIOURS = Object.keys(misbehaviours) as Misbehaviour[];

const GOOD: Partial<Knobs> = {
  rebootInsteadOfReset: false,
  dropLink: undefined,
  oldCodesSurvive: false,
  losesClock: false,
  foreignOwner: false,
  asleep: false,
  initCode: undefined,
};

/** `none` makes it well again. One at a time. */
export function misbehave(knobs: Knobs, how: Misbehaviour | 'none'): void {
  Object.assign(knobs, GOOD, how === 'none' ? {} : misbehaviours[how]);
}
