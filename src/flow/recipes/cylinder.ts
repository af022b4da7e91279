// What a rekey of metal really is, by the kind of cylinder: no electronic reset changes one. Source: flows.md 5.5, S2-12.
import type { Procedure } from '../procedures.ts';

export interface MetalRekey {
  cylinder: 'smartkey' | 'profile' | 'pins' | 'none' | 'unknown';
  text: string;
  /** It can be done without the old key, by whoever is at the door. */
  withoutOldKey: boolean;
}

/** From the catalogue's entry; an unknown one is a question to the person. */
export function metalRekey({ id, form, facts }: Pick<Procedure, 'id' | 'form' | 'facts'>): MetalRekey {
  const needs = facts.needs_on_hand?.text ?? '';
  if (id.includes('smartkey')) {
    const text =
      'Its SmartKey cylinder learns a new key with the working old key and the learn tool, door open. Without the old key it needs a reset cradle or a locksmith.';
    return { cylinder: 'smartkey', text, withoutOldKey: false };
  }
  if (form === 'keybox' || form === 'padlock') {
    const text =
      'It opens by code or radio; if it has an emergency keyway, only its maker or a locksmith changes that.';
    return { cylinder: 'none', text, withoutOldKey: false };
  }
  if (/no key cylinder/i.test(needs)) {
    return { cylinder: 'none', text: 'It has no cylinder, so there is no metal to rekey.', withoutOldKey: true };
  }
  if (form === 'retrofit' || form === 'cylinder') {
    const text =
      'It turns the cylinder of the door: that cylinder is swapped, with the door open, and the motor is calibrated again. That works without the old key.';
    return { cylinder: 'profile', text, withoutOldKey: true };
  }
  if (form === 'deadbolt' || form === 'lever' || form === 'mortise' || form === 'rim') {
    const text =
      'If it has a pin cylinder, a locksmith changes its pins, or the cylinder is swapped. If it has none, there is nothing to do.';
    return { cylinder: 'pins', text, withoutOldKey: false };
  }
  const text =
    'What cylinder it has is not known here. Look for a brand beside the keyhole and ask a locksmith; drill and force nothing.';
  return { cylinder: 'unknown', text, withoutOldKey: false };
}
