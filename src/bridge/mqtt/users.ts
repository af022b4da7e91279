// Codes as zigbee2mqtt shows them: `pin_code` and `user_status` in, `users` out. A code's value never goes out.
import { z } from 'zod';
import type { Access, CodeRequest, CredentialView } from '../../access/access.ts';
import type { Clock } from '../../base/clock.ts';
import { LockError } from '../../base/errors.ts';
import { type Log, Secret } from '../../base/log.ts';
import type { Asker, LockView } from '../../lock/lock.ts';
import type { Announcer } from './announcer.ts';
import { AUTOMATION } from './askers.ts';

const slotNumber = z.int().min(0).max(65_535);
/** Which digits a lock takes is for access to say; this only bounds what is handed on. */
export const digits = z.union([z.string().regex(/^[0-9]{1,16}$/), z.int().nonnegative()]).transform(String);

export const pinCodeBody = z.object({
  user: slotNumber,
  user_type: z.string().max(32).optional(),
  user_enabled: z.boolean().optional(),
  pin_code: digits.nullish(),
});
export const userStatusBody = z.object({ user: slotNumber, status: z.enum(['enabled', 'disabled']) });
/** `{"user":3}`, or `""`, `null` and `{}` for all. */
export const pinCodeQuestion = z
  .union([z.object({ user: slotNumber.optional() }), z.literal(''), z.null()])
  .transform(question => (question === '' || question === null ? undefined : question.user));

/** Above this only taken slots are listed: nobody needs to hear of 5000 free ones. */
const MOST_FREE = 255;
/** Code managers poll every 5 minutes; reading all codes from a battery lock so often would empty it. */
const READ_AGAIN = 3_600_000;

export interface UsersOptions {
  access: Access;
  announcer: Announcer;
  clock: Clock;
  log: Log;
}

export class Users {
  readonly #options: UsersOptions;
  readonly #readAt = new Map<string, number>();

  constructor(options: UsersOptions) {
    this.#options = options;
  }

  /** Sets or, with `pin_code` null, clears. Rejects with the lock's reason; either way the truth is told. */
  async setCode(view: LockView, body: z.infer<typeof pinCodeBody>, asker: Asker): Promise<{ user: number }> {
    const { access } = this.#options;
    if (body.user_type !== undefined && body.user_type !== 'unrestricted') {
      throw new LockError('unsupported', 'Only codes of the user type "unrestricted" can be set in this way.');
    }
    if (body.pin_code === undefined) throw new LockError('invalid', 'Give pin_code: its digits, or null to clear it.');
    return this.#change(view, body.user, async () => {
      if (body.pin_code === null) return access.clearCode(view.id, body.user, asker);
      await access.setCode(view.id, body.user, request(body.pin_code as string, body.user_enabled), asker);
    });
  }

  async setStatus(view: LockView, body: z.infer<typeof userStatusBody>, asker: Asker): Promise<{ user: number }> {
    return this.#change(view, body.user, async () => {
      await this.#options.access.setEnabled(view.id, body.user, body.status === 'enabled', asker);
    });
  }

  /** Answers at once from what we know, and reads the lock afterwards where that is due. */
  get(view: LockView, user: number | undefined): void {
    const { access, clock, log } = this.#options;
    this.tell(view, user);
    const readAt = this.#readAt.get(view.id);
    if (!view.abilities?.codes || (readAt !== undefined && clock.elapsed() - readAt < READ_AGAIN)) return;
    this.#readAt.set(view.id, clock.elapsed());
    access.reconcile(view.id, AUTOMATION).catch((error: unknown) => {
      log.debug({ lock: view.name, error }, 'The codes could not be read from the lock; what was known was told.');
    });
  }

  /** One slot's status, or all. */
  tell(view: LockView, user?: number): void {
    const { access, announcer } = this.#options;
    const codes = new Map(
      access.credentials(view.id).flatMap(kept => (kept.kind === 'code' ? [[kept.slot, statusOf(kept)] as const] : [])),
    );
    const capacity = access.capacity(view.id);
    const free = capacity <= MOST_FREE ? Array.from({ length: capacity }, (_, i) => i + 1) : [];
    const slots = user === undefined ? [...new Set([...free, ...codes.keys()])] : [user];
    announcer.aside(view, {
      users: Object.fromEntries(slots.map(slot => [slot, { status: codes.get(slot) ?? 'available' }])),
    });
  }

  async #change(view: LockView, user: number, act: () => Promise<void>): Promise<{ user: number }> {
    try {
      await act();
    } finally {
      // A code manager believes its own message until it hears otherwise, so also after a failure.
      this.tell(view, user);
    }
    return { user };
  }
}

function request(value: string, enabled: boolean | undefined): CodeRequest {
  return { digits: new Secret(value), kind: 'permanent', ...(enabled === undefined ? {} : { enabled }) };
}

/** Taken, whether the lock has it yet or still: only a code that is kept off the lock is disabled. */
function statusOf(kept: CredentialView): 'enabled' | 'disabled' {
  return kept.state === 'disabled' ? 'disabled' : 'enabled';
}
