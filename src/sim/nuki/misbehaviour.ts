// The ways in which locks are known to go wrong in flows, by name, for tests and for rehearsals in the demo.
import { command, error } from './codes.ts';
import type { Knobs } from './knobs.ts';

/** Messages of a pairing: the fourth carries who it is for, or on the fifth generation that and the PIN. */
const FOURTH = 4;

export const misbehaviours = {
  /** A removal is told COMPLETE, and the authorization lives on. */
  keeps_removed: { keepsRemoved: true },
  /** Its answer to a removal gets lost: once. */
  loses_removal: { dropLink: { command: command.removeAuthorization, moment: 'before_answering', times: 1 } },
  /** In a pairing the link is gone at the fourth message: once. */
  drops_at_4: { dropLink: { nth: FOURTH, moment: 'before_acting', times: 1 } },
  /** Its last word in a pairing of the older generations gets lost: once. */
  loses_commit: { dropLink: { command: command.confirmation, moment: 'before_answering', times: 1 } },
  /** The same on the fifth generation, where that word carries the new id. */
  loses_id: { dropLink: { command: command.authorizationData, moment: 'before_answering', times: 1 } },
  /** The link is gone while it turns, after it has said that it will: once. */
  drops_while_turning: { dropLink: { command: command.lockAction, moment: 'after_answering', times: 1 } },
  /** Nobody more can be authorised. */
  full: { users: 0 },
  /** Holding the button opens no pairing mode. */
  button_dead: { buttonDead: true },
  /** Authorizations and codes survive a factory reset. */
  old_keys_alive: { oldKeysSurvive: true },
  /** It forgets to say that an action is over. */
  never_complete: { completeMissing: true },
  /** The bolt is stuck. */
  jams: { jam: 'blocked' },
  /** It says that it moved. */
  lies: { jam: 'lie' },
  /** Without power its clock starts in 2000. */
  loses_clock: { losesClock: true },
  /** Every action is told that another one is running. */
  busy: { refuse: { [command.lockAction]: error.busy } },
} satisfies Record<string, Partial<Knobs>>;
export type Misbehaviour = keyof typeof misbehaviours;

export const MISBEHAVIOURS = Object.keys(misbehaviours) as Misbehaviour[];

const GOOD: Partial<Knobs> = {
  keepsRemoved: false,
  dropLink: undefined,
  users: undefined,
  buttonDead: false,
  oldKeysSurvive: false,
  completeMissing: false,
  jam: 'none',
  losesClock: false,
  refuse: {},
};

/** `none` makes it well again. One at a time. */
export function misbehave(knobs: Knobs, how: Misbehaviour | 'none'): void {
  Object.assign(knobs, GOOD, how === 'none' ? {} : misbehaviours[how]);
}
