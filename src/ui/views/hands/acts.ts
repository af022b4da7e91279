// What hands can do at a virtual lock, sorted as a person finds it: what is done every day first, mischief last. Pure.
import type { DemoLock, LockView } from '../../api.d.ts';

export interface HandAct {
  act: string;
  label: string;
  /** What is sent with it. */
  value?: string | number;
  /** What is typed before. */
  typed?: { label: string; digits: boolean };
  group: Group;
}
/** press: a button of its own that is held, and measures for how long. */
export type Group = 'keypad' | 'door' | 'power' | 'press' | 'mischief';

export const GROUPS: Readonly<Record<Group, string>> = {
  keypad: 'At the keypad',
  door: 'Bolt and door',
  power: 'Batteries',
  press: 'Reset button',
  mischief: 'Make it go wrong',
};

const OF: Readonly<Record<string, Group>> = {
  press_key: 'keypad',
  press_button: 'keypad',
  type_code: 'keypad',
  present_card: 'keypad',
  present_finger: 'keypad',
  present_fob: 'keypad',
  batteries_out: 'power',
  batteries_in: 'power',
  hold_reset: 'press',
  jam: 'mischief',
  force: 'mischief',
  misbehave: 'mischief',
};

const TYPED: Readonly<Record<string, { label: string; digits: boolean }>> = {
  type_code: { label: 'Code', digits: true },
  present_card: { label: 'Number of the card', digits: true },
  present_finger: { label: 'Whose finger', digits: false },
};

/** As the daemon lists them. An act with an argument and no value has it typed. */
export function actsOf({ acts }: Pick<DemoLock, 'acts'>): HandAct[] {
  return acts.map(({ act, label, value }) => {
    const needsTyping = value === undefined ? TYPED[act] : undefined;
    const sent = typeof value === 'string' || typeof value === 'number' ? { value } : {};
    return { act, label, ...sent, ...(needsTyping && { typed: needsTyping }), group: OF[act] ?? 'door' };
  });
}

/** For a daemon that does not list them: what its virtual TTLocks can do. */
export function usualActs(lock: Pick<LockView, 'abilities'> | undefined): HandAct[] {
  const { kind, codes, cards, fingers } = lock?.abilities ?? {};
  const portable = kind === 'key_box' || kind === 'padlock';
  const all: DemoLock['acts'] = [
    { act: 'press_key', label: 'Touch the keypad' },
    ...(lock?.abilities && !codes ? [] : [{ act: 'type_code', label: 'Type a code' }]),
    ...(cards ? [{ act: 'present_card', label: 'Card' }] : []),
    ...(fingers ? [{ act: 'present_finger', label: 'Finger' }] : []),
    ...(portable
      ? [{ act: 'close_shackle', label: 'Press it shut' }]
      : [
          { act: 'thumb', label: 'Thumb-turn: unlock', value: 'unlock' },
          { act: 'thumb', label: 'Thumb-turn: lock', value: 'lock' },
          { act: 'door', label: 'Open the door', value: 'open' },
          { act: 'door', label: 'Close the door', value: 'closed' },
        ]),
    { act: 'batteries_out', label: 'Take the batteries out' },
    { act: 'batteries_in', label: 'Put batteries in' },
    { act: 'hold_reset', label: 'Reset button' },
    { act: 'jam', label: 'Wedge the bolt', value: 'on' },
    { act: 'jam', label: 'Take the wedge away', value: 'off' },
  ];
  return actsOf({ acts: all });
}

const FOR: Readonly<Record<string, readonly string[]>> = {
  'opening.presence': ['press_key'],
  'opening.unlock': ['thumb unlock'],
  'opening.door': ['door open'],
  'batteries.out': ['batteries_out'],
  'batteries.in': ['batteries_in'],
  'reset.hold': ['hold_reset'],
  'reset.default_code': ['type_code'],
  'reset.old_code': ['type_code'],
  'repair.find': ['press_key'],
  'turnover.reach': ['press_key'],
};

/** What a step of a flow wants of hands: acts, each with its value where that matters. */
export function actsFor(step: string): readonly string[] {
  return FOR[step] ?? [];
}

export function isAmong({ act, value }: Pick<HandAct, 'act' | 'value'>, only: readonly string[]): boolean {
  return only.includes(act) || only.includes(`${act} ${value}`);
}

export interface ActGroup {
  group: Group;
  title: string;
  acts: readonly HandAct[];
}
export function grouped(acts: readonly HandAct[]): ActGroup[] {
  return (Object.keys(GROUPS) as Group[]).flatMap(group => {
    const those = acts.filter(each => each.group === group);
    return those.length === 0 ? [] : [{ group, title: GROUPS[group], acts: those }];
  });
}

/** What the drawing shows: what the daemon says of the virtual lock itself, else what the program believes of it. */
export interface Looks {
  bolt: 'locked' | 'unlocked' | 'unknown';
  door: 'open' | 'closed' | 'none';
  powered: boolean;
  battery: number | undefined;
  paired: boolean | undefined;
  awake: boolean;
  portable: boolean;
}
export function looksOf(lock: LockView | undefined, told: Readonly<Record<string, unknown>> = {}): Looks {
  const kind = lock?.abilities?.kind;
  const word = (name: string): string | undefined =>
    typeof told[name] === 'string' ? (told[name] as string) : undefined;
  const flag = (name: string): boolean | undefined =>
    typeof told[name] === 'boolean' ? (told[name] as boolean) : undefined;
  const bolt = word('bolt') ?? lock?.state.bolt;
  const door = word('door') ?? lock?.state.door;
  const portable = kind === 'key_box' || kind === 'padlock';
  const battery = typeof told['battery'] === 'number' ? told['battery'] : lock?.state.battery;
  return {
    bolt: bolt === 'locked' || bolt === 'unlocked' ? bolt : 'unknown',
    door: portable ? 'none' : door === 'open' ? 'open' : 'closed',
    powered: flag('powered') ?? true,
    battery,
    paired: flag('paired') ?? (lock ? lock.lifecycle !== 'factory' : undefined),
    awake: flag('awake') ?? false,
    portable,
  };
}

/** The same for who cannot see it. */
export function looksText({ bolt, door, powered, battery, paired, awake, portable }: Looks): string {
  const words = [
    bolt === 'unknown'
      ? 'bolt not known'
      : portable
        ? bolt === 'locked'
          ? 'shut'
          : 'open'
        : `bolt ${bolt === 'locked' ? 'out' : 'in'}`,
    ...(door === 'none' ? [] : [`door ${door}`]),
    powered ? (battery === undefined ? 'batteries in' : `batteries ${battery} %`) : 'no batteries',
    ...(paired === undefined ? [] : [paired ? 'paired' : 'belongs to nobody']),
    ...(awake ? ['keypad lit'] : []),
  ];
  return words.join(', ');
}
