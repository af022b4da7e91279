// Signs records and checks them, with nothing but the file at hand.
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { LockError } from '../../base/errors.ts';
import { Secret } from '../../base/log.ts';
import { canonical } from '../canonical.ts';
import { type RecordBody, type SignedRecord, signedRecord, wordFor } from './words.ts';

/** What keeps the private key: the vault. */
export interface KeyPlace {
  secret(name: string): Secret<string> | undefined;
  setSecret(name: string, value: Secret<string>): void;
}

const KEY = 'record.key';
/** Steps whose evidence says that a lock is factory-new. */
const FACTORY: readonly string[] = ['unpair.factory', 'unpair.old_key', 'reset.hold'];

/** Signs with the key of this installation, made at the first use. */
export function seal(record: RecordBody, place: KeyPlace): SignedRecord {
  const key = createPrivateKey(signingKey(place).reveal());
  const value = sign(null, Buffer.from(canonical(record)), key).toString('base64url');
  return { record, signature: { algorithm: 'Ed25519', public_key: rawPublic(key), value } };
}

/** For people to compare: the public key, base64url. */
export function publicKey(place: KeyPlace): string {
  return rawPublic(createPrivateKey(signingKey(place).reveal()));
}

export interface Verified {
  record: RecordBody;
  publicKey: string;
}

/**
 * Throws LockError `invalid`: reason `unknown_format`, `wrong_signature`, `wrong_signer` (it is not `expected`), or `over_claims`
 * when its words say more than its grades.
 */
export function open(text: string, expected?: string): Verified {
  const found = signedRecord.safeParse(parsed(text));
  if (!found.success) throw wrong('unknown_format', 'This is not a record of Latchbridge, or it was changed.');
  const { record, signature } = found.data;
  const x = signature.public_key;
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  const value = Buffer.from(signature.value, 'base64url');
  // The last character has bits that say nothing: one signature has one spelling.
  const isSpelt = value.toString('base64url') === signature.value;
  if (!isSpelt || !verify(null, Buffer.from(canonical(record)), key, value)) {
    throw wrong('wrong_signature', 'The record was changed after it was signed: its signature does not fit.');
  }
  if (expected !== undefined && expected !== x) {
    throw wrong('wrong_signer', 'The signature is good, but it was made by another installation than you expect.');
  }
  const trouble = overclaim(record);
  if (trouble !== undefined) throw wrong('over_claims', trouble);
  return { record, publicKey: x };
}

/** What a record says more than it may; undefined when it is honest. The issuer asks the same. */
export function overclaim(record: RecordBody): string | undefined {
  const loud = record.statements.find(({ word, grade }) => word !== wordFor(grade));
  if (loud) return `It says "${loud.word}" of something that is only known with grade ${loud.grade}.`;
  const anonymous = record.statements.find(({ word, by }) => word === 'stated' && by === undefined);
  if (anonymous) return 'It holds a statement of nobody.';
  if (record.kind === 'incomplete') return undefined;
  if (record.missing.length > 0) return 'It calls itself complete and lists what is missing.';
  if (!record.flow.state.startsWith('succeeded')) return 'It calls itself complete, but the flow did not succeed.';
  if (record.residual_access.some(({ kind }) => kind === 'still_opens')) {
    return 'It calls itself complete, but something that should be dead still opened the door.';
  }
  const open = isWiped(record) ? undefined : record.erased.find(({ after }) => after === undefined);
  return open && `It calls itself complete, but nobody read afterwards what was left of: ${open.kind}.`;
}

/** A lock that is proved to be factory-new holds nothing that could be counted. */
export function isWiped({ flow, statements }: Pick<RecordBody, 'flow' | 'statements'>): boolean {
  const proof = statements.filter(
    ({ step, grade }) => FACTORY.includes(step ?? '') && (grade === 'E3' || grade === 'E2'),
  );
  return flow.rung === 'factory_reset' && proof.length > 0;
}

function signingKey(place: KeyPlace): Secret<string> {
  const kept = place.secret(KEY);
  if (kept) return kept;
  const { privateKey } = generateKeyPairSync('ed25519');
  const made = new Secret(privateKey.export({ type: 'pkcs8', format: 'pem' }) as string);
  place.setSecret(KEY, made);
  return made;
}

function rawPublic(key: ReturnType<typeof createPrivateKey>): string {
  const { x } = createPublicKey(key).export({ format: 'jwk' }) as { x: string };
  return x;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function wrong(reason: string, text: string): LockError {
  return new LockError('invalid', text, { reason });
}
