// Where doors are not opened over MQTT, nothing that opens them is handed out there either: no code, card or setting.
import type { Access, TokenAccess } from '../../access/access.ts';
import { LockError } from '../../base/errors.ts';
import { letsIn, mayLetIn, type Policy } from '../../lock/gate.ts';
import type { Asker } from '../../lock/lock.ts';
import type { Workbench } from '../../lock/locks.ts';
import type { MqttOptions } from './mqtt.ts';

/** The same, but what lets somebody in is refused to whoever may not; taking away is always allowed. */
export function guarded(options: MqttOptions): MqttOptions {
  const { policy } = options.config;
  if (policy?.openByMqtt !== 'never') return options;
  const { access, tokens, workbench } = options;
  return {
    ...options,
    access: guardedAccess(access, policy),
    ...(tokens && { tokens: guardedTokens(tokens, policy) }),
    ...(workbench && { workbench: guardedBench(workbench, policy) }),
  };
}

function guardedAccess(access: Access, policy: Policy): Access {
  return {
    credentials: lock => access.credentials(lock),
    capacity: lock => access.capacity(lock),
    async setCode(lock, slot, code, asker) {
      check(policy, asker, 'Codes are not set');
      return access.setCode(lock, slot, code, asker);
    },
    clearCode: (lock, slot, asker) => access.clearCode(lock, slot, asker),
    async setEnabled(lock, slot, enabled, asker) {
      if (enabled) check(policy, asker, 'Codes are not enabled');
      return access.setEnabled(lock, slot, enabled, asker);
    },
    reconcile: (lock, asker) => access.reconcile(lock, asker),
    match: (lock, kind, value) => access.match(lock, kind, value),
    hear: ear => access.hear(ear),
  };
}

function guardedTokens(tokens: TokenAccess, policy: Policy): TokenAccess {
  return {
    capacity: (lock, kind) => tokens.capacity(lock, kind),
    async enrol(what, how, asker) {
      check(policy, asker, 'Cards and fingerprints are not added');
      return tokens.enrol(what, how, asker);
    },
    async addCard(lock, slot, card, asker) {
      check(policy, asker, 'Cards are not added');
      return tokens.addCard(lock, slot, card, asker);
    },
    async setValidity(lock, kind, slot, request, asker) {
      check(policy, asker, 'The times of cards and fingerprints are not changed');
      return tokens.setValidity(lock, kind, slot, request, asker);
    },
    remove: (lock, kind, slot, asker) => tokens.remove(lock, kind, slot, asker),
  };
}

function guardedBench(bench: Workbench, policy: Policy): Workbench {
  return {
    known: lock => bench.known(lock),
    readSettings: (lock, asker) => bench.readSettings(lock, asker),
    async writeSetting(lock, name, value, asker) {
      if (letsIn(name, value, bench.known(lock)[name])) check(policy, asker, `"${name}" is not set like this`);
      return bench.writeSetting(lock, name, value, asker);
    },
    readLog: (lock, most, asker) => bench.readLog(lock, most, asker),
    revokeAppKeys: (lock, asker) => bench.revokeAppKeys(lock, asker),
    adminCode: (lock, asker) => bench.adminCode(lock, asker),
    setAdminCode: (lock, code, asker) => bench.setAdminCode(lock, code, asker),
    tellAdminCode: (lock, code, asker) => bench.tellAdminCode(lock, code, asker),
    renewKey: (lock, asker) => bench.renewKey(lock, asker),
    retireKey: (lock, old, asker) => bench.retireKey(lock, old, asker),
    // The gate has the same policy for what moves the bolt.
    perform: (lock, action, asker) => bench.perform(lock, action, asker),
    authorisations: (lock, asker) => bench.authorisations(lock, asker),
    removeAuthorisation: (lock, id, asker) => bench.removeAuthorisation(lock, id, asker),
    timers: (lock, asker) => bench.timers(lock, asker),
    async addTimer(lock, timer, asker) {
      if (timer.action !== 'lock') check(policy, asker, 'Timers that open the door are not set');
      return bench.addTimer(lock, timer, asker);
    },
    async changeTimer(lock, timer, asker) {
      if (timer.action !== 'lock') check(policy, asker, 'Timers that open the door are not set');
      return bench.changeTimer(lock, timer, asker);
    },
    removeTimer: (lock, id, asker) => bench.removeTimer(lock, id, asker),
    letPhoneIn: (lock, minutes, asker) => bench.letPhoneIn(lock, minutes, asker),
    costs: lock => bench.costs(lock),
    hear: ear => bench.hear(ear),
  };
}

function check(policy: Policy, asker: Asker, what: string): void {
  if (mayLetIn(policy, asker)) return;
  const text = `${what} over MQTT here: with it a door could be opened (policy.open_by_mqtt is never). Use the command line.`;
  throw new LockError('forbidden', text, { reason: 'policy' });
}
