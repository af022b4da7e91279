// What hands can do at a virtual lock, sorted as a person finds it: what is done every day first, mischief last. Pure.
import type { DemoLock } from '../../api.d.ts';

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
  press: 'Button',
  mischief: 'Make it go wrong',
};

const OF: Readonly<Record<string, Group>> = {
  press_key: 'keypad',
  press_button: 'keypad',
  press_arrow: 'keypad',
  type_code: 'keypad',
  present_card: 'keypad',
  present_finger: 'keypad',
  teach_finger: 'keypad',
  batteries_out: 'power',
  batteries_in: 'power',
  hold_reset: 'press',
  hold_button: 'press',
  jam: 'mischief',
  force: 'mischief',
  misbehave: 'mischief',
};

/** Short words for a button; what is not here is called as the daemon calls it. */
const LABELS: Readonly<Record<string, string>> = {
  press_key: 'Touch the keypad',
  type_code: 'Type the code',
  present_card: 'Card',
  present_finger: 'Finger',
  teach_finger: 'Teach finger',
  press_button: 'Press its button',
  'press_button 1': 'Its button: once',
  'press_button 2': 'Its button: twice',
  press_arrow: 'Arrow key: locks',
  reset_settings: 'App: default settings',
  factory_reset: 'App: erase everything',
  calibrate: 'App: calibrate',
  add_phone: 'App: add a phone',
  set_pin: 'App: choose its code',
  'thumb unlock': 'Thumb-turn: unlock',
  'thumb lock': 'Thumb-turn: lock',
  'turn_key unlock': 'Metal key: unlock',
  'turn_key lock': 'Metal key: lock',
  'privacy on': 'Privacy on',
  'privacy off': 'Privacy off',
  'door open': 'Open the door',
  'door closed': 'Close the door',
  close_shackle: 'Press it shut',
  'jam on': 'Wedge the bolt',
  'jam off': 'Take the wedge away',
  force: 'Lever at it',
  batteries_out: 'Take the batteries out',
  batteries_in: 'Put batteries in',
  hold_reset: 'Reset button',
  hold_button: 'Its button',
  'misbehave none': 'Be well again',
};
const TYPED: Readonly<Record<string, string>> = {
  type_code: 'Code',
  present_card: 'Number of the card',
  present_finger: 'Whose finger',
  teach_finger: 'Whose finger',
  add_phone: 'Name of the phone',
};
/** A key box has no door, and a door no shackle. */
const OF_DOORS = ['thumb', 'turn_key', 'privacy', 'door'];
const OF_BOXES = ['close_shackle'];
const BOXES = ['key_box', 'padlock'];

export function actsOf({ acts, variant }: Pick<DemoLock, 'acts' | 'variant'>): HandAct[] {
  const left = BOXES.includes(variant) ? OF_DOORS : OF_BOXES;
  return acts.filter(({ act }) => !left.includes(act)).map(handAct);
}

function handAct({ act, label, value, typed }: DemoLock['acts'][number]): HandAct {
  const group = OF[act] ?? 'door';
  // What may be left out is left out: one press does it.
  const asks = typed && typed.optional !== true && group !== 'press';
  const named = LABELS[value === undefined ? act : `${act} ${value}`] ?? (group === 'mischief' ? wordOf(value) : label);
  return {
    act,
    label: named,
    group,
    ...(value !== undefined && { value }),
    ...(asks && { typed: { label: TYPED[act] ?? typed.label, digits: typed.digits } }),
  };
}

function wordOf(value: string | undefined): string {
  const words = (value ?? '').replaceAll('_', ' ');
  return words.slice(0, 1).toUpperCase() + words.slice(1);
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
  'repair.find': ['press_key', 'press_button', 'hold_button'],
  'turnover.reach': ['press_key'],
};

/** What a step of a flow wants of hands: acts, each with its value where that matters. */
export function actsFor(step: string): readonly string[] {
  return FOR[step] ?? [];
}

export function isAmong({ act, value }: Pick<HandAct, 'act' | 'value'>, only: readonly string[]): boolean {
  return only.includes(act) || only.includes(`${act} ${value}`);
}

/** Two acts of one thing stand beside its name, each with what is left to say. */
export interface ActRow {
  title?: string;
  acts: readonly HandAct[];
}
export function rowsOf(acts: readonly HandAct[]): ActRow[] {
  const thing = ({ label }: HandAct): string | undefined => /^(.+): /.exec(label)?.[1];
  const rows: ActRow[] = [];
  for (const act of acts) {
    const title = act.group === 'press' ? undefined : thing(act);
    const pair = acts.filter(each => title !== undefined && thing(each) === title);
    if (pair.length !== 2 || title === undefined) rows.push({ acts: [act] });
    else if (pair[0] === act) rows.push({ title, acts: pair });
  }
  return rows;
}

/** What a button of a group says; its whole label is its name for who cannot see where it stands. */
export function shortLabel({ label }: Pick<HandAct, 'label'>, title?: string): string {
  const left = title === undefined ? label : label.slice(title.length + 2);
  return left.slice(0, 1).toUpperCase() + left.slice(1);
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

/** What the drawing shows: how the virtual lock really is, whatever the program believes of it. */
export interface Looks {
  bolt: DemoLock['looks']['bolt'];
  door: 'open' | 'closed' | 'none';
  powered: boolean;
  battery: number;
  paired: boolean;
  awake: boolean;
  portable: boolean;
}
export function looksOf({ looks, variant }: Pick<DemoLock, 'looks' | 'variant'>, awake: boolean): Looks {
  const portable = BOXES.includes(variant);
  return { ...looks, door: portable ? 'none' : looks.door, awake: awake && looks.powered, portable };
}

/** The same for who cannot see it. */
export function looksText({ bolt, door, powered, battery, paired, awake, portable }: Looks): string {
  const place = portable ? (bolt === 'locked' ? 'shut' : 'open') : `bolt ${bolt === 'locked' ? 'out' : 'in'}`;
  const words = [
    place,
    ...(door === 'none' ? [] : [`door ${door}`]),
    powered ? `batteries ${battery} %` : 'no batteries',
    paired ? 'paired' : 'belongs to nobody',
    ...(awake ? ['keypad lit'] : []),
  ];
  return words.join(', ');
}
