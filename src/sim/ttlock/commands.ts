// Which command needs what, and who carries it out. Source: ttlock.md 6.2, 18.
import { getAdminCode, getSeed, setAdminCode, setEraseCode, setSeeds } from './admin-codes.ts';
import { type Answer, error, refused } from './answer.ts';
import { lock, status, unlock } from './bolt.ts';
import { cards } from './cards.ts';
import { codes, listCodes } from './codes.ts';
import { cyclic } from './cyclic.ts';
import type { Device } from './device.ts';
import { feature } from './features.ts';
import { fingers } from './fingers.ts';
import { features, getClock, info, setClock } from './info.ts';
import { readLog } from './log.ts';
import { checkAdmin, checkRandom, checkUserTime } from './login.ts';
import { addAdmin, finish, initialise, reset } from './pairing.ts';
import { passage } from './passage.ts';
import { autoLock, freeze, lamp, remoteUnlock, showPin, sound, switches } from './settings.ts';

interface Command {
  level: 'none' | 'user' | 'admin';
  /** One of these bits, or the lock does not know the command. */
  features?: readonly number[];
  run(device: Device, data: Uint8Array): Answer;
}

const switchFeatures = [
  feature.tamperSwitch,
  feature.resetSwitch,
  feature.privacySwitch,
  feature.direction,
  feature.passageSwitch,
];

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
  [0x25, { level: 'none', run: readLog }],
  [0x32, { level: 'user', features: [feature.pin], run: getSeed }],
  [0x31, { level: 'admin', features: [feature.pin], run: setSeeds }],
  [0x03, { level: 'admin', features: [feature.pin], run: codes }],
  [0x07, { level: 'admin', features: [feature.pin], run: listCodes }],
  [0x05, { level: 'admin', features: [feature.card], run: cards }],
  [0x06, { level: 'admin', features: [feature.finger], run: fingers }],
  [0x70, { level: 'admin', features: [feature.cyclicPin, feature.cyclicToken], run: cyclic }],
  [0x53, { level: 'admin', run: setAdminCode }],
  [0x65, { level: 'admin', features: [feature.readAdminPin], run: getAdminCode }],
  [0x44, { level: 'admin', features: [feature.erasePin], run: setEraseCode }],
  [0x36, { level: 'admin', features: [feature.autoLock], run: autoLock }],
  [0x37, { level: 'admin', features: [feature.remoteUnlock], run: remoteUnlock }],
  [0x59, { level: 'admin', features: [feature.showPin], run: showPin }],
  [0x61, { level: 'admin', features: [feature.freeze], run: freeze }],
  [0x62, { level: 'admin', features: [feature.sound], run: sound }],
  [0x66, { level: 'admin', features: [feature.passage], run: passage }],
  [0x67, { level: 'admin', features: [feature.lamp], run: lamp }],
  [0x68, { level: 'admin', features: switchFeatures, run: switches }],
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
