// What opening the scene of a demo needs of the daemon.
import { systemClock } from '../base/clock.ts';
import type { SceneParts } from '../demo/open-scene.ts';
import type { Daemon } from './daemon.ts';
import { systemRandom } from './run.ts';

export function sceneParts({ registry, pairer, store, workbench }: Daemon): Omit<SceneParts, 'signal'> {
  return {
    clock: systemClock,
    random: systemRandom,
    record: address => store.locks.all().find(record => record.address === address),
    view: id => registry.find(id),
    add: record => void registry.add(record),
    unit: name => store.locks.unit(name),
    pair: (request, asker) => pairer.pair(request, asker),
    tellCode: (lock, code, asker) => workbench.tellAdminCode(lock, code, asker),
  };
}
