// What a lock is and has, read without its PIN (nuki.md 8.3, 8.4). Each of it may fail.
import { ByteReader } from '../../base/bytes.ts';
import { LockError } from '../../base/errors.ts';
import { readConfig } from './config-wire.ts';
import type { Key, Seen } from './credential.ts';
import type { Shared } from './session.ts';
import { only } from './talk.ts';
import { command, message, readBatteryReport, requestData } from './wire.ts';

export interface Inspected {
  key: Key;
  /** For people who debug. */
  raw: Readonly<Record<string, string>>;
}

export async function inspect(shared: Shared): Promise<Inspected> {
  const config = await tolerated(async () => readConfig(await askConfig(shared)));
  const advanced = await tolerated(() => askAdvanced(shared));
  const battery = await tolerated(() => askBattery(shared));
  const key = shared.key();
  const seen: Seen = {
    ...key.seen,
    ...(config && {
      firmware: config.firmware.join('.'),
      hardware: config.hardware.join('.'),
      keypad: config.hasKeypad !== 0 || (config.hasKeypad2 ?? 0) !== 0,
      ...(config.deviceType !== undefined && { deviceType: config.deviceType }),
    }),
    ...(advanced && { advanced: advanced.length }),
  };
  const nukiId = key.nukiId ?? (config && config.nukiId.toString(16).padStart(8, '0'));
  const next = { ...key, seen, ...(nukiId !== undefined && { nukiId }) };
  const same = JSON.stringify(next.seen) === JSON.stringify(key.seen) && next.nukiId === key.nukiId;
  return { key: same ? key : next, raw: battery ?? {} };
}

/** As bytes: where the lock hangs stays in them. */
export function askConfig({ guard }: Shared): Promise<Uint8Array> {
  const read = only(command.config, data => data.rest());
  return guard.challenged(message(command.requestConfig), { what: 'to its settings', read, again: true });
}

export function askAdvanced({ guard }: Shared): Promise<Uint8Array> {
  const read = only(command.advancedConfig, data => data.rest());
  return guard.challenged(message(command.requestAdvancedConfig), { what: 'to its settings', read, again: true });
}

async function askBattery({ talk }: Shared): Promise<Record<string, string>> {
  const read = only(command.batteryReport, data => data.rest());
  const how = { what: 'to its batteries', read, optional: true };
  const report = readBatteryReport(new ByteReader(await talk.ask(requestData(command.batteryReport), how)));
  return {
    batteryVoltage: `${report.voltage} mV`,
    lowestVoltage: `${report.lowestVoltage} mV`,
    temperature: `${report.startTemperature} °C`,
    motorCurrent: `${report.maxCurrent} mA`,
    turned: `${report.lockDistance}°`,
  };
}

async function tolerated<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (thrown) {
    const code = thrown instanceof LockError ? thrown.code : undefined;
    if (code === 'rejected' || code === 'timeout') return undefined;
    throw thrown;
  }
}
