// The security code of a lock's owner, asked of a person after a pairing: without it the lock tells and takes little.
import { LockError } from '../../base/errors.ts';
import { Secret } from '../../base/log.ts';
import { FLOW_ASKER, type Scene } from '../step.ts';
import { SKIP } from './observe.ts';
import { isBrief } from './preparing.ts';

/** Wrong ones shut the lock for everybody: as many as R10 allows. */
const MOST_WRONG = 2;
/** Of another form it never reaches the lock. */
const MOST_SLIPS = 3;

/** Whether the lock took what was typed. Nobody is asked in a brief flow; whoever answers over MQTT can skip it. */
export async function askOwnerCode(scene: Scene): Promise<boolean> {
  const { name, abilities } = scene.view();
  const { minDigits = 0 } = abilities?.adminCode ?? {};
  if (isBrief(scene)) return false;
  const text = `"${name}" is paired. Its settings, codes and log it gives only to who knows its security code of ${minDigits} digits, which its owner chose in the maker’s app. Have you got it?`;
  const spoken = 'Have you got the security code of the lock?';
  const options = [{ value: 'type', label: 'I type it now', means: 'yes' } as const, SKIP];
  const answer = await scene.ask({ kind: 'human_choice', text, spoken, options });
  return answer.means === 'yes' && typed(scene, minDigits);
}

async function typed(scene: Scene, digits: number): Promise<boolean> {
  const text = `Type the ${digits} digits of its security code. They are kept in the vault with our key, and never go over MQTT.`;
  const ask = { kind: 'human_input', text, spoken: 'Type the security code of the lock.', secret: true } as const;
  for (let slips = 0, wrong = 0; slips < MOST_SLIPS && wrong < MOST_WRONG;) {
    const { value } = await scene.ask(ask);
    try {
      await scene.tools.workbench.tellAdminCode(scene.view().id, new Secret(value.trim()), FLOW_ASKER);
      return true;
    } catch (thrown) {
      if (!(thrown instanceof LockError) || (thrown.code !== 'invalid' && thrown.code !== 'rejected')) throw thrown;
      scene.say(thrown.message);
      if (thrown.code === 'invalid') slips += 1;
      else wrong += 1;
    }
  }
  scene.say('It was typed wrongly too often, so this goes on without it.');
  return false;
}
