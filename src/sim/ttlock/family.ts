// The family as the demo and the tests meet it.
import type { SimFamily } from '../family.ts';
import { SimError } from '../sim-error.ts';
import { type VariantName, variants } from './variants.ts';
import { VirtualTTLock } from './virtual-ttlock.ts';

export const ttlock: SimFamily = {
  name: 'ttlock',
  variants,
  usual: 'deadbolt',
  offer: { act: 'press_key' },
  wake: { act: 'press_key' },
  /** Random static: the two highest bits are set (ttlock.md 2.1). */
  address: bytes =>
    Array.from(bytes.subarray(0, 6), (byte, i) => (i === 0 ? byte | 0xc0 : byte).toString(16).padStart(2, '0')).join(
      ':',
    ),
  make({ variant = 'deadbolt', ...options }) {
    if (!isVariant(variant)) throw new SimError('invalid', `There is no virtual TTLock of the kind "${variant}".`);
    return new VirtualTTLock({ ...options, variant });
  },
};

function isVariant(word: string): word is VariantName {
  return Object.hasOwn(variants, word);
}
