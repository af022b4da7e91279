// Locks as the API shows them.
import { z } from 'zod';
import type {
  Abilities,
  Bolt,
  CodeKind,
  Door,
  Facts,
  Happening,
  Lifecycle,
  LockKind,
  LockSettings,
  LockState,
  LockView,
  Outcome,
  SessionMode,
  SessionStats,
  SettingAbility,
  SettingValue,
  Trust,
  Unit,
  Verb,
} from '../../../lock/lock.ts';
import type { SessionCost } from '../../../lock/locks.ts';
import { at, count, exactly, shape } from './shape.ts';

export const verb = shape<Verb>('Verb')(z.enum(['lock', 'unlock', 'unlatch']));
const bolt = shape<Bolt>('Bolt')(
  z.enum(['locked', 'unlocked', 'unlatched', 'locking', 'unlocking', 'jammed', 'unknown']),
);
const door = shape<Door>('Door')(z.enum(['open', 'closed']));
export const lockKind = shape<LockKind>('LockKind')(
  z.enum(['deadbolt', 'lever', 'cylinder', 'padlock', 'key_box', 'glass_door', 'safe', 'lock']),
);
export const codeKind = shape<CodeKind>('CodeKind')(z.enum(['permanent', 'once', 'period', 'cyclic']));
const sessionMode = shape<SessionMode>('SessionMode')(z.enum(['on_demand', 'held']));

const trust = shape<Trust>('Trust')(
  z
    .enum(['proven', 'told', 'guessed'])
    .describe('proven: said in a sealed session. told: without a seal. guessed: left from before a restart.'),
);
const lifecycle = shape<Lifecycle>('Lifecycle')(
  z.enum(['factory', 'provisioning', 'managed', 'suspended', 'limbo', 'orphaned', 'foreign', 'retired']),
);

export const unit = shape<Unit>('Unit')(z.strictObject({ id: z.string(), name: z.string() }));

export const lockState = shape<LockState>('LockState')(
  z.strictObject({
    bolt,
    door: door.exactOptional(),
    battery: z.number().exactOptional().describe('Per cent.'),
    reachable: z.boolean(),
    trust,
    at,
  }),
);

export const settingValue = shape<SettingValue>('SettingValue')(z.union([z.boolean(), z.number(), z.string()]));
export const settingValues = z.record(z.string(), settingValue);
const settingHead = { name: z.string(), label: z.string() };
const settingKinds = [
  { ...settingHead, kind: z.literal('switch') },
  {
    ...settingHead,
    kind: z.literal('number'),
    min: z.number(),
    max: z.number(),
    unit: z.string().exactOptional(),
  },
  { ...settingHead, kind: z.literal('select'), options: z.array(z.string()) },
] as const;
export const settingAbility = shape<SettingAbility>('SettingAbility')(
  z.union([z.strictObject(settingKinds[0]), z.strictObject(settingKinds[1]), z.strictObject(settingKinds[2])]),
);
const known = { value: settingValue.exactOptional().describe('What the lock gave last.') };
export const shownSetting = shape<SettingAbility & { value?: SettingValue }>('ShownSetting')(
  z.union([
    z.strictObject({ ...settingKinds[0], ...known }),
    z.strictObject({ ...settingKinds[1], ...known }),
    z.strictObject({ ...settingKinds[2], ...known }),
  ]),
);

export const shownSettings = z.strictObject({ settings: z.array(shownSetting) });

const tokens = z.strictObject({ capacity: count, weekly: z.boolean().exactOptional() });
export const abilities = shape<Abilities>('Abilities')(
  z.strictObject({
    kind: lockKind,
    verbs: z.array(verb),
    battery: z.boolean(),
    door: z.boolean(),
    pushes: z.boolean(),
    clock: z.boolean(),
    log: z.boolean(),
    codes: z
      .strictObject({
        kinds: z.array(codeKind),
        minDigits: count,
        maxDigits: count,
        capacity: count,
        readable: z.boolean(),
        weekly: z.boolean().exactOptional(),
        rule: z
          .strictObject({ digits: z.string(), notStarting: z.array(z.string()), text: z.string() })
          .exactOptional()
          .describe('What the lock refuses besides; `text` says it to people.'),
      })
      .exactOptional(),
    cards: tokens.exactOptional(),
    fingers: tokens.exactOptional(),
    settings: z.array(settingAbility),
    actions: z
      .array(z.strictObject({ name: z.string(), label: z.string(), moves: z.boolean() }))
      .exactOptional()
      .describe('More that it does on command than the verbs.'),
    authorisations: z.strictObject({ capacity: count.exactOptional() }).exactOptional(),
    timers: z.strictObject({ capacity: count.exactOptional() }).exactOptional(),
    adminCode: z
      .strictObject({ minDigits: count, maxDigits: count, known: z.boolean() })
      .exactOptional()
      .describe('A code of its owner guards its settings, codes and log.'),
    unlisted: z.string().exactOptional().describe('What else opens it and is neither listed nor taken off from here.'),
    orientation: z.enum(['settable', 'itself', 'mechanical', 'none']),
    holdEveryMs: z.number(),
    askEveryMs: z.number().exactOptional(),
  }),
);

const facts = shape<Facts>('Facts')(
  z.strictObject({
    model: z.string().exactOptional(),
    manufacturer: z.string().exactOptional(),
    hardware: z.string().exactOptional(),
    firmware: z.string().exactOptional(),
    serial: z.string().exactOptional(),
    raw: z.record(z.string(), z.string()).exactOptional().describe("The family's own words, for people who debug."),
  }),
);

const exposure = shape<LockSettings['exposed'][number]>('Exposure')(z.enum(['mqtt', 'matter']));
export const lockSettings = shape<LockSettings>('LockSettings')(
  z.strictObject({ session: sessionMode, exposed: z.array(exposure) }),
);

const stats = shape<SessionStats>('SessionStats')(
  z.strictObject({
    open: z.boolean(),
    since: at,
    opens: count,
    losses: count,
    lossReasons: z.record(z.string(), count),
    connectedMs: z.number(),
    roundTrips: count,
    lastError: z.string().exactOptional(),
  }),
);

const lockKeys = {
  id: z.string().describe('12 hex digits, for ever.'),
  name: z.string(),
  unit,
  family: z.string(),
  address: z.string(),
  endpoint: z.int().describe('In Matter.'),
  lifecycle,
  generation: count.describe('How often it was paired.'),
  settings: lockSettings,
  abilities: abilities.exactOptional(),
  facts,
  state: lockState,
  rssi: z.number().exactOptional().describe('Of the last advert, dBm.'),
  lastHeard: at.exactOptional(),
  stats,
  trouble: z
    .strictObject({ reason: z.string(), text: z.string() })
    .exactOptional()
    .describe('Why it is not reachable or not usable, for people.'),
};
export const lockView = shape<LockView>('LockView')(z.strictObject(lockKeys));

export const sessionCost = shape<SessionCost>('SessionCost')(
  z.strictObject({
    mode: sessionMode,
    questionsPerDay: z.number(),
    connectedMinutesPerDay: z.number(),
    batteryDays: z.number().describe('A rough figure.'),
  }),
);
export type WholeLock = LockView & { costs?: readonly SessionCost[] };
export const wholeLock = shape<WholeLock>('WholeLock')(
  z.strictObject({ ...lockKeys, costs: z.array(sessionCost).exactOptional() }),
);

export const outcome = shape<Outcome & { transaction?: unknown }>('Outcome')(
  z.strictObject({
    command: z.string(),
    verb,
    tookMs: z.number(),
    transaction: z.unknown().exactOptional().describe('As it came in.'),
  }),
);

/** What happened, as it may be shown: never with what opened it. */
export type ShownHappening = Omit<Happening, 'credential'>;
const happeningType = exactly<Happening['type']>()(
  z.enum([
    'locked',
    'unlocked',
    'opened',
    'jammed',
    'auto_locked',
    'wrong_code',
    'code_added',
    'code_changed',
    'code_deleted',
    'card_added',
    'card_deleted',
    'finger_added',
    'finger_deleted',
    'door_opened',
    'door_closed',
    'refused',
    'tamper',
    'restarted',
    'operation_failed',
    'other',
  ]),
);
export const happening = shape<ShownHappening>('Happening')(
  z.strictObject({
    type: happeningType,
    source: z.enum(['keypad', 'card', 'finger', 'app', 'remote', 'manual', 'key', 'auto', 'sensor', 'lock', 'unknown']),
    ok: z.boolean(),
    at,
    record: z.number().exactOptional().describe("Its number in the lock's own log."),
    battery: z.number().exactOptional(),
    raw: z.string().exactOptional(),
    slot: z.number().exactOptional(),
    person: z.string().exactOptional(),
  }),
);
