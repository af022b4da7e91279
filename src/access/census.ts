// What a lock itself says it holds, against our list: read only, so that a flow knows what it is about to take off.
import { hex } from '../base/bytes.ts';
import { Secret } from '../base/log.ts';
import type { Code, LockSession, Token, Validity } from '../lock/driver.ts';
import type { CodeKind } from '../lock/lock.ts';
import type { KeptAccess, KeptKind } from '../store/access.ts';
import type { CensusOfKind, Sighting } from './access.ts';
import { type AccessGround, viewOf } from './ground.ts';

export const KINDS: readonly KeptKind[] = ['code', 'card', 'finger'];

/** One that the lock listed. */
export interface Listed {
  value: Secret<string>;
  validity: Validity;
  codeKind?: CodeKind;
  /** What the lock is told to take it off. */
  code?: Code;
  token?: Token;
  /** Ours, when our list has it. */
  entry?: KeptAccess;
}

/** Undefined: the lock has nothing of this kind. `listed` undefined: it has, but does not tell what. */
export async function listed(
  ground: AccessGround,
  session: LockSession,
  { lock, kind }: { lock: string; kind: KeptKind },
): Promise<{ listed?: Listed[] } | undefined> {
  if (kind === 'code') {
    const { codes, abilities } = session;
    if (!codes || !abilities.codes) return undefined;
    if (!abilities.codes.readable) return {};
    const all = await codes.list();
    const found = all.map(code => ({ value: code.digits, validity: code.validity, codeKind: code.kind, code }));
    return { listed: matched(ground, { lock, kind }, found) };
  }
  const tokens = kind === 'card' ? session.cards : session.fingers;
  if (!tokens) return undefined;
  const all = await tokens.list();
  const found = all.map(token => ({ value: new Secret(token.id), validity: token.validity, token }));
  return { listed: matched(ground, { lock, kind }, found) };
}

/** What the lock holds of one kind; where it does not tell, what our list says is on it. */
export async function censusOf(
  ground: AccessGround,
  session: LockSession,
  place: { lock: string; kind: KeptKind },
): Promise<CensusOfKind | undefined> {
  const answer = await listed(ground, session, place);
  if (!answer) return undefined;
  const { kind } = place;
  if (answer.listed) return { kind, listed: true, there: answer.listed.map(one => sighting(kind, one)) };
  const ours = entriesOf(ground, place).filter(entry => entry.state !== 'disabled');
  return { kind, listed: false, there: ours.map(entry => ofEntry(ground, entry)) };
}

export function entriesOf({ shelf }: AccessGround, { lock, kind }: { lock: string; kind: KeptKind }): KeptAccess[] {
  return shelf.of(lock).filter(entry => entry.kind === kind);
}

function matched(ground: AccessGround, place: { lock: string; kind: KeptKind }, found: readonly Listed[]): Listed[] {
  const digestOf = (value: Secret<string>): string => hex(ground.values.digest(value));
  const byDigest = new Map<string, KeptAccess>();
  // What is leaving a slot comes after what is in it: the first one counts.
  for (const entry of entriesOf(ground, place)) {
    const value = ground.values.of(entry);
    if (value && !byDigest.has(digestOf(value))) byDigest.set(digestOf(value), entry);
  }
  return found.map(one => {
    const entry = byDigest.get(digestOf(one.value));
    return { ...one, ...(entry && { entry }) };
  });
}

function sighting(kind: KeptKind, { entry, validity, codeKind }: Listed): Sighting {
  const times = { ...validity, ...(codeKind && { codeKind }) };
  if (!entry) return { kind, stranger: true, ...times };
  const { id, slot, state, person } = entry;
  return { kind, stranger: false, id, slot, state, ...times, ...(person && { person: person.name }) };
}

function ofEntry(ground: AccessGround, entry: KeptAccess): Sighting {
  const { id, kind, slot, state, from, until, codeKind, person } = viewOf(ground, entry);
  return {
    kind,
    stranger: false,
    id,
    slot,
    state,
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
    ...(codeKind && { codeKind }),
    ...(person && { person: person.name }),
  };
}
