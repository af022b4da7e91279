// The kinds of virtual TTLock. Feature words are ones that were seen on real locks, or those with bits added as noted.
import type { Features } from './features.ts';

export type VariantName = 'deadbolt' | 'lever' | 'cylinder' | 'padlock' | 'key_box' | 'legacy';

export interface Variant {
  /** For people. */
  says: string;
  /** The front part of the advertised name. */
  prefix: string;
  scene: number;
  features: Features;
  model: string;
  hardware: string;
  firmware: string;
  /** Seconds, as made. */
  autoLock: number;
  /** It notices and tells when somebody turns it by hand. */
  thumb: 'sensed' | 'unsensed' | 'none';
  keyhole: boolean;
  /** It is closed by hand: a shackle, or the lid of a box. */
  shackle: boolean;
  doorSensor: boolean;
  keypad: boolean;
  /** Between adverts, ms: idle, and for a while after a touch. */
  idleEveryMs: number;
  awakeEveryMs: number;
  codes: number;
  cards: number;
  fingers: number;
  /** Nobody holds a session to it. */
  sleeps?: boolean;
  /** Older than V3: it can be heard and nothing else. */
  legacy: boolean;
}

const door: Variant = {
  says: 'a deadbolt with a keypad',
  prefix: 'D01',
  scene: 2,
  // Seen as 71c4f5f7 00000510. Added: 9 show PIN, 11 freeze, 25 lamp, 34 cyclic cards, 43 volume.
  features: [0x73c4fff7, 0x00000d14],
  model: 'SN138-BL02_PV53',
  hardware: '1.3',
  firmware: '6.0.21.210519',
  autoLock: 0,
  thumb: 'sensed',
  keyhole: true,
  shackle: false,
  doorSensor: false,
  keypad: true,
  idleEveryMs: 1000,
  awakeEveryMs: 250,
  codes: 150,
  cards: 200,
  fingers: 100,
  legacy: false,
};

export const variants: Readonly<Record<VariantName, Variant>> = {
  deadbolt: door,
  lever: {
    ...door,
    says: 'a lever lock with a keypad that locks itself',
    prefix: 'S502',
    scene: 1,
    // Seen as 344cd1f7. Added: 45 door sensor.
    features: [0x344cd1f7, 0x00002000],
    model: 'SN9206-S502_PV53',
    hardware: '2.0',
    firmware: '6.0.19.200812',
    autoLock: 5,
    thumb: 'unsensed',
    doorSensor: true,
  },
  cylinder: {
    ...door,
    says: 'a knob cylinder without a keypad',
    prefix: 'M201',
    scene: 9,
    features: [0x0044d1e6],
    model: 'SN195-M201_PV53',
    hardware: '1.1',
    firmware: '6.0.16.191105',
    thumb: 'unsensed',
    keyhole: false,
    keypad: false,
    codes: 0,
  },
  padlock: {
    ...door,
    says: 'a padlock with a keypad',
    sleeps: true,
    prefix: 'P303',
    scene: 8,
    // Seen as 200451e1. Taken away: 8 lock by command. Added: 2 fingerprint.
    features: [0x200450e5],
    model: 'SN244-P303_PV53',
    hardware: '1.0',
    firmware: '6.4.11.211208',
    thumb: 'none',
    keyhole: false,
    shackle: true,
    idleEveryMs: 5000,
    codes: 100,
    cards: 0,
    fingers: 20,
  },
  // No key box was ever captured (ttlock.md 29.12). Scene 11 tells it from a padlock.
  key_box: {
    ...door,
    says: 'a key box with a keypad',
    sleeps: true,
    prefix: 'K3',
    scene: 11,
    // Seen as 200451e1. Taken away: 8 lock by command.
    features: [0x200450e1],
    model: 'SN260-K3_PV53',
    hardware: '1.0',
    firmware: '6.4.14.220117',
    thumb: 'none',
    keyhole: false,
    shackle: true,
    idleEveryMs: 5000,
    codes: 50,
    cards: 0,
    fingers: 0,
  },
  legacy: { ...door, says: 'a lock from before V3', prefix: 'LOCK', legacy: true },
};
