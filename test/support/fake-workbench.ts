// A lock's settings, log and keys in a map, and its cards and fingers: stand-ins for what bridges show of the lock itself.
import type { CredentialView, TokenAccess, TokenRequest } from '../../src/access/access.ts';
import { stopped } from '../../src/base/clock.ts';
import { LockError } from '../../src/base/errors.ts';
import { Secret } from '../../src/base/log.ts';
import type { Authorisation, EnrolStep, Timer } from '../../src/lock/driver.ts';
import type { Asker, Happening, SettingAbility, SettingValue } from '../../src/lock/lock.ts';
import type { SessionCost, Workbench } from '../../src/lock/locks.ts';

export const SETTINGS: readonly SettingAbility[] = [
  { name: 'auto_lock_seconds', label: 'Lock again after', kind: 'number', min: 0, max: 900, unit: 's' },
  { name: 'sound', label: 'Sound', kind: 'switch' },
  { name: 'volume', label: 'Volume', kind: 'number', min: 1, max: 5 },
  { name: 'direction', label: 'Opens to the', kind: 'select', options: ['left', 'right'] },
];

export interface Done {
  what: string;
  lock: string;
  asker?: Asker;
  [detail: string]: unknown;
}

export class FakeWorkbench implements Workbench {
  /** On the lock. */
  readonly values: Record<string, SettingValue> = { auto_lock_seconds: 5, sound: true, volume: 4, direction: 'left' };
  readonly done: Done[] = [];
  records: Happening[] = [];
  code: string | undefined = '8421973';
  paired: readonly Authorisation[] = [
    { id: '11', kind: 'app', name: 'Latchbridge', ours: true, enabled: true, validity: {} },
    { id: '12', kind: 'app', name: 'Anna', ours: false, enabled: true, validity: {} },
  ];
  timed: readonly Timer[] = [];
  cost: readonly SessionCost[] = [
    { mode: 'on_demand', questionsPerDay: 41.6, connectedMinutesPerDay: 3.26, batteryDays: 301.4 },
    { mode: 'held', questionsPerDay: 43_200, connectedMinutesPerDay: 1440, batteryDays: 44 },
  ];
  /** Thrown by whatever is asked next. */
  failure: LockError | undefined;
  #known: Record<string, SettingValue> = {};
  readonly #ears = new Set<(lock: string, values: Readonly<Record<string, SettingValue>>) => void>();

  known(): Readonly<Record<string, SettingValue>> {
    return this.#known;
  }

  async readSettings(lock: string, asker: Asker): Promise<Readonly<Record<string, SettingValue>>> {
    this.#note({ what: 'read', lock, asker });
    this.#learn(lock, this.values);
    return { ...this.values };
  }

  async writeSetting(lock: string, name: string, value: SettingValue, asker: Asker): Promise<SettingValue> {
    this.#note({ what: 'write', lock, asker, name, value });
    this.values[name] = value;
    this.#learn(lock, { [name]: value });
    return value;
  }

  async readLog(lock: string, most: number, asker: Asker): Promise<readonly Happening[]> {
    this.#note({ what: 'log', lock, asker, most });
    return this.records.slice(0, most);
  }

  async revokeAppKeys(lock: string, asker: Asker): Promise<void> {
    this.#note({ what: 'revoke', lock, asker });
  }

  async adminCode(lock: string, asker: Asker): Promise<Secret<string> | undefined> {
    this.#note({ what: 'admin_code', lock, asker });
    return this.code === undefined ? undefined : new Secret(this.code);
  }

  async setAdminCode(lock: string, code: Secret<string>, asker: Asker): Promise<void> {
    this.#note({ what: 'set_admin_code', lock, asker });
    this.code = code.reveal();
  }

  async tellAdminCode(lock: string, code: Secret<string>, asker: Asker): Promise<void> {
    this.#note({ what: 'tell_admin_code', lock, asker });
    if (code.reveal() !== this.code) throw new LockError('rejected', 'That is not its code.', { reason: 'wrong_code' });
  }

  async renewKey(lock: string, asker: Asker): Promise<void> {
    this.#note({ what: 'renew_key', lock, asker });
  }

  async retireKey(lock: string, old: string, asker: Asker): Promise<void> {
    this.#note({ what: 'retire_key', lock, asker, old });
  }

  async perform(lock: string, action: string, asker: Asker): Promise<void> {
    this.#note({ what: 'perform', lock, asker, action });
  }

  async authorisations(lock: string, asker: Asker): Promise<readonly Authorisation[]> {
    this.#note({ what: 'authorisations', lock, asker });
    return this.paired;
  }

  async removeAuthorisation(lock: string, id: string, asker: Asker): Promise<void> {
    this.#note({ what: 'remove_authorisation', lock, asker, id });
    this.paired = this.paired.filter(one => one.id !== id);
  }

  async timers(lock: string, asker: Asker): Promise<readonly Timer[]> {
    this.#note({ what: 'timers', lock, asker });
    return this.timed;
  }

  async addTimer(lock: string, timer: Omit<Timer, 'id'>, asker: Asker): Promise<Timer> {
    this.#note({ what: 'add_timer', lock, asker, timer });
    const made = { ...timer, id: String(this.timed.length + 1) };
    this.timed = [...this.timed, made];
    return made;
  }

  async changeTimer(lock: string, timer: Timer, asker: Asker): Promise<void> {
    this.#note({ what: 'change_timer', lock, asker, timer });
  }

  async removeTimer(lock: string, id: string, asker: Asker): Promise<void> {
    this.#note({ what: 'remove_timer', lock, asker, id });
  }

  letPhoneIn(lock: string, minutes: number, asker: Asker): { until?: number } {
    this.#note({ what: 'phone', lock, asker, minutes });
    return minutes === 0 ? {} : { until: Date.UTC(2026, 4, 11, 14, 23) + minutes * 60_000 };
  }

  costs(): readonly SessionCost[] {
    return this.cost;
  }

  hear(ear: (lock: string, values: Readonly<Record<string, SettingValue>>) => void): () => void {
    this.#ears.add(ear);
    return () => void this.#ears.delete(ear);
  }

  get ears(): number {
    return this.#ears.size;
  }

  #learn(lock: string, values: Record<string, SettingValue>): void {
    this.#known = { ...this.#known, ...values };
    for (const ear of this.#ears) ear(lock, this.#known);
  }

  #note(done: Done): void {
    this.done.push(done);
    const { failure } = this;
    this.failure = undefined;
    if (failure) throw failure;
  }
}

export class FakeTokens implements TokenAccess {
  readonly done: Done[] = [];
  readonly numbers: string[] = [];
  /** Called when somebody is waited for: what the person does. Default: comes at once. */
  person: (step: (step: EnrolStep) => void) => Promise<void> = async step => {
    step({ say: 'present' });
    step({ say: 'again', step: 1, of: 2 });
    step({ say: 'done' });
  };
  room = 3;
  readonly #keep: (kept: CredentialView) => void;
  readonly #forget: (lock: string, kind: 'card' | 'finger', slot: number) => void;

  constructor(store: {
    keep: (kept: CredentialView) => void;
    forget: (lock: string, kind: 'card' | 'finger', slot: number) => void;
  }) {
    this.#keep = store.keep;
    this.#forget = store.forget;
  }

  capacity(): number {
    return this.room;
  }

  async enrol(
    what: { lock: string; kind: 'card' | 'finger'; slot: number; request: TokenRequest },
    { step, signal }: { step: (step: EnrolStep) => void; signal: AbortSignal },
    asker: Asker,
  ): Promise<CredentialView> {
    this.done.push({ ...what, what: `enrol_${what.kind}`, asker });
    const ended = new Promise<never>((_, reject) =>
      signal.addEventListener('abort', () => reject(stopped(signal)), { once: true }),
    );
    await Promise.race([this.person(step), ended]);
    return this.#put(what.lock, what.kind, what.slot, what.request);
  }

  async addCard(
    lock: string,
    slot: number,
    card: TokenRequest & { number: Secret<string> },
    asker: Asker,
  ): Promise<CredentialView> {
    const { number, ...request } = card;
    this.numbers.push(number.reveal());
    this.done.push({ what: 'add_card', lock, slot, request, asker });
    return this.#put(lock, 'card', slot, request);
  }

  async setValidity(
    lock: string,
    kind: 'card' | 'finger',
    slot: number,
    request: TokenRequest,
    asker: Asker,
  ): Promise<CredentialView> {
    this.done.push({ what: `validity_${kind}`, lock, slot, request, asker });
    return this.#put(lock, kind, slot, request);
  }

  async remove(lock: string, kind: 'card' | 'finger', slot: number, asker: Asker): Promise<void> {
    this.done.push({ what: `remove_${kind}`, lock, slot, asker });
    this.#forget(lock, kind, slot);
  }

  #put(lock: string, kind: 'card' | 'finger', slot: number, request: TokenRequest): CredentialView {
    const { person, from, until, weekly } = request;
    const kept: CredentialView = {
      id: `${kind}${slot}`,
      lock,
      kind,
      slot,
      state: 'on_lock',
      known: true,
      ...(person === undefined ? {} : { person: { id: 'p1', name: person } }),
      ...(from === undefined ? {} : { from }),
      ...(until === undefined ? {} : { until }),
      ...(weekly === undefined ? {} : { weekly }),
    };
    this.#keep(kept);
    return kept;
  }
}
