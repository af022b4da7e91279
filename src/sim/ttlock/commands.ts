// Which command needs what, and who carries it out. Source: ttlock.md 6.2, 18.
import { type Answer, error, refused } from './answer.ts';
import { lock, status, unlock } from './bolt.ts';
import type { Device } from './device.ts';
import { features, getClock, info, setClock } from './info.ts';
import { checkAdmin, checkRandom, checkUserTime } from './login.ts';
import { addAdmin, finish, initialise, reset } from './pairing.ts';
import { passage } from './passage.ts';
import { feature } from './features.ts';

interface Command {
  level: 'none' | 'user' | 'admin';
  /** One of these bits, or the lock does not know the command. */
  features?: readonly number[];
  run(device: Device, data: Uint8Array): Answer;
}

const commands: ReadonlyMap<number, Command> = new Map<number, Command>([
  [0x45, { level: 'none', run: initialise }],
  [0x56, { level: 'none', run: addAdmin }],
  [0x57, { level: 'none', run: finish }],
  [0x41, { level: 'none', run: checkAdmin }],
  [0x55, { level: 'none', run: checkUserTime }],
  [0x30, { level: 'none', run: checkRandom }],
  [0x47, { level: 'none', run: unlock }],
  [0x58, { level: 'none', run: lock }],
  [0x14, { level: 'none', run: status }],
  [0x01, { level: 'none', run: features }],
  [0x90, { level: 'none', run: info }],
  [0x34, { level: 'none', run: getClock }],
  [0x43, { level: 'user', run: setClock }],
  [0x52, { level: 'admin', run: reset }],
  [0x66, { level: 'admin', features: [feature.passage], run: passage }],
]);

/** Carries out a request that was unsealed. */
export function obey(device: Device, command: number, data: Uint8Array): Answer {
  const known = commands.get(command);
  if (!known || (known.features && !known.features.some(bit => device.has(bit)))) return refused(error.unknown);
  const no = missing(device, command, known);
  if (no !== undefined) return refused(no);
  if (device.knobs.refuse.includes(command)) return refused(error.failed);
  return known.run(device, data);
}

/** The error of somebody who has not shown enough, or undefined. */
function missing(device: Device, command: number, known: Command): number | undefined {
  const level = device.knobs.needLogin.includes(command) ? 'admin' : known.level;
  const { session } = device;
  if (level === 'none' || session?.pairing) return undefined;
  if (!device.owner()) return error.noAdmin;
  if (session?.level === 'admin' || session?.level === level) return undefined;
  return session?.level === 'user' ? error.notPermitted : error.notLoggedIn;
}
