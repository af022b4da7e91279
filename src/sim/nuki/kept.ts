// What a virtual Nuki lock remembers without power: plain data, as it is written to disk.

export type BoltPlace = 'locked' | 'unlocked' | 'unlatched';

/** Times are `YYYY-MM-DDTHH:MM:SS`, clock faces `HH:MM`. weekdays: bit 6 Monday ... bit 0 Sunday; 0 every day. */
export interface Limit {
  from: string;
  until: string;
  weekdays: number;
  fromTime: string;
  untilTime: string;
}

/** type: 0 app, 1 bridge, 2 fob, 3 keypad, 5 keypad 2. Accessories have no key of their own here. */
export interface KeptAuthorization {
  id: number;
  type: number;
  name: string;
  /** Hex. */
  key: string;
  appId: number;
  enabled: boolean;
  remote: boolean;
  created: string;
  lastActive: string;
  lockCount: number;
  limit?: Limit;
}

export interface KeptCode {
  id: number;
  code: number;
  name: string;
  enabled: boolean;
  created: string;
  lastActive: string;
  lockCount: number;
  limit?: Limit;
}

/** A finger that Keypad 2 knows: whose print it is, for the hands. */
export interface KeptFinger {
  codeId: number;
  finger: string;
}

/** `data` in hex, as it stands behind the type. */
export interface KeptEntry {
  index: number;
  time: string;
  authId: number;
  name: string;
  type: number;
  data: string;
}

export interface KeptTimer {
  id: number;
  enabled: boolean;
  weekdays: number;
  time: string;
  action: number;
}

/** As it is set by 0x0013. Switches are 0 or 1. */
export interface KeptConfig {
  name: string;
  latitude: number;
  longitude: number;
  autoUnlatch: number;
  pairingEnabled: number;
  buttonEnabled: number;
  ledEnabled: number;
  ledBrightness: number;
  tzOffset: number;
  dst: number;
  fobActions: [number, number, number];
  singleLock: number;
  advertisingMode: number;
  timezone: number;
}

/** As it is set by 0x0035. */
export interface KeptAdvanced {
  unlockedOffset: number;
  lockedOffset: number;
  singleLockedOffset: number;
  transitionOffset: number;
  lockNGoSeconds: number;
  singlePress: number;
  doublePress: number;
  detachedCylinder: number;
  batteryType: number;
  autoBatteryType: number;
  unlatchSeconds: number;
  autoLockSeconds: number;
  autoUnlockDisabled: number;
  nightMode: number;
  nightStart: string;
  nightEnd: string;
  nightAutoLock: number;
  nightNoAutoUnlock: number;
  nightLockAtStart: number;
  autoLock: number;
  lockOnClose: number;
  autoUpdate: number;
  motorSpeed: number;
  slowAtNight: number;
}

/** What its state says about the last thing that it did. */
export interface LastAct {
  action: number;
  trigger: number;
  completion: number;
}

export interface Kept {
  /** Set up by somebody since it was made or reset. */
  initialised: boolean;
  calibrated: boolean;
  /** Hex; the same until a factory reset. */
  uuid: string;
  nextAuthId: number;
  /** Undefined: nobody has set one. */
  pin?: number;
  authorizations: KeptAuthorization[];
  codes: KeptCode[];
  nextCodeId: number;
  fingers: KeptFinger[];
  log: KeptEntry[];
  nextEntry: number;
  logging: boolean;
  timers: KeptTimer[];
  nextTimer: number;
  config: KeptConfig;
  advanced: KeptAdvanced;
  configCount: number;
  /** Where the bolt really is. */
  bolt: BoltPlace;
  /** What the lock takes it to be: one of the lock states that do not pass, 9.1. */
  lockState: number;
  /** Of the last change of its state. */
  trigger: number;
  last: LastAct;
  /** Its state changed and no bridge has read it. */
  unread: boolean;
  door: 'open' | 'closed';
  /** Per cent. */
  battery: number;
  keypadLow: boolean;
  /** There are batteries in it. */
  powered: boolean;
  /** Lock clock (UTC) minus simulation clock, ms. */
  clockOffset: number;
}

export interface Made {
  uuid: string;
  nextAuthId: number;
  name: string;
  battery: number;
  clockOffset: number;
  pin?: number;
}

const LOCKED = 1;
const BERLIN = 37;

/** A lock that somebody has set up in the vendor's app, and in which nobody of ours is known. */
export function setUp(made: Made): Kept {
  const { name, pin, ...rest } = made;
  return {
    ...rest,
    ...(pin === undefined ? {} : { pin }),
    initialised: true,
    calibrated: true,
    authorizations: [],
    codes: [],
    nextCodeId: 1,
    fingers: [],
    log: [],
    nextEntry: 1,
    logging: true,
    timers: [],
    nextTimer: 0,
    config: usualConfig(name),
    advanced: usualAdvanced(),
    configCount: 0,
    bolt: 'locked',
    lockState: LOCKED,
    trigger: 0,
    last: { action: 0, trigger: 0, completion: 0 },
    unread: false,
    door: 'closed',
    keypadLow: false,
    powered: true,
  };
}

export function usualConfig(name: string): KeptConfig {
  return {
    name,
    latitude: 0,
    longitude: 0,
    autoUnlatch: 0,
    pairingEnabled: 1,
    buttonEnabled: 1,
    ledEnabled: 1,
    ledBrightness: 3,
    tzOffset: 0,
    dst: 0,
    fobActions: [1, 2, 3],
    singleLock: 0,
    advertisingMode: 0,
    timezone: BERLIN,
  };
}

export function usualAdvanced(): KeptAdvanced {
  return {
    unlockedOffset: 0,
    lockedOffset: 0,
    singleLockedOffset: 0,
    transitionOffset: 0,
    lockNGoSeconds: 20,
    singlePress: 1,
    doublePress: 5,
    detachedCylinder: 0,
    batteryType: 0,
    autoBatteryType: 1,
    unlatchSeconds: 3,
    autoLockSeconds: 300,
    autoUnlockDisabled: 0,
    nightMode: 0,
    nightStart: '22:00',
    nightEnd: '06:30',
    nightAutoLock: 0,
    nightNoAutoUnlock: 0,
    nightLockAtStart: 0,
    autoLock: 0,
    lockOnClose: 0,
    autoUpdate: 1,
    motorSpeed: 0,
    slowAtNight: 0,
  };
}
