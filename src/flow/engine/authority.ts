// Who may do what with flows (flows.md 6.2). What is not allowed here is allowed nowhere.
import { LockError } from '../../base/errors.ts';
import type { Asker, Role } from '../../lock/lock.ts';
import type { Rung } from '../plan.ts';
import type { FlowPolicy, FlowRequest, FlowType, Prompt } from '../words.ts';

/** Rungs that keep the pairing: what is lost can be made again from here. */
const SOFT: readonly Rung[] = ['look', 'one_person', 'all_guests', 'settings'];

export function isSoft(rung: Rung): boolean {
  return SOFT.includes(rung);
}

const MASTERS: readonly Role[] = ['owner', 'manager'];

export function isMaster(asker: Pick<Asker, 'role'>): boolean {
  return MASTERS.includes(asker.role);
}

/** Throws `forbidden` for who may not even ask for a plan. */
export function mayStart(request: FlowRequest, asker: Asker): void {
  const { type, overrides = [] } = request;
  if (asker.role === 'voice') throw refused('A voice may ask how a flow goes; it starts none.');
  if (asker.role === 'viewer') throw refused('You may look here, but start no flow.');
  if (asker.role === 'technician' && type !== 'diagnose') {
    throw refused('A technician works in a flow that an owner or manager has started.');
  }
  if (overrides.length > 0 && asker.role !== 'owner') throw refused('Only an owner may override a rule.');
  const empty = overrides.find(({ sentence }) => sentence.trim().split(/\s+/).length < 3);
  if (empty) {
    const text = `To override ${empty.rule} give the reason as a sentence; it stands in the record.`;
    throw new LockError('invalid', text, { reason: 'override_without_reason' });
  }
}

/** How far a flow goes at once: a plan only, until an owner or manager lets it go, or on its way. */
export function mayGo(type: FlowType, rung: Rung, by: { asker: Asker; policy: FlowPolicy }): boolean {
  const { asker, policy } = by;
  if (isMaster(asker)) return true;
  if (asker.role === 'technician') return type === 'diagnose';
  if (asker.role !== 'automation') return false;
  if (type === 'diagnose' || type === 'repair') return true;
  return isSoft(rung) && policy.unattended === 'soft_wipe';
}

export function mayAnswer(prompt: Pick<Prompt, 'roles' | 'kind' | 'secret'>, asker: Asker): void {
  if (!prompt.roles.includes(asker.role)) {
    const who = prompt.roles.map(role => `${role}s`).join(' and ');
    throw refused(`This question is for ${who}.`);
  }
  if (prompt.secret && asker.via === 'mqtt') {
    throw refused(
      'What is typed here is secret and is not taken over MQTT: use the command line or the page.',
      'secret',
    );
  }
}

/** The yes to a pivot. Automations and voices never give it. */
export function mayConfirm(asker: Asker, about: { policy: FlowPolicy; starter: Asker }): void {
  const { policy, starter } = about;
  if (!isMaster(asker)) throw refused('Only an owner or a manager may confirm what cannot be undone.');
  if (asker.via === 'mqtt' && !policy.confirmByMqtt) {
    throw refused(
      'This is not confirmed over MQTT here: use the command line or the page (policy.flows.confirm_by_mqtt).',
    );
  }
  if (policy.twoPersons && asker.who === starter.who) {
    throw refused('Two people are needed here: somebody else than who started it has to confirm.', 'two_persons');
  }
}

/** Stopping is for everybody who may be at the door or saw something; a voice may be anybody's. */
export function mayStop(asker: Asker): void {
  if (asker.role === 'voice') throw refused('A voice stops no flow. Use the page, MQTT or the command line.');
  if (asker.role === 'viewer') throw refused('You may look here, but stop no flow.');
}

export function maySteer(asker: Asker, flow: { starter: Asker; holder: string; letGo: boolean }): void {
  if (isMaster(asker)) return;
  const isMine = flow.letGo && (flow.starter.who === asker.who || flow.holder === asker.who);
  if (isMine && asker.role !== 'voice' && asker.role !== 'viewer') return;
  throw refused('Only an owner or a manager may let this flow go on.');
}

export function refused(text: string, reason = 'not_authorised'): LockError {
  return new LockError('forbidden', text, { reason });
}
