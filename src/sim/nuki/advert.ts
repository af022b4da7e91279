// What a virtual Nuki lock broadcasts. Source: nuki.md 2.
import { bytesOf, fromHexText } from './bytes.ts';
import { uuid } from './voice.ts';

const APPLE = [0x4c, 0x00];
const I_BEACON = [0x02, 0x15];
const HOMEKIT = [0x06, 0x31];

/** Manufacturer data of normal operation; bit 0 of the last byte: its state changed and nobody has read it. */
export function beaconData(nukiId: number, txPower: number, changed: boolean): Uint8Array {
  return bytesOf(APPLE, I_BEACON, fromHexText(uuid('e200')), bigEndian(nukiId), txPower | (changed ? 1 : 0));
}

/** Service data of pairing mode. */
export function pairingData(generation: 'g4' | 'g5', nukiId: number): [service: string, data: Uint8Array] {
  return [uuid(generation === 'g5' ? 'e300' : 'e100'), bigEndian(nukiId)];
}

/** What HomeKit sends in between: of no meaning here. */
export function homekitData(nukiId: number): Uint8Array {
  return bytesOf(APPLE, HOMEKIT, [0x00], bigEndian(nukiId), [0x00, 0x00, 0x06, 0x00, 0x01, 0x00, 0x02, 0x02]);
}

export function nameOf(nukiId: number): string {
  return `Nuki_${nukiId.toString(16).toUpperCase().padStart(8, '0')}`;
}

function bigEndian(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return Uint8Array.from(bytes);
}
