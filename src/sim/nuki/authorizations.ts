// Who may do what: list, invite, change and remove authorizations. Source: nuki.md 8.9, 14.
import { Reader, bytesOf, date7, hexOf, u16, u32 } from './bytes.ts';
import { command, error } from './codes.ts';
import type { Device } from './device.ts';
import type { KeptAuthorization } from './kept.ts';
import { authorizationEntry } from './layouts.ts';
import { readLimit } from './limits.ts';
import { hasRoom } from './pairing.ts';
import { type Reply, complete, done, listOf, refused } from './reply.ts';

const NAME = 32;
const KEY = 32;
const LAST_TYPE = 3;

/** offset · count [· filter]. The first entry is the caller's own. */
export function listAuthorizations(device: Device, data: Uint8Array, who: KeptAuthorization): Reply {
  const read = new Reader(data);
  const offset = read.u16();
  const most = read.u16();
  const filter = read.left > 0 ? read.u8() : undefined;
  const others = device.kept.authorizations.filter(each => each !== who);
  const all = [who, ...others].filter(each => filter === undefined || each.type === filter);
  const count = { command: command.authorizationCount, payload: bytesOf(u16(all.length)) };
  const shown = all.slice(offset, offset + most);
  return listOf(
    device,
    count,
    shown.map(entry => ({ command: command.authorizationEntry, payload: authorizationEntry(entry) })),
  );
}

/** name · type · shared key · remote · limit. Whoever holds that key may come without pairing. */
export function inviteAuthorization(device: Device, data: Uint8Array): Reply {
  const read = new Reader(data);
  const name = read.text(NAME);
  const type = read.u8();
  const key = hexOf(read.take(KEY));
  const remote = read.u8();
  const limit = readLimit(read);
  if (type > LAST_TYPE || remote > 1 || limit === undefined) return refused(error.badParameter);
  const { kept } = device;
  if (!hasRoom(device, { type, appId: 0 })) return refused(error.tooManyEntries);
  const now = device.time();
  const id = kept.nextAuthId++;
  const times = { created: now, lastActive: now, lockCount: 0 };
  const made = { id, type, name, key, appId: 0, enabled: true, remote: remote === 1, ...times };
  kept.authorizations.push({ ...made, ...(limit ? { limit } : {}) });
  device.changed();
  return done(device, { command: command.invited, payload: bytesOf(u32(id), date7(now)) });
}

/** id · name · enabled · remote · limit. */
export function updateAuthorization(device: Device, data: Uint8Array): Reply {
  const read = new Reader(data);
  const id = read.u32();
  const found = device.kept.authorizations.find(each => each.id === id);
  const name = read.text(NAME);
  const enabled = read.u8();
  const remote = read.u8();
  const limit = readLimit(read);
  if (!found) return refused(error.invalidAuthId);
  if (enabled > 1 || remote > 1 || limit === undefined) return refused(error.badParameter);
  Object.assign(found, { name, enabled: enabled === 1, remote: remote === 1 });
  if (limit) found.limit = limit;
  else delete found.limit;
  device.changed();
  return complete();
}

/** One may remove oneself: the answer is the last thing that is sealed for him. */
export function removeAuthorization(device: Device, data: Uint8Array): Reply {
  const id = new Reader(data).u32();
  const { kept } = device;
  if (!kept.authorizations.some(each => each.id === id)) return refused(error.invalidAuthId);
  if (device.knobs.keepsRemoved) return complete();
  kept.authorizations = kept.authorizations.filter(each => each.id !== id);
  device.changed();
  return complete();
}
