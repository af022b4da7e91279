// What the doctor looks at: the machine, the adapters, the broker, the folders, the settings. Each bad finding has its fix.
import { accessSync, constants, existsSync, statSync, statfsSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { type Clock, within, isPlausible } from '../base/clock.ts';
import { LockError } from '../base/errors.ts';
import type { Config } from '../config.ts';
import { networkTrouble } from '../bridge/matter/network.ts';
import type { Check, Examination, HealthPart } from '../lock/upkeep.ts';

/** How an adapter answered; `code` is stable, `reason` and `fix` are empty when it is ready. */
export interface RadioFact {
  code: string;
  id: string;
  reason: string;
  fix: string;
}
/** What is known already; the rest is looked at. */
export interface Known {
  radios: readonly RadioFact[];
  /** How the daemon's own connection is; without it, only whether something answers there. */
  broker?: { connected: boolean; text: string; fix?: string };
  /** How the daemon's own Matter is; without it, only whether the network can carry it. */
  matter?: HealthPart;
  clock: Clock;
}

const LEAST_NODE = [20, 19] as const;
/** SQLite needs room for a copy of itself, and a flow must not find a full disk on its way. */
const LEAST_FREE_MIB = 50;
/** On a local network an answer takes milliseconds. */
const BROKER_MS = 3_000;
const BUILD_CODES = ['not_installed', 'not_built', 'wrong_node', 'unsupported'];
const BROKER_PORTS: Readonly<Record<string, number>> = { 'mqtt:': 1883, 'mqtts:': 8883, 'ws:': 80, 'wss:': 443 };

export async function examine(config: Config, known: Known): Promise<Examination> {
  const checks = [
    ...machineChecks(known),
    await brokerCheck(config, known),
    matterCheck(config, known.matter),
    clockCheck(known.clock),
    folderCheck(config.data),
    diskCheck(config.data),
    secondCheck(config),
    ...config.warnings.map(text => warning('settings', text)),
  ];
  return { checks, settings: config.settings() };
}

/** What can be said without usable settings. */
export function machineChecks({ radios }: Pick<Known, 'radios'>): Check[] {
  return [nodeCheck(process.versions.node), ...radios.flatMap(radioChecks)];
}

function nodeCheck(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const good = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
  if (good) return { name: 'node', verdict: 'good', text: `Node ${version}.` };
  return bad('node', `Node ${version} is too old.`, `Install Node ${LEAST_NODE.join('.')} or later.`);
}

/** One answer tells three things, since each stands on the one before. */
export function radioChecks({ code, id, reason, fix }: RadioFact): Check[] {
  const built: Check = { name: 'native module', verdict: 'good', text: 'The Bluetooth socket module loads.' };
  if (code === 'simulated') {
    const text = `${id} is simulated, as in every demo; this machine's Bluetooth was not looked at.`;
    return [{ name: 'adapter', verdict: 'good', text }];
  }
  if (BUILD_CODES.includes(code)) return [bad('native module', reason, fix)];
  if (code === 'no_permission') return [built, bad('permission', reason, fix)];
  if (code !== 'ready') return [built, bad('adapter', `${id}: ${reason}`, fix)];
  return [
    built,
    { name: 'permission', verdict: 'good', text: 'This program may use Bluetooth.' },
    { name: 'adapter', verdict: 'good', text: `${id} is ready.` },
  ];
}

async function brokerCheck(config: Config, { broker, clock }: Known): Promise<Check> {
  if (broker?.connected && broker.fix !== undefined) return warning('broker', broker.text, broker.fix);
  if (broker?.connected) return { name: 'broker', verdict: 'good', text: broker.text };
  if (broker) return bad('broker', broker.text, broker.fix ?? 'Check its address and that it runs.');
  const { url } = config.mqtt;
  if (url === undefined) {
    const fix = 'Set mqtt.url in latchbridge.yaml, or install the MQTT broker of Home Assistant.';
    return warning('broker', 'No MQTT broker is set up.', fix);
  }
  const { protocol, hostname, port } = new URL(url);
  const place = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || (BROKER_PORTS[protocol] ?? 0) };
  if (await answers(place, clock)) {
    return { name: 'broker', verdict: 'good', text: `Something answers at ${place.host}, port ${place.port}.` };
  }
  const fix = 'Check that the broker runs, its address (mqtt.url) and the firewall.';
  return bad('broker', `Nothing answers at ${place.host}, port ${place.port}.`, fix);
}

function matterCheck({ matter }: Config, part: HealthPart | undefined): Check {
  if (!matter.enabled) return { name: 'matter', verdict: 'good', text: 'Matter is switched off.' };
  if (part)
    return part.ok ? { name: 'matter', verdict: 'good', text: part.text } : warning('matter', part.text, part.fix);
  const trouble = networkTrouble(matter);
  if (trouble) return warning('matter', trouble.reason, trouble.fix);
  return { name: 'matter', verdict: 'good', text: 'The network has what Matter needs.' };
}

async function answers(place: { host: string; port: number }, clock: Clock): Promise<boolean> {
  const socket = connect(place);
  const answer = new Promise<boolean>(resolve => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
  });
  const late = () => new LockError('timeout', 'No answer.');
  return within(clock, BROKER_MS, answer, late)
    .catch(() => false)
    .finally(() => socket.destroy());
}

function clockCheck(clock: Clock): Check {
  const shows = new Date(clock.now()).toISOString();
  if (isPlausible(clock.now())) return { name: 'clock', verdict: 'good', text: `It is ${shows}.` };
  const fix = 'Set the clock, or let it be set from the network (timedatectl). Locks would be given wrong times.';
  return bad('clock', `This machine believes that it is ${shows}.`, fix);
}

function folderCheck(data: string): Check {
  if (!existsSync(data)) {
    const above = existing(data);
    if (mayWrite(above)) return { name: 'data folder', verdict: 'good', text: `${data} will be made.` };
    const fix = 'Make it and give it to the user that runs Latchbridge, or choose another with --data.';
    return bad('data folder', `${data} does not exist and may not be made.`, fix);
  }
  if (!mayWrite(data)) {
    return bad('data folder', `${data} may not be written.`, `Give it to the user that runs Latchbridge.`);
  }
  if ((statSync(data).mode & 0o077) !== 0) {
    return warning('data folder', `${data} is open to other users of this machine.`, `chmod 700 ${data}`);
  }
  return { name: 'data folder', verdict: 'good', text: `${data} is ours alone.` };
}

function diskCheck(data: string): Check {
  const { bavail, bsize } = statfsSync(existing(data));
  const free = Math.floor((bavail * bsize) / 1024 / 1024);
  if (free >= LEAST_FREE_MIB) return { name: 'disk', verdict: 'good', text: `${free} MiB are free.` };
  return bad(
    'disk',
    `Only ${free} MiB are free.`,
    'Make room: with a full disk nothing can be paired and no code changed.',
  );
}

function secondCheck({ backup, data }: Config): Check {
  const { second } = backup;
  if (second === undefined) {
    const fix = 'Set backup.second to a folder on another disk, e.g. a USB stick.';
    return warning('second copy', 'Backups stay on the same disk as the keys; when it dies, both are gone.', fix);
  }
  const place = existing(second);
  if (!mayWrite(place))
    return bad('second copy', `${second} may not be written.`, 'Check that it is mounted and ours.');
  if (statSync(place).dev === statSync(existing(data)).dev) {
    return warning('second copy', `${second} is on the same disk as ${data}.`, 'Choose a folder on another disk.');
  }
  return { name: 'second copy', verdict: 'good', text: `${second} is on another disk.` };
}

/** The folder itself, or the nearest one above it that exists. */
function existing(folder: string): string {
  return existsSync(folder) || folder === dirname(folder) ? folder : existing(dirname(folder));
}

function mayWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function bad(name: string, text: string, fix: string): Check {
  return { name, verdict: 'bad', text, fix };
}

function warning(name: string, text: string, fix?: string): Check {
  return { name, verdict: 'warning', text, ...(fix === undefined ? {} : { fix }) };
}
