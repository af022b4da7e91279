// Bluetooth by @abandonware/noble on raw HCI sockets. The only file that loads the library, and only when asked to.
import { createRequire } from 'node:module';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { MakeNoble } from './noble-parts.ts';
import { NobleRadio, type NobleOptions } from './noble-radio.ts';
import type { ProbeCode } from './noble-trouble.ts';
import type { Radio } from './radio.ts';

/** What `doctor` shows. `code` is stable. */
export interface RadioProbe {
  code: ProbeCode;
  /** The adapter's address, or its place. */
  id: string;
  /** Both empty when ready. */
  reason: string;
  fix: string;
}

/** Opening takes about 100 ms; an adapter that loads its firmware takes a few seconds. */
const PROBE_WITHIN = 6_000;

/**
 * Never throws: where there is no Bluetooth, `state()` says why and what to do, and the adapter is looked for again where
 * that can help.
 */
export function makeNobleRadio(options: NobleOptions): Radio {
  return new NobleRadio(load, options);
}

/** Opens the adapter, says how that went, and leaves nothing behind. */
export async function probeNoble(options: { device?: number | string; clock: Clock; log: Log }): Promise<RadioProbe> {
  const radio = new NobleRadio(load, options);
  await new Promise<void>(resolve => {
    const cancel = options.clock.after(PROBE_WITHIN, resolve);
    const check = (): void => {
      if (radio.code === 'opening') return;
      cancel();
      resolve();
    };
    radio.hearState(check);
    check();
  });
  const state = radio.state();
  const probe: RadioProbe = { code: radio.code, id: radio.id, reason: '', fix: '' };
  await radio.stop();
  return state.ready ? probe : { ...probe, reason: state.reason, fix: state.fix };
}

function load(): MakeNoble {
  const require = createRequire(import.meta.url);
  return require('@abandonware/noble/with-custom-binding') as MakeNoble;
}
