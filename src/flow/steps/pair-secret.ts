// The code that some locks want before they take anybody in: asked of a person, used once, kept nowhere.
import { LockError } from '../../base/errors.ts';
import { Secret } from '../../base/log.ts';
import type { PairSecret } from '../../lock/driver.ts';
import type { Heard } from '../../lock/registry.ts';
import type { Scene } from '../step.ts';
import { cancelled } from './observe.ts';
import { isBrief } from './preparing.ts';

/** Typed wrongly more often, it is not a slip: the lock would shut itself. */
const MOST_SLIPS = 3;

/**
 * Undefined for a lock that asks for nothing. Throws `invalid` with reason `secret_needed` where nobody is asked, and
 * `secret_form` for digits that cannot be it: those never reach the lock, which counts wrong ones.
 */
export async function secretFor(scene: Scene, { recognised }: Heard): Promise<Secret<string> | undefined> {
  const { asks } = recognised;
  if (!asks) return undefined;
  const given = scene.tools.pairer.secretFor(scene.request);
  if (given) return checked(given, asks);
  if (isBrief(scene)) throw needed(asks);
  for (let go = 1; ; go++) {
    const text = `Type the code of the lock. ${asks.text} It is used for this pairing and never goes over MQTT.`;
    const ask = { kind: 'human_input', text, spoken: 'Type the code of the lock.', secret: true } as const;
    const answer = await scene.ask(ask);
    if (/^cancel$/i.test(answer.value.trim())) throw cancelled(answer.by.who);
    try {
      return checked(new Secret(answer.value.trim()), asks);
    } catch (thrown) {
      if (!(thrown instanceof LockError) || go === MOST_SLIPS) throw thrown;
      scene.say(thrown.message);
    }
  }
}

/** For whoever asked over a way that has no questions. */
function needed(asks: PairSecret): LockError {
  const text = `This lock takes nobody in without its code. ${asks.text} Pair it with "latchbridge pair" or on the page, which ask for it; it never goes over MQTT.`;
  return new LockError('invalid', text, { reason: 'secret_needed' });
}

function checked(secret: Secret<string>, { minDigits, maxDigits, letters }: PairSecret): Secret<string> {
  const { length } = secret.reveal();
  const form = letters ? /^[0-9A-Z]+$/ : /^[0-9]+$/;
  if (form.test(secret.reveal()) && length >= minDigits && length <= maxDigits) return secret;
  const many = minDigits === maxDigits ? `${minDigits}` : `${minDigits} to ${maxDigits}`;
  const what = letters ? 'capital letters and digits' : 'digits';
  throw new LockError('invalid', `The code of this lock has ${many} ${what}. Nothing was sent.`, {
    reason: 'secret_form',
  });
}
