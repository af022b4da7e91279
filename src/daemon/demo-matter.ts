// Matter of the demo and the selftest: the daemon's bridge on a network made of nothing, with a controller that has
// commissioned it.
import { join } from 'node:path';
import { LockError, textOf } from '../base/errors.ts';
import { Secret } from '../base/log.ts';
import type { MatterController } from '../bridge/matter/controller.ts';
import type { MatterCodes } from '../lock/matter-port.ts';
import type { MatterRemote } from '../lock/matter-remote.ts';
import type { Daemon } from './daemon.ts';
import { makeRemote } from './remote.ts';

const LABEL = 'Latchbridge demo';

export interface DemoMatter {
  /** Absent on a real network: there are controllers enough. */
  remote?: MatterRemote;
  /** The codes that it used; none where it had used them in an earlier run. */
  codes: MatterCodes | undefined;
  close(): Promise<void>;
}

export interface ControlledMatter extends DemoMatter {
  controller: MatterController;
}

/** Rejects with a LockError when the bridge does not run. `keep`: the controller remembers over a restart. */
export async function openDemoMatter(daemon: Daemon, { keep }: { keep: boolean }): Promise<ControlledMatter> {
  const { Simulation, closeRealNetwork } = await import('../bridge/matter/simulation.ts');
  const { openController } = await import('../bridge/matter/controller-client.ts');
  const { openMatterStore } = await import('../store/matter.ts');
  const { config, clock, log } = daemon.parts;
  closeRealNetwork();
  const air = new Simulation();
  await daemon.matter.start(air.host('bridge'));
  const { state, reason = 'The Matter bridge does not run.' } = daemon.matter.status();
  if (state !== 'running') throw new LockError('unreachable', reason, { reason: 'matter_off' });
  const store = openMatterStore(keep ? join(config.data, 'sim', 'controller') : undefined);
  const controller = await openController({ environment: air.host('controller'), store, label: LABEL, clock });
  try {
    const codes = await commission(daemon, controller, text => log.warn(text));
    return {
      controller,
      remote: makeRemote({ controller, matter: daemon.matter, clock }),
      codes,
      async close() {
        await controller.close();
        store.close();
      },
    };
  } catch (thrown) {
    await controller.close();
    store.close();
    throw thrown;
  }
}

/** Goes on where an earlier run stopped; where that fails, or there is none, with the code. */
async function commission(
  daemon: Daemon,
  controller: MatterController,
  warn: (text: string) => void,
): Promise<MatterCodes | undefined> {
  const resumed = await controller.resume().catch((thrown: unknown) => {
    warn(`The demo's Matter controller could not go on: ${textOf(thrown)}`);
    return true;
  });
  if (resumed) return undefined;
  const { nodes } = daemon.matter.status();
  const asker = { via: 'daemon', who: 'demo', role: 'owner' } as const;
  // Commissioned by a controller that is gone with its folder: a window lets the next one in.
  const codes = nodes[0]?.codes ?? (nodes[0] && (await daemon.matter.openWindow(180, asker)).codes);
  if (!codes) throw new LockError('unreachable', 'The Matter bridge has no code to use.', { reason: 'no_code' });
  await controller.commission(new Secret(codes.qr));
  return codes;
}
