// `<base>/<lock>/set` and `get`: what is written to a lock's own topics, read into orders and carried out.
import { z } from 'zod';
import { hex } from '../../base/bytes.ts';
import type { Clock } from '../../base/clock.ts';
import { LockError } from '../../base/errors.ts';
import { Secret } from '../../base/log.ts';
import type { Asker, LockView, Verb } from '../../lock/lock.ts';
import type { Locks } from '../../lock/locks.ts';
import { bodyOf, checked } from './envelope.ts';
import { ALWAYS, refuseUnknown } from './known-keys.ts';
import { Buckets } from './limits.ts';
import type { Settings, SettingWish } from './settings.ts';
import { pinCodeBody, userStatusBody, type Users } from './users.ts';

export interface Order {
  view: LockView;
  attribute?: string;
  text: string;
  /** Seconds that the message itself may still be acted upon. */
  expiresIn?: number;
}

/** From the message to the last byte; a "lock" that comes later locks somebody out. */
const COMMAND_LIMIT = 15_000;
/** Orders at once per asker and lock, then one a second (design section 11). */
const ORDERS = 5;
/** Code managers write and read all their slots in one go. */
const CODES = 64;
const REFILL_MS = 1000;
/** Orders that may be under way at one lock. */
const MOST_UNDER_WAY = 16;

const VERBS: Readonly<Record<string, Verb>> = { lock: 'lock', unlock: 'unlock', open: 'unlatch' };

const SET = z.object({
  state: z.string().max(16).optional(),
  code: z.union([z.string().max(32), z.int().nonnegative()]).nullish(),
  pin_code: pinCodeBody.optional(),
  user_status: userStatusBody.optional(),
  /** One of abilities.actions, such as lock_n_go. */
  action: z.string().min(1).max(32).optional(),
});
type Wish = z.infer<typeof SET> & { settings: readonly SettingWish[] };

export interface CommandsOptions {
  locks: Locks;
  users: Users;
  settings?: Settings;
  clock: Clock;
  random: (bytes: number) => Uint8Array;
  askerOf: (token: unknown) => Asker;
}

export class Commands {
  readonly #options: CommandsOptions;
  readonly #orders: Buckets;
  readonly #codes: Buckets;
  /** Apart from the orders: somebody's typing errors must not keep a door from being locked. */
  readonly #mistakes: Buckets;
  readonly #underWay = new Map<string, number>();

  constructor(options: CommandsOptions) {
    this.#options = options;
    this.#orders = new Buckets(options.clock, ORDERS, REFILL_MS);
    this.#codes = new Buckets(options.clock, CODES, REFILL_MS);
    this.#mistakes = new Buckets(options.clock, ORDERS, REFILL_MS);
  }

  /** Does what the message wants; what it gives is the data of the answer. Throws a LockError otherwise. */
  async set(order: Order): Promise<Readonly<Record<string, unknown>>> {
    const received = this.#options.clock.elapsed();
    const { view } = order;
    const { wish, asker, verb } = this.#understood(order);
    const isOrder = verb !== undefined || wish.action !== undefined;
    const bucket = isOrder ? this.#orders : this.#codes;
    if (!bucket.spend(`${asker.who} ${view.id}`)) throw tooMany(view);
    const limit = Math.min(COMMAND_LIMIT, (order.expiresIn ?? Infinity) * 1000);
    return {
      ...(verb === undefined ? {} : await this.#command(view, verb, { asker, deadline: received + limit, wish })),
      ...(wish.pin_code ? { pin_code: await this.#options.users.setCode(view, wish.pin_code, asker) } : {}),
      ...(wish.user_status ? { user_status: await this.#options.users.setStatus(view, wish.user_status, asker) } : {}),
      ...(wish.action === undefined ? {} : await this.#act(view, wish.action, asker)),
      ...(await this.#options.settings?.write(view, wish.settings, asker)),
    };
  }

  /** What can be meant by it, from whom. What cannot is refused, and of a flood it is not even looked at why. */
  #understood(order: Order): { wish: Wish; asker: Asker; verb: Verb | undefined } {
    const { view } = order;
    try {
      const { wish, token } = this.#read(order);
      const asker = this.#options.askerOf(token);
      const verb = wish.state === undefined ? undefined : verbOf(wish.state);
      if (
        verb === undefined &&
        !wish.pin_code &&
        !wish.user_status &&
        wish.action === undefined &&
        wish.settings.length === 0
      )
        throw nothing(view);
      return { wish, asker, verb };
    } catch (error) {
      throw this.#mistakes.spend(view.id) ? error : tooMany(view);
    }
  }

  /** The words LOCK, UNLOCK and OPEN, plain, as JSON text, in an object, or on `set/<attribute>`. */
  #read({ view, attribute, text: raw }: Order): { wish: Wish; token: unknown } {
    const text = raw.trim();
    const { settings } = this.#options;
    if ((attribute === undefined || attribute === 'state') && !text.startsWith('{'))
      return { wish: { state: unquoted(text), settings: [] }, token: undefined };
    if (attribute !== undefined && settings?.has(view, attribute))
      return { wish: { settings: settings.wishes(view, { [attribute]: scalar(text) }) }, token: undefined };
    if (attribute === 'action' && !text.startsWith('{'))
      return { wish: { action: unquoted(text), settings: [] }, token: undefined };
    const words = [...(settings?.words(view) ?? []), ...ALWAYS];
    if (attribute !== undefined) refuseUnknown(SET, { [attribute]: undefined }, words);
    const { token, transaction: _transaction, ...body } = bodyOf(text);
    // {"state":"LOCK","code":…} on set/state is as good as on set; the others hold the attribute's own object.
    const whole = attribute === undefined || attribute === 'state' ? body : { [attribute]: body };
    refuseUnknown(SET, whole, words);
    return { wish: { ...checked(SET, whole), settings: settings?.wishes(view, whole) ?? [] }, token };
  }

  async #act(view: LockView, action: string, asker: Asker): Promise<Readonly<Record<string, unknown>>> {
    const { settings } = this.#options;
    if (!settings) throw nothing(view);
    await settings.perform(view, action, asker);
    return { action };
  }

  async #command(
    view: LockView,
    verb: Verb,
    how: { asker: Asker; deadline: number; wish: Wish },
  ): Promise<Readonly<Record<string, unknown>>> {
    const { locks, random } = this.#options;
    const count = this.#underWay.get(view.id) ?? 0;
    if (count >= MOST_UNDER_WAY) throw tooMany(view);
    this.#underWay.set(view.id, count + 1);
    try {
      const outcome = await locks.command({
        id: hex(random(8)),
        lock: view.id,
        verb,
        asker: how.asker,
        deadline: how.deadline,
        ...(how.wish.code === undefined || how.wish.code === null || how.wish.code === ''
          ? {}
          : { pin: new Secret(String(how.wish.code)) }),
      });
      return { verb: outcome.verb, command: outcome.command, took_ms: Math.round(outcome.tookMs) };
    } finally {
      const left = (this.#underWay.get(view.id) ?? 1) - 1;
      if (left > 0) this.#underWay.set(view.id, left);
      else this.#underWay.delete(view.id);
    }
  }
}

function unquoted(text: string): string {
  return /^"[^"\\]*"$/.test(text) ? text.slice(1, -1) : text;
}

/** What stands alone on a setting's topic: a number, true, or a word with or without quotes. */
function scalar(text: string): unknown {
  return text === 'true' || text === 'false' ? text === 'true' : unquoted(text);
}

function nothing(view: LockView): LockError {
  const settings = view.abilities?.settings.map(each => each.name) ?? [];
  const actions = view.abilities?.actions ? ['action'] : [];
  const known = ['state', 'pin_code', 'user_status', ...actions, ...settings].join(', ');
  return new LockError('invalid', `Nothing in the message can be set. Known are ${known}.`);
}

function verbOf(state: string): Verb {
  const word = state.trim().toLowerCase();
  const verb = Object.hasOwn(VERBS, word) ? VERBS[word] : undefined;
  if (!verb)
    throw new LockError('invalid', 'A lock understands LOCK, UNLOCK and OPEN, nothing else.', {
      reason: 'unknown_verb',
    });
  return verb;
}

function tooMany(view: LockView): LockError {
  return new LockError('busy', `Too many orders for "${view.name}" at once; wait a few seconds.`, { reason: 'rate' });
}
