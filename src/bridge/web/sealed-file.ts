// A file with keys that may leave the machine: sealed with a passphrase (scrypt, AES-256-GCM), its header included.
import { createCipheriv, createDecipheriv, scrypt } from 'node:crypto';
import { z } from 'zod';
import { LockError } from '../../base/errors.ts';
import { Secret } from '../../base/log.ts';
import type { Json } from '../../lock/driver.ts';
import { EXPORT_FORMAT } from '../../lock/upkeep.ts';

/** OWASP's choice for 32 MiB: about a second on a Raspberry Pi. */
const COST = { n: 32_768, r: 8, p: 3 };
const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Shorter ones are guessed from the file alone. */
const SHORTEST_PASSPHRASE = 12;

const base64 = (bytes: number) => z.base64().refine(text => Buffer.from(text, 'base64').length === bytes);
const header = z.strictObject({
  format: z.literal(EXPORT_FORMAT),
  version: z.literal(1),
  made: z.string().max(40),
  kdf: z.strictObject({
    name: z.literal('scrypt'),
    // Bounded: a foreign file must not make us use all memory.
    n: z.literal([16_384, 32_768, 65_536, 131_072]),
    r: z.literal(8),
    p: z.int().min(1).max(8),
    salt: base64(SALT_BYTES),
  }),
  cipher: z.strictObject({ name: z.literal('aes-256-gcm'), nonce: base64(NONCE_BYTES) }),
});
const sealedFile = header.extend({ box: z.base64() });
type SealedFile = z.infer<typeof sealedFile>;

export async function sealFile(
  content: Secret<Json>,
  passphrase: Secret<string>,
  from: { random: (bytes: number) => Uint8Array; now: number },
): Promise<SealedFile> {
  if (passphrase.reveal().normalize('NFKC').length < SHORTEST_PASSPHRASE) {
    const text = `The passphrase is too short: whoever has the file can try all short ones. Use ${SHORTEST_PASSPHRASE} characters or more.`;
    throw new LockError('invalid', text, { reason: 'short_passphrase' });
  }
  const nonce = from.random(NONCE_BYTES);
  const head = {
    format: EXPORT_FORMAT,
    version: 1 as const,
    made: new Date(from.now).toISOString(),
    kdf: { name: 'scrypt' as const, ...COST, salt: text64(from.random(SALT_BYTES)) },
    cipher: { name: 'aes-256-gcm' as const, nonce: text64(nonce) },
  };
  const read = header.parse(head);
  const cipher = createCipheriv('aes-256-gcm', await keyOf(passphrase, read), nonce);
  cipher.setAAD(Buffer.from(JSON.stringify(read)));
  const sealed = [cipher.update(JSON.stringify(content.reveal()), 'utf8'), cipher.final(), cipher.getAuthTag()];
  return { ...read, box: Buffer.concat(sealed).toString('base64') };
}

export function isSealedFile(document: Json): boolean {
  return typeof document === 'object' && document !== null && 'format' in document && document.format === EXPORT_FORMAT;
}

/** `invalid`: reason `damaged` for a file that is not whole, `wrong_passphrase` when it does not open (or was changed). */
export async function openFile(document: Json, passphrase: Secret<string>): Promise<Secret<Json>> {
  const read = sealedFile.safeParse(document);
  const box = read.success ? Buffer.from(read.data.box, 'base64') : Buffer.alloc(0);
  if (!read.success || box.length <= TAG_BYTES) {
    const text = 'This is not a whole Latchbridge export, or it was made by a newer version.';
    throw new LockError('invalid', text, { reason: 'damaged' });
  }
  const { box: _box, ...head } = read.data;
  const decipher = createDecipheriv(
    'aes-256-gcm',
    await keyOf(passphrase, head),
    Buffer.from(head.cipher.nonce, 'base64'),
  );
  decipher.setAAD(Buffer.from(JSON.stringify(head)));
  decipher.setAuthTag(box.subarray(-TAG_BYTES));
  try {
    const plain = Buffer.concat([decipher.update(box.subarray(0, -TAG_BYTES)), decipher.final()]);
    return new Secret(JSON.parse(plain.toString('utf8')) as Json);
  } catch {
    const text = 'The passphrase does not open this file, or the file was changed. Nothing was imported.';
    throw new LockError('invalid', text, { reason: 'wrong_passphrase' });
  }
}

/** The same passphrase typed on another keyboard may be composed of other code points: normalised first. */
function keyOf(passphrase: Secret<string>, { kdf }: z.infer<typeof header>): Promise<Buffer> {
  const { n, r, p, salt } = kdf;
  const maxmem = 256 * n * r;
  return new Promise((resolve, reject) => {
    const typed = passphrase.reveal().normalize('NFKC');
    scrypt(typed, Buffer.from(salt, 'base64'), 32, { N: n, r, p, maxmem }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

function text64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
