// Which virtual locks a demo has: the default pair, or what --locks says.
import { createHash } from 'node:crypto';
import { LockError } from '../base/errors.ts';
import { nearest } from '../base/nearest.ts';
import type { SimFamily } from '../sim/family.ts';
import { simFamilies } from '../sim/index.ts';

/** One virtual lock of the demo. */
export interface Role {
  family: SimFamily;
  variant: string;
  name: string;
  /** Stays factory-new until somebody pairs it. */
  unpaired: boolean;
  unit: string;
  address: string;
}

const DEFAULT = 'ttlock:deadbolt:front_door,ttlock:key_box:key_box:unpaired';
const RESERVED: readonly string[] = ['bridge', 'flow', 'demo'];
const NAME = /^[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?$/;

/** `family[:variant]:name[:unpaired],...`; throws `invalid` naming the part that is wrong. */
export function castOf(text: string = DEFAULT): Role[] {
  const roles = text.split(',').map((word, i) => roleOf(word.trim(), i));
  const names = roles.map(role => role.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw wrong(`two locks are called "${twice}"`);
  return roles;
}

function roleOf(word: string, index: number): Role {
  const parts = word.split(':');
  const unpaired = parts.length > 2 && parts.at(-1) === 'unpaired';
  const [called = '', ...rest] = unpaired ? parts.slice(0, -1) : parts;
  const family = simFamilies.find(each => each.name === called);
  if (!family) {
    const known = simFamilies.map(each => each.name).join(', ');
    throw wrong(`"${called}" is not a family that this version has virtual locks of`, known);
  }
  if (rest.length < 1 || rest.length > 2)
    throw wrong(`"${word}" is not of the form family:name or family:variant:name`);
  const name = rest.at(-1) ?? '';
  const variant = rest.length === 2 ? (rest[0] ?? '') : family.usual;
  if (!Object.hasOwn(family.variants, variant)) {
    const known = Object.keys(family.variants);
    const near = nearest(variant, known);
    const meant = near ? `; did you mean ${near}?` : '';
    throw wrong(`there is no variant "${variant}" of ${called}${meant}`, known.join(', '));
  }
  if (!NAME.test(name)) throw wrong(`"${name}" is not a name: lower case letters, digits, "_" and "-"`);
  if (RESERVED.includes(name)) throw wrong(`a lock cannot be called "${name}", since a topic of its own is called so`);
  return { family, variant, name, unpaired, unit: `Flat ${index + 1}`, address: addressOf(family, name) };
}

/** The same for the same name, so that a lock stays the same lock over restarts. */
function addressOf(family: SimFamily, name: string): string {
  return family.address(createHash('sha256').update(`virtual lock ${name}`).digest());
}

/** Whether a demo holds a session to it: a turn of its thumb then shows at once. What sleeps is left to sleep. */
export function isHeld({ family, variant }: Role): boolean {
  return family.variants[variant]?.sleeps !== true;
}

function wrong(what: string, known?: string): LockError {
  const text = `--locks: ${what}. Write family[:variant]:name[:unpaired], separated by commas.`;
  return new LockError('invalid', known === undefined ? text : `${text} Known: ${known}.`, { reason: 'settings' });
}
