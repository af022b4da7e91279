// The kinds of virtual Nuki lock, by what a client can tell apart. Source: nuki.md 1, 8, 16.11.

export type VariantName = 'smart_lock_1' | 'smart_lock_2' | 'smart_lock_3' | 'smart_lock_4' | 'ultra' | 'go_5';

export interface Variant {
  /** For people. */
  says: string;
  /** A connection costs it, and does not tell what others do: its beacon does. */
  sleeps: true;
  generation: 'g4' | 'g5';
  deviceType: number;
  firmware: readonly [number, number, number];
  hardware: readonly [number, number];
  /** Of the beacon, with bit 0 clear. */
  txPower: number;
  /** Bytes of Keyturner States, Config and Advanced Config. */
  stateSize: number;
  configSize: number;
  advancedSize: number;
  /** The largest MTU that it agrees to. */
  mostMtu: number;
  keypad: 'none' | 'keypad' | 'keypad_2';
  doorSensor: boolean;
  /** Per cent of its battery in its state, and not only that it is low. */
  tellsPercent: boolean;
  /** Config byte 71: 0 it has none, 1 switched off. The same for byte 77. */
  homekit: number;
  matter: number;
  /** Bit 0 Wi-Fi, bit 1 Thread. */
  capabilities: number;
  productVariant: number;
  /** Who can be authorised, and how many codes fit into its keypad. */
  users: number;
  codes: number;
}

const third: Variant = {
  says: 'a Smart Lock 3.0 with a keypad (PIN 1234)',
  sleeps: true,
  generation: 'g4',
  deviceType: 4,
  firmware: [3, 7, 7],
  hardware: [8, 3],
  txPower: 0xc8,
  stateSize: 26,
  configSize: 77,
  advancedSize: 31,
  mostMtu: 247,
  keypad: 'keypad',
  doorSensor: true,
  tellsPercent: true,
  homekit: 1,
  matter: 0,
  capabilities: 0,
  productVariant: 0,
  users: 100,
  codes: 100,
};

const fifth: Variant = {
  ...third,
  says: 'a Smart Lock Ultra with a Keypad 2 (PIN 123456)',
  generation: 'g5',
  deviceType: 5,
  firmware: [5, 4, 6],
  hardware: [5, 1],
  stateSize: 27,
  configSize: 78,
  advancedSize: 33,
  keypad: 'keypad_2',
  homekit: 0,
  matter: 1,
  capabilities: 3,
  users: 200,
  codes: 200,
};

export const variants: Readonly<Record<VariantName, Variant>> = {
  smart_lock_1: {
    ...third,
    says: 'a Smart Lock 1.0 (PIN 1234)',
    deviceType: 0,
    firmware: [1, 9, 1],
    hardware: [4, 1],
    txPower: 0xc4,
    stateSize: 15,
    configSize: 72,
    advancedSize: 28,
    mostMtu: 23,
    keypad: 'none',
    doorSensor: false,
    tellsPercent: false,
    homekit: 0,
  },
  smart_lock_2: {
    ...third,
    says: 'a Smart Lock 2.0 with a keypad (PIN 1234)',
    deviceType: 0,
    firmware: [2, 12, 4],
    hardware: [6, 2],
    txPower: 0xc4,
    stateSize: 21,
    configSize: 74,
  },
  smart_lock_3: third,
  smart_lock_4: {
    ...third,
    says: 'a Smart Lock 4.0 with a Keypad 2 (PIN 1234)',
    firmware: [4, 4, 12],
    hardware: [11, 2],
    stateSize: 27,
    configSize: 78,
    keypad: 'keypad_2',
    homekit: 0,
    matter: 1,
    capabilities: 2,
    users: 200,
    codes: 200,
  },
  ultra: fifth,
  go_5: {
    ...fifth,
    says: 'a Smart Lock Go of the fifth generation without accessories (PIN 123456)',
    keypad: 'none',
    doorSensor: false,
  },
};
