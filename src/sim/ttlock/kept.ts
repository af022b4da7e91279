// What a virtual TTLock remembers without power: plain data, as it is written to disk.

export type BoltPlace = 'locked' | 'unlocked';

export interface KeptOwner {
  /** Hex. */
  aesKey: string;
  adminPs: number;
  unlockKey: number;
  lockFlagPos: number;
}

/** Dates are `dateText`. type: 1 permanent, 2 once, 3 period, 4 cyclic. `old`: the digits it was made with. */
export interface KeptCode {
  type: number;
  digits: string;
  old: string;
  start: string;
  end: string;
  /** The two cycle bytes of type 4, hex. */
  cycle?: string;
}

/** Minutes since midnight. */
export interface KeptWindow {
  day: number;
  from: number;
  until: number;
}

/** A card or a finger: id in hex. `finger`: whose print it is, for the hands. */
export interface KeptToken {
  id: string;
  start: string;
  end: string;
  weekly: KeptWindow[];
  finger?: string;
}

/** `time` is the six clock bytes, hex; so is the tail. */
export interface KeptRecord {
  number: number;
  type: number;
  time: string;
  battery: number;
  tail: string;
}

export interface KeptSettings {
  autoLock: number;
  /** Auto-lock waits for the door. */
  autoLockDoor: number;
  sound: number;
  volume: number;
  language: number;
  showPin: number;
  remoteUnlock: number;
  freeze: number;
  lamp: number;
  /** The bit map of command 68. */
  switches: number;
  /** Records of seven bytes, hex. */
  passage: string[];
}

export interface Kept {
  owner?: KeptOwner;
  /** Lock wall clock minus simulation clock, ms. */
  clockOffset: number;
  /** Where the bolt really is. */
  bolt: BoltPlace;
  /** Where the lock believes it is. */
  sensed: BoltPlace;
  door: 'open' | 'closed';
  battery: number;
  /** There are batteries in it. */
  powered: boolean;
  adminCode?: string;
  eraseCode?: string;
  codes: KeptCode[];
  cards: KeptToken[];
  fingers: KeptToken[];
  log: KeptRecord[];
  nextRecord: number;
  /** The first record that FFFF has not given yet. */
  bookmark: number;
  settings: KeptSettings;
  /** The 61 bytes of command 31, hex, and when all codes were last wiped. */
  initPasswords?: string;
  wipedAt: string;
}

/** Reset button enabled and tamper alarm on, of the bits of command 68. */
const FACTORY_SWITCHES = 0x03;

/** A lock as it leaves the factory, or comes out of a reset. */
export function factoryNew(made: { autoLock: number; battery: number; clockOffset: number; wipedAt: string }): Kept {
  return {
    clockOffset: made.clockOffset,
    bolt: 'locked',
    sensed: 'locked',
    door: 'closed',
    battery: made.battery,
    powered: true,
    codes: [],
    cards: [],
    fingers: [],
    log: [],
    nextRecord: 0,
    bookmark: 0,
    settings: {
      autoLock: made.autoLock,
      autoLockDoor: 0,
      sound: 1,
      volume: 3,
      language: 0,
      showPin: 0,
      remoteUnlock: 0,
      freeze: 0,
      lamp: 0,
      switches: FACTORY_SWITCHES,
      passage: [],
    },
    wipedAt: made.wipedAt,
  };
}
