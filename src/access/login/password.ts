// Passwords: which are good enough, and scrypt, one at a time, so that logins cannot take the processor from the locks.
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { LockError } from '../../base/errors.ts';
import type { Secret } from '../../base/log.ts';

/** As strong as OWASP asks of scrypt, in the variant that takes 16 MiB: a Pi has them to spare. A second there, or less. */
const COST = { N: 2 ** 14, r: 8, p: 5 } as const;
const MOST_MEMORY = 32 * 1024 * 1024;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** Whoever waits behind more than these is told to come back. */
const MOST_WAITING = 8;
export const LEAST_LETTERS = 10;
export const MOST_LETTERS = 256;

interface Cost {
  N: number;
  r: number;
  p: number;
}

export class Passwords {
  readonly #cost: Cost;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** Tests give a cheaper one. */
  constructor(cost: Cost = COST) {
    this.#cost = cost;
  }

  /** What is kept of it: `scrypt$N$r$p$salt$hash`. */
  make(password: Secret<string>): Promise<string> {
    return this.#inTurn(() => this.#hash(password));
  }

  /** Whether it is the one, and whether what is kept should be made anew because it is weaker than today's. */
  check(password: Secret<string>, kept: string | undefined): Promise<{ right: boolean; weak: boolean }> {
    return this.#inTurn(async () => {
      const parsed = kept === undefined ? undefined : parse(kept);
      if (!parsed) {
        // As long as one with a password, so that nobody learns which names there are.
        await this.#hash(password);
        return { right: false, weak: false };
      }
      const found = await derive(password, parsed.salt, parsed.cost);
      const right = found.length === parsed.hash.length && timingSafeEqual(found, parsed.hash);
      const { N, r, p } = parsed.cost;
      return { right, weak: N * r * p < this.#cost.N * this.#cost.r * this.#cost.p };
    });
  }

  async #hash(password: Secret<string>): Promise<string> {
    const salt = randomBytes(SALT_BYTES);
    const { N, r, p } = this.#cost;
    const hash = await derive(password, salt, this.#cost);
    return `scrypt$${N}$${r}$${p}$${salt.toString('base64url')}$${hash.toString('base64url')}`;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting >= MOST_WAITING) {
      const text = 'Too many people log in at this moment. Try again in a few seconds.';
      return Promise.reject(new LockError('busy', text, { reason: 'rate' }));
    }
    this.#waiting += 1;
    const turn = this.#last.then(work).finally(() => (this.#waiting -= 1));
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

/** Throws `invalid` (reason `weak_password`), saying what would be better. */
export function goodPassword(password: Secret<string>, name: string): Secret<string> {
  const text = password.reveal().normalize('NFKC');
  const weak = (what: string): LockError => new LockError('invalid', what, { reason: 'weak_password' });
  if (lengthOf(text) < LEAST_LETTERS) {
    throw weak(`The password must have at least ${LEAST_LETTERS} characters; three or four words do well.`);
  }
  if (lengthOf(text) > MOST_LETTERS) throw weak(`The password may have at most ${MOST_LETTERS} characters.`);
  const plain = text.toLowerCase();
  if (plain.includes(name.normalize('NFKC').toLowerCase()) && plain.length - name.length < LEAST_LETTERS) {
    throw weak('The password may not be little more than the name.');
  }
  if (isTrivial(plain)) throw weak('That is one of the first passwords that anybody would try. Take another.');
  return password;
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}

const COMMON = ['password', 'passwort', 'passw0rd', 'qwerty', 'qwertz', 'azerty', 'letmein', 'latchbridge', 'welcome'];

/** One character, a run of them, or a common word with digits behind it. */
function isTrivial(text: string): boolean {
  const letters = Array.from(text);
  if (new Set(letters).size <= 2) return true;
  const steps = new Set(letters.slice(1).map((letter, i) => letter.charCodeAt(0) - letters[i]!.charCodeAt(0)));
  if (steps.size === 1) return true;
  if (/^(0123456789|1234567890|9876543210|0987654321)+\d*$/.test(text)) return true;
  return COMMON.includes(text.replace(/[\d!?.*#-]+$/, ''));
}

function derive(password: Secret<string>, salt: Uint8Array, { N, r, p }: Cost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const text = password.reveal().normalize('NFKC');
    scrypt(text, salt, HASH_BYTES, { N, r, p, maxmem: MOST_MEMORY }, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}

function parse(kept: string): { cost: Cost; salt: Buffer; hash: Buffer } | undefined {
  const [, N, r, p, salt = '', hash = ''] = /^scrypt\$(\d+)\$(\d+)\$(\d+)\$([\w-]+)\$([\w-]+)$/.exec(kept) ?? [];
  if (N === undefined) return undefined;
  const cost = { N: Number(N), r: Number(r), p: Number(p) };
  return { cost, salt: Buffer.from(salt, 'base64url'), hash: Buffer.from(hash, 'base64url') };
}
