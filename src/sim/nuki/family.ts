// The family as the demo and the tests meet it.
import type { SimFamily } from '../family.ts';
import { SimError } from '../sim-error.ts';
import { type VariantName, variants } from './variants.ts';
import { VirtualNuki } from './virtual-nuki.ts';

/** The vendor's own. */
const PREFIX = [0x54, 0xd2, 0x72];

export const nuki: SimFamily = {
  name: 'nuki',
  variants,
  usual: 'smart_lock_4',
  offer: { act: 'hold_button', value: '5' },
  // It advertises all the time; this only lights its ring.
  wake: { act: 'hold_button', value: '1' },
  address: bytes => [...PREFIX, ...bytes.subarray(0, 3)].map(byte => byte.toString(16).padStart(2, '0')).join(':'),
  make({ variant = 'smart_lock_4', ...options }) {
    if (!isVariant(variant)) throw new SimError('invalid', `There is no virtual Nuki lock of the kind "${variant}".`);
    return new VirtualNuki({ ...options, variant });
  },
};

function isVariant(word: string): word is VariantName {
  return Object.hasOwn(variants, word);
}
