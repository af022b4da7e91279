// Names of the daemon's parts as people know them.
import type { Check } from '../api.d.ts';

const NAMES: Readonly<Record<string, string>> = {
  radio: 'Bluetooth',
  mqtt: 'MQTT',
  vault: 'Keys',
  recovery_code: 'Recovery code',
  audit: 'Audit',
  disk: 'Disk',
  clock: 'Clock',
  control_socket: 'Command line',
  matter: 'Matter',
  flows: 'Flows',
  exposure: 'Open doors',
  http: 'This page',
  store: 'Database',
};

export function partName(name: string): string {
  const known = NAMES[name];
  if (known !== undefined) return known;
  const text = name.replaceAll('_', ' ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

export const VERDICTS: Readonly<Record<Check['verdict'], { word: string; tone: 'good' | 'warn' | 'bad' }>> = {
  good: { word: 'Good', tone: 'good' },
  warning: { word: 'Could be better', tone: 'warn' },
  bad: { word: 'Wrong', tone: 'bad' },
};
