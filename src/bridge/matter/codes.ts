// The secret number and the discriminator with which a node is commissioned: random, and the same over restarts.
import './switches.ts';
import { VendorId } from '@matter/main';
import {
  CommissioningFlowType,
  CommissioningOptions,
  DiscoveryCapabilitiesSchema,
  ManualPairingCodeCodec,
  QrPairingCodeCodec,
} from '@matter/main/types';
import { hex } from '../../base/bytes.ts';
import type { MatterCodes, MatterNotes } from '../../lock/matter-port.ts';

/** Of the test vendor: nobody who is not certified may have another, and Google's test projects know these two. */
export const VENDOR = VendorId(0xfff1);
export const PRODUCT = 0x8000;

export interface Pass {
  passcode: number;
  discriminator: number;
}
/** What makes a node this node, for ever; the codes change with a reset. */
export interface Identity extends Pass {
  uniqueId: string;
  serial: string;
}

type Random = (bytes: number) => Uint8Array;

/** Made at the first call. */
export function identityOf(node: string, notes: MatterNotes, random: Random): Identity {
  const kept = notes.get(noteOf(node));
  if (isIdentity(kept)) return kept;
  const made = { ...freshPass(random), uniqueId: hex(random(16)), serial: hex(random(8)) };
  notes.set(noteOf(node), made);
  return made;
}

export function renewPass(node: string, notes: MatterNotes, random: Random): Identity {
  const renewed = { ...identityOf(node, notes, random), ...freshPass(random) };
  notes.set(noteOf(node), { ...renewed });
  return renewed;
}

/** 1 to 99 999 998 without those that everybody tries first; 12 bits of discriminator. */
export function freshPass(random: Random): Pass {
  for (;;) {
    const bytes = random(6);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const passcode = view.getUint32(0) & 0x7ffffff;
    const discriminator = view.getUint16(4) & 0xfff;
    const good =
      passcode >= 1 && passcode <= 99_999_998 && !CommissioningOptions.FORBIDDEN_PASSCODES.includes(passcode);
    if (good) return { passcode, discriminator };
  }
}

export function codesOf(pass: Pass): MatterCodes {
  return {
    manual: ManualPairingCodeCodec.encode(pass),
    qr: QrPairingCodeCodec.encode([
      {
        version: 0,
        vendorId: VENDOR,
        productId: PRODUCT,
        flowType: CommissioningFlowType.Standard,
        discoveryCapabilities: DiscoveryCapabilitiesSchema.encode({ onIpNetwork: true }),
        ...pass,
      },
    ]),
  };
}

function noteOf(node: string): string {
  return `matter.node.${node}`;
}

function isIdentity(kept: unknown): kept is Identity {
  const { passcode, discriminator, uniqueId, serial } = (kept ?? {}) as Partial<Record<keyof Identity, unknown>>;
  return (
    [passcode, discriminator].every(Number.isInteger) && typeof uniqueId === 'string' && typeof serial === 'string'
  );
}
