// How the daemon is: one line per part, each bad one with what a person can do about it.
import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { type Clock, isPlausible } from '../base/clock.ts';
import { textOf } from '../base/errors.ts';
import type { Health, HealthPart } from '../lock/upkeep.ts';
import type { RadioState } from '../radio/radio.ts';
import type { Store } from '../store/store.ts';

/** SQLite needs room for its log and for a copy before a migration. */
const LEAST_FREE = 50 * 1024 * 1024;

/** What a Raspberry Pi says of its own power: bit 0 too little voltage, bits 1 and 2 slowed down, bit 3 too hot; now. */
const THROTTLED = '/sys/devices/platform/soc/soc:firmware/get_throttled';
const NOW = 0xf;

const BROKER_FIX = 'Check mqtt.url, mqtt.username and mqtt.password, and that the broker runs.';

export interface HealthParts {
  version: string;
  startedAt: number;
  clock: Clock;
  folder: string;
  store: Store;
  radio(): RadioState;
  mqtt(): { connected: boolean; protocol?: string; reason?: string; anonymous: boolean } | undefined;
  /** Where the control socket failed. */
  socket(): string | undefined;
  page(): HealthPart[];
  matter(): HealthPart;
  flows(): HealthPart[];
}

export function healthOf(parts: HealthParts): Health {
  const list = [
    radio(parts),
    mqtt(parts),
    vault(parts),
    recovery(parts),
    audit(parts),
    disk(parts),
    clock(parts),
    socket(parts),
    ...parts.page(),
    ...power(),
    parts.matter(),
    ...parts.flows(),
  ];
  const { version, startedAt } = parts;
  return { ready: parts.store.vault.sealed === undefined, version, startedAt, parts: list };
}

function part(name: string, ok: boolean, text: string, fix?: string): HealthPart {
  return { name, ok, text, ...(ok || fix === undefined ? {} : { fix }) };
}

function radio(parts: HealthParts): HealthPart {
  const state = parts.radio();
  return state.ready ? part('radio', true, 'Bluetooth is ready.') : part('radio', false, state.reason, state.fix);
}

function mqtt(parts: HealthParts): HealthPart {
  const state = parts.mqtt();
  if (!state) {
    const fix = 'Set mqtt.url in latchbridge.yaml, or install the MQTT broker of Home Assistant.';
    return part('mqtt', false, 'No MQTT broker is set up.', fix);
  }
  if (!state.connected) {
    return part('mqtt', false, state.reason ?? 'The MQTT broker is not connected.', BROKER_FIX);
  }
  if (state.anonymous) {
    const fix = 'Give the broker a login, or set mqtt.allow_anonymous if everybody on the network may open doors.';
    return part('mqtt', false, 'The MQTT broker asks for no password: whoever reaches it can open doors.', fix);
  }
  return part('mqtt', true, `Connected to the MQTT broker (protocol ${state.protocol ?? 'unknown'}).`);
}

function vault({ store }: HealthParts): HealthPart {
  const { sealed } = store.vault;
  const fix = 'Enter the recovery code: latchbridge recovery-code enter. Or pair the locks again.';
  return sealed === undefined ? part('vault', true, 'The keys are open.') : part('vault', false, sealed, fix);
}

function recovery({ store }: HealthParts): HealthPart {
  if (store.vault.sealed !== undefined || store.vault.recoveryConfirmed)
    return part('recovery_code', true, 'Known to a person.');
  const fix = 'Write it down and type it back once: latchbridge recovery-code.';
  return part(
    'recovery_code',
    false,
    'Nobody has written down the recovery code; a lost card would lose all keys.',
    fix,
  );
}

function audit({ store }: HealthParts): HealthPart {
  const { gaps } = store.audit;
  if (gaps === 0) return part('audit', true, 'No line is missing.');
  return part('audit', false, `${gaps} audit lines could not be written.`, 'Make room on the disk.');
}

function disk({ folder }: HealthParts): HealthPart {
  try {
    const { bavail, bsize } = statfsSync(folder);
    const free = bavail * bsize;
    const text = `${Math.round(free / 1024 / 1024)} MiB free.`;
    return part(
      'disk',
      free >= LEAST_FREE,
      text,
      'Make room on the disk: pairing and code changes stop when it is full.',
    );
  } catch (thrown) {
    return part(
      'disk',
      false,
      `The data folder cannot be looked at: ${textOf(thrown)}`,
      'Check the folder and its permissions.',
    );
  }
}

/** Only on a machine that tells. A wipe that is cut by its power is the worst of all. */
function power(): HealthPart[] {
  if (!existsSync(THROTTLED)) return [];
  const bits = Number.parseInt(readFileSync(THROTTLED, 'utf8'), 16);
  const ok = Number.isNaN(bits) || (bits & NOW) === 0;
  const text = ok ? 'The power supply is good enough.' : 'This machine gets too little power or is too hot.';
  return [part('power', ok, text, 'Use the power supply that is meant for it, and let air to it.')];
}

function clock({ clock: now }: HealthParts): HealthPart {
  const ok = isPlausible(now.now());
  const fix = 'Wait for the time from the network, or set it; until then no lock’s clock is set.';
  return part('clock', ok, ok ? 'The time is plausible.' : 'The time of this machine cannot be right.', fix);
}

function socket(parts: HealthParts): HealthPart {
  const trouble = parts.socket();
  if (trouble === undefined) return part('control_socket', true, 'The command line can reach the daemon.');
  return part('control_socket', false, trouble, 'Use a shorter data folder, or stop the other daemon.');
}
