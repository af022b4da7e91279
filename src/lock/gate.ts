// Who may command what, now. Everything that moves a lock passes here; a refusal is final, nothing is queued.
import type { Clock } from '../base/clock.ts';
import { LockError } from '../base/errors.ts';
import type { Leases } from './leases.ts';
import type { Asker, Command, LockView, Role, SettingValue, Verb } from './lock.ts';

/** A bucket of 5 commands per asker and lock, refilled by one a second. */
const BUCKET = 5;
const REFILL_MS = 1000;
/** Buckets remembered at once; the oldest go first. */
const MOST_BUCKETS = 1000;

export interface Gate {
  /** Throws the LockError that refuses the command. */
  admit(command: Command, view: LockView): void;
}

export interface Policy {
  /** Whether doors may be opened from MQTT; locking always may. Never is also: no code, card or setting that opens one. */
  openByMqtt: 'always' | 'never';
}

/** Whether this asker may do what lets somebody in by and by: a new code, a longer time, a door that stays open. */
export function mayLetIn(policy: Policy, asker: Asker): boolean {
  return policy.openByMqtt === 'always' || asker.via !== 'mqtt' || asker.role === 'owner' || asker.role === 'manager';
}

/** Who has no business with the codes, settings and log of a lock, outside a flow that somebody else has started. */
export function isOutside({ role }: Pick<Asker, 'role'>): boolean {
  return role === 'voice' || role === 'technician' || role === 'viewer';
}

/** Settings that let nobody in, whatever the value. What stands neither here nor below may let somebody in. */
const HARMLESS = new Set(['sound', 'volume', 'lamp_seconds', 'wifi_stays']);
/** Settings that let nobody in with this value. */
const SAFE: Readonly<Record<string, SettingValue>> = {
  show_pin: false,
  passage_mode: false,
  passage_auto_unlock: false,
  remote_unlock: false,
  reset_button: false,
  freeze: true,
  tamper_alarm: true,
  privacy_lock: true,
};

/** Whether a setting lets somebody in who could not come in before. `before`: what the lock has now, if that is known. */
export function letsIn(name: string, value: SettingValue, before: SettingValue | undefined): boolean {
  if (name === 'auto_lock_seconds' && typeof value === 'number' && typeof before === 'number') {
    return value === 0 || (before > 0 && value > before);
  }
  return !HARMLESS.has(name) && !(Object.hasOwn(SAFE, name) && SAFE[name] === value);
}

export function makeGate(clock: Clock, leases: Leases, policy: Policy = { openByMqtt: 'always' }): Gate {
  const buckets = new Map<string, { left: number; at: number }>();

  const spend = (key: string): boolean => {
    const now = clock.elapsed();
    const bucket = buckets.get(key) ?? { left: BUCKET, at: now };
    buckets.delete(key);
    const left = Math.min(BUCKET, bucket.left + (now - bucket.at) / REFILL_MS);
    buckets.set(key, { left: left >= 1 ? left - 1 : left, at: now });
    const [oldest] = buckets.keys();
    if (buckets.size > MOST_BUCKETS && oldest !== undefined) buckets.delete(oldest);
    return left >= 1;
  };

  return {
    admit(command, view) {
      const { asker, verb } = command;
      if (!mayCommand(asker.role, verb)) {
        throw new LockError('forbidden', `${words(asker.role)} may not ${verb} "${view.name}".`);
      }
      if (policy.openByMqtt === 'never' && asker.via === 'mqtt' && verb !== 'lock') {
        const text = `"${view.name}" is not opened over MQTT here (policy.open_by_mqtt is never).`;
        throw new LockError('forbidden', text, { reason: 'policy' });
      }
      if (command.deadline <= clock.elapsed()) {
        throw new LockError('timeout', `The order to ${verb} "${view.name}" came too late and was dropped.`, {
          reason: 'stale',
        });
      }
      if (view.lifecycle !== 'managed' && view.lifecycle !== 'suspended') throw unusable(view);
      const busy = leases.of(view.id)?.admits(verb);
      if (busy && asker.via !== 'flow') throw busy;
      if (view.abilities && !view.abilities.verbs.includes(verb)) throw unable(view, verb);
      if (!spend(`${asker.who} ${view.id}`)) {
        throw new LockError('busy', `Too many orders for "${view.name}" at once; wait a few seconds.`, {
          reason: 'rate',
        });
      }
    },
  };
}

/** Locking is always allowed to whoever may command at all; a technician works only inside a flow. */
function mayCommand(role: Role, verb: Verb): boolean {
  return role === 'technician' ? verb === 'lock' : role !== 'viewer';
}

function words(role: Role): string {
  return {
    owner: 'An owner',
    manager: 'A manager',
    technician: 'A technician',
    automation: 'An automation',
    voice: 'A voice',
    viewer: 'Who may only look',
  }[role];
}

function unusable(view: LockView): LockError {
  const name = `"${view.name}"`;
  const why: Partial<Record<LockView['lifecycle'], string>> = {
    factory: `${name} is not paired; pair it first.`,
    provisioning: `${name} is being paired; wait until that is finished.`,
    limbo: `Something was begun on ${name} and its outcome is not known yet; it is asked as soon as it is in range.`,
    orphaned: `${name} no longer accepts our key: it was reset, paired by somebody else, or we were taken off it. Pair it again.`,
    foreign: `${name} belongs to somebody else now. Delete it in the maker's app, then pair it again.`,
    retired: `${name} was taken out of use.`,
  };
  const reason = view.lifecycle === 'orphaned' ? 'key_refused' : view.lifecycle;
  return new LockError('forbidden', why[view.lifecycle] ?? `${name} cannot be used now.`, { reason });
}

function unable(view: LockView, verb: Verb): LockError {
  const thing = view.abilities?.kind.replace('_', ' ') ?? 'lock';
  const advice = verb === 'lock' ? 'close it by hand' : 'use unlock';
  return new LockError('unsupported', `This ${thing} cannot ${verb} by command: ${advice}.`);
}
