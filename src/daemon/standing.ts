// How a door stands, by all that the daemon knows: who can open it, and the ways back to its lock.
import { LockError } from '../base/errors.ts';
import type { Standing } from '../bridge/web/standing-routes.ts';
import { openersOf } from '../flow/openers.ts';
import { manifest } from '../flow/ways-back.ts';
import type { LockView } from '../lock/lock.ts';
import type { MatterFabric } from '../lock/matter-port.ts';
import type { Daemon } from './daemon.ts';

export function standingOf(daemon: Daemon): Standing {
  const { registry, access, store, flows, workbench, parts } = daemon;
  const { config } = parts;
  const view = (lock: string): LockView => {
    const found = registry.find(lock);
    if (found) return found;
    throw new LockError('not_found', 'There is no lock of that name. Look at the list of locks.');
  };
  return {
    openers(lock) {
      const of = view(lock);
      return openersOf({
        view: of,
        credentials: access.credentials(of.id),
        keys: store.vault.sealed === undefined ? store.vault.of(of.id) : [],
        fabrics: fabricsOf(daemon),
        byMqtt: daemon.mqtt !== undefined && config.policy.openByMqtt === 'always',
        owners: registry.natures()[of.family]?.owners ?? 'one',
        procedure: flows.procedures.for(of),
        flows: flows.engine.all({ lock: of.id, most: 20 }),
      });
    },
    waysBack(lock) {
      const of = view(lock);
      const button = workbench.known(of.id)['reset_button'];
      return manifest({
        view: of,
        procedure: flows.procedures.for(of),
        hasKey: store.vault.sealed === undefined && store.vault.of(of.id).some(({ status }) => status === 'live'),
        ...(typeof button === 'boolean' && { button: { is: button ? 'works' : 'off', grade: 'E3' } as const }),
        secondCopy: config.backup.second !== undefined,
      });
    },
  };
}

/** Without Matter nobody opens through it. */
function fabricsOf({ matter }: Daemon): MatterFabric[] {
  try {
    return matter.fabrics();
  } catch (thrown) {
    if (thrown instanceof LockError && thrown.code === 'unreachable') return [];
    throw thrown;
  }
}
