// The hands of the virtual locks, by the lock's name, for MQTT, the API and the command line.
import { LockError } from '../base/errors.ts';
import type { Json } from '../lock/driver.ts';
import type { Hands, StagedAct, StagedLock } from '../lock/upkeep.ts';
import type { VirtualLock } from '../sim/family.ts';
import type { HandAct, Hands as SimHands } from '../sim/hands.ts';

/** `hands` finds them by the lock's name in the program, which may have been renamed since. */
export function handsOf(hands: (name: string) => SimHands | undefined): Hands {
  return {
    async act(name, act) {
      const found = hands(name);
      if (!found) throw new LockError('not_found', `There is no virtual lock "${name}" in this demo.`);
      const { act: verb, ...details } = act;
      if (!found.acts.some(known => known.name === verb)) {
        const known = found.acts.map(each => each.name).join(', ');
        throw new LockError('invalid', `These hands cannot do "${verb.slice(0, 32)}". They can: ${known}.`);
      }
      return { ...found.act(verb, details) } as Json;
    },
  };
}

/** As somebody sees it who stands there; `name` is what the program calls it now. */
export function staged(name: string, family: string, lock: VirtualLock): StagedLock {
  const { bolt, door, battery, powered, paired, variant } = lock;
  return {
    name,
    family,
    variant,
    acts: lock.hands.acts.flatMap(actsOf),
    looks: { bolt, door, battery, powered, paired },
  };
}

/** A word to choose is an act of its own: a page shows a button for each. */
function actsOf({ name: act, say: label, argument }: HandAct): StagedAct[] {
  if (!argument) return [{ act, label }];
  const { kind, choices, optional = false, say } = argument;
  if (!choices)
    return [{ act, label, typed: { label: say, digits: kind === 'digits' || kind === 'number', optional } }];
  const each = choices.map(value => ({
    act,
    label: `${label.replace(/\.$/, '')}: ${value.replaceAll('_', ' ')}`,
    value,
  }));
  return optional ? [{ act, label }, ...each] : each;
}
