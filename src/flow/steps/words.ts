// Counts and names in sentences, never a value.
import type { CensusOfKind, CredentialView, Sighting } from '../../access/access.ts';
import type { LockView } from '../../lock/lock.ts';

const NAMES = {
  code: ['code', 'codes'],
  card: ['card', 'cards'],
  finger: ['fingerprint', 'fingerprints'],
} as const;

export type Kind = CredentialView['kind'];

export function plural(kind: Kind): string {
  return NAMES[kind][1];
}

/** What a lock can hold. */
export function kindsOf(lock: Pick<LockView, 'abilities'> | undefined): Kind[] {
  const { codes, cards, fingers } = lock?.abilities ?? {};
  return (['code', 'card', 'finger'] as const).filter(kind => ({ code: codes, card: cards, finger: fingers })[kind]);
}

/** "no cards", "1 code", "3 fingerprints". */
export function counted(count: number, kind: Kind): string {
  const [one, many] = NAMES[kind];
  return count === 0 ? `no ${many}` : `${count} ${count === 1 ? one : many}`;
}

/** "2 codes (Ada, slot 4)". */
export function named(those: readonly Pick<Sighting, 'slot' | 'person'>[], kind: Kind): string {
  const names = those.flatMap(({ person, slot }) => person ?? (slot === undefined ? [] : `slot ${slot}`));
  const most = names.length > 6 ? [...names.slice(0, 6), `${names.length - 6} more`] : names;
  return `${counted(those.length, kind)}${most.length > 0 ? ` (${most.join(', ')})` : ''}`;
}

/** "2 codes (Ada; 1 not put there from here), no cards and 1 fingerprint". */
export function described(census: readonly CensusOfKind[]): string {
  const parts = census.map(({ kind, there }) => {
    const strangers = there.filter(one => one.stranger).length;
    const ours = named(there, kind);
    return strangers === 0 ? ours : `${ours}, of which ${strangers} not put there from here`;
  });
  return parts.length === 0 ? 'nothing that can be listed' : listed(parts);
}

/** "a, b and c". */
export function listed(parts: readonly string[]): string {
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`;
}
