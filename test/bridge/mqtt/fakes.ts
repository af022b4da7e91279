// Stand-ins for what the MQTT bridge is built on: locks that obey at once, codes in a map, pairing that says yes.
import type { Access, CodeRequest, CredentialView } from '../../../src/access/access.ts';
import { LockError } from '../../../src/base/errors.ts';
import type { Candidate, Pairing, PairingEvent, PairRequest, Unpairing } from '../../../src/flow/flow.ts';
import type { Asker, Bolt, Command, LockEar, LockEvent, LockView, Outcome } from '../../../src/lock/lock.ts';
import type { Locks } from '../../../src/lock/locks.ts';

export const AT = Date.UTC(2026, 4, 11, 14, 23, 7);

export function makeView(id: string, name: string, more: Partial<LockView> = {}): LockView {
  return {
    id,
    name,
    unit: { id: `u${id}`, name },
    family: 'ttlock',
    address: 'C4:11:22:33:44:55',
    endpoint: 2,
    lifecycle: 'managed',
    generation: 1,
    settings: { session: 'on_demand', exposed: ['mqtt', 'matter'] },
    abilities: {
      kind: 'deadbolt',
      verbs: ['lock', 'unlock'],
      battery: true,
      door: false,
      pushes: false,
      clock: true,
      log: true,
      codes: { kinds: ['permanent'], minDigits: 4, maxDigits: 9, capacity: 10, readable: true },
      settings: [],
      orientation: 'none',
      holdEveryMs: 2000,
    },
    facts: { model: 'S502', manufacturer: 'TTLock', firmware: '6.2' },
    state: { bolt: 'locked', battery: 87, reachable: true, trust: 'told', at: AT },
    rssi: -61,
    lastHeard: AT,
    stats: { open: false, since: AT, opens: 1, losses: 0, lossReasons: {}, connectedMs: 0, roundTrips: 0 },
    ...more,
  };
}

export class FakeLocks implements Locks {
  readonly views = new Map<string, LockView>();
  readonly commands: Command[] = [];
  readonly refreshed: string[] = [];
  /** Thrown by the next commands instead of obeying. */
  failure: LockError | undefined;
  /** Waited for between "locking" and "locked". */
  pause: () => Promise<void> = async () => undefined;
  /** Called as soon as a command arrives. */
  arrived: (command: Command) => void = () => undefined;
  readonly #ears = new Set<LockEar>();

  constructor(...views: LockView[]) {
    for (const view of views) this.views.set(view.id, view);
  }

  all(): LockView[] {
    return [...this.views.values()];
  }

  find(lock: string): LockView | undefined {
    return this.views.get(lock) ?? this.all().find(view => view.name === lock);
  }

  hear(ear: LockEar): () => void {
    this.#ears.add(ear);
    return () => void this.#ears.delete(ear);
  }

  get ears(): number {
    return this.#ears.size;
  }

  emit(event: LockEvent): void {
    for (const ear of this.#ears) ear(event);
  }

  async command(command: Command): Promise<Outcome> {
    this.commands.push(command);
    this.arrived(command);
    if (this.failure) throw this.failure;
    const { verb } = command;
    this.say(command.lock, verb === 'lock' ? 'locking' : 'unlocking');
    await this.pause();
    this.say(command.lock, verb === 'lock' ? 'locked' : verb === 'unlock' ? 'unlocked' : 'unlatched');
    return { command: command.id, verb, tookMs: 12 };
  }

  /** The lock says that its bolt is there. */
  say(lock: string, bolt: Bolt): void {
    const view = this.#must(lock);
    this.#put({ ...view, state: { ...view.state, bolt } }, 'state');
  }

  async refresh(lock: string, _asker: Asker): Promise<void> {
    this.refreshed.push(this.#must(lock).name);
  }

  rename(lock: string, name: string, _asker: Asker): LockView {
    const view = { ...this.#must(lock), name };
    const from = this.#must(lock).name;
    this.views.set(view.id, view);
    this.emit({ kind: 'renamed', view, from });
    return view;
  }

  assign(lock: string, unit: string, _asker: Asker): LockView {
    return this.#put({ ...this.#must(lock), unit: { id: 'u-new', name: unit } }, 'changed');
  }

  setOptions(lock: string, options: Partial<LockView['settings']>, _asker: Asker): LockView {
    const view = this.#must(lock);
    return this.#put({ ...view, settings: { ...view.settings, ...options } }, 'changed');
  }

  remove(lock: string, _asker: Asker, how: { force?: boolean } = {}): void {
    const view = this.#must(lock);
    if (view.lifecycle === 'managed' && !how.force) {
      throw new LockError('forbidden', `We still hold the key of "${view.name}"; unpair it first.`);
    }
    this.views.delete(view.id);
    this.emit({ kind: 'removed', view });
  }

  #put(view: LockView, kind: 'state' | 'changed'): LockView {
    this.views.set(view.id, view);
    this.emit({ kind, view });
    return view;
  }

  #must(lock: string): LockView {
    const view = this.find(lock);
    if (!view) throw new LockError('not_found', 'There is no such lock.');
    return view;
  }
}

export class FakePairing implements Pairing {
  openUntil: number | undefined;
  readonly asked: PairRequest[] = [];
  nearby: Candidate[] = [];
  result: LockView | LockError = new LockError('timeout', 'Nothing pairable was heard.', { reason: 'not_heard' });
  readonly #ears = new Set<(event: PairingEvent) => void>();

  permitJoin(seconds: number, _asker: Asker): { open: boolean; until?: number } {
    this.openUntil = seconds > 0 ? AT + seconds * 1000 : undefined;
    this.emit({
      kind: 'window',
      open: seconds > 0,
      ...(this.openUntil === undefined ? {} : { until: this.openUntil }),
    });
    return { open: seconds > 0, ...(this.openUntil === undefined ? {} : { until: this.openUntil }) };
  }

  candidates(): Candidate[] {
    return this.nearby;
  }

  async pair(request: PairRequest, _asker: Asker): Promise<LockView> {
    this.asked.push(request);
    if (this.result instanceof LockError) throw this.result;
    return this.result;
  }

  hear(ear: (event: PairingEvent) => void): () => void {
    this.#ears.add(ear);
    return () => void this.#ears.delete(ear);
  }

  emit(event: PairingEvent): void {
    for (const ear of this.#ears) ear(event);
  }

  async stop(): Promise<void> {
    this.openUntil = undefined;
  }
}

/** Gives plans with one token and lets owners confirm. */
export function makeUnpairing(locks: FakeLocks): Unpairing & { confirmed: string[] } {
  const confirmed: string[] = [];
  return {
    confirmed,
    async plan(request) {
      const view = locks.find(request.lock) as LockView;
      return {
        lock: view.id,
        name: view.name,
        steps: ['Connect', 'Wipe', 'Prove it'],
        erases: ['10 codes'],
        warnings: [],
        confirm_token: 'confirm-1',
        expires_in_s: 120,
        flow: 'f-1',
      };
    },
    async confirm(lock, token, asker) {
      if (asker.role !== 'owner' || token !== 'confirm-1') {
        throw new LockError('forbidden', 'Only an owner may confirm a wipe.', { reason: 'not_authorised' });
      }
      confirmed.push(lock);
      return {
        view: locks.find(lock) as LockView,
        proven: true,
        removed: false,
        text: 'The lock is free.',
        flow: 'f-1',
      };
    },
  };
}

export class FakeAccess implements Access {
  readonly kept = new Map<string, CredentialView>();
  readonly values: string[] = [];
  readonly reconciled: string[] = [];
  failure: LockError | undefined;
  readonly #ears = new Set<Parameters<Access['hear']>[0]>();

  credentials(lock: string): CredentialView[] {
    return [...this.kept.values()].filter(kept => kept.lock === lock);
  }

  capacity(_lock: string): number {
    return 10;
  }

  async setCode(lock: string, slot: number, code: CodeRequest, _asker: Asker): Promise<CredentialView> {
    if (this.failure) throw this.failure;
    this.values.push(code.digits.reveal());
    const kept: CredentialView = {
      id: `c${slot}`,
      lock,
      kind: 'code',
      slot,
      state: code.enabled === false ? 'disabled' : 'on_lock',
      known: true,
      ...(code.person === undefined ? {} : { person: { id: 'p1', name: code.person } }),
      ...(code.until === undefined ? {} : { until: code.until }),
    };
    this.kept.set(`${lock} ${slot}`, kept);
    this.tell(lock, slot);
    return kept;
  }

  async clearCode(lock: string, slot: number, _asker: Asker): Promise<void> {
    this.kept.delete(`${lock} ${slot}`);
    this.tell(lock, slot);
  }

  async setEnabled(lock: string, slot: number, enabled: boolean, _asker: Asker): Promise<CredentialView> {
    const kept = this.kept.get(`${lock} ${slot}`);
    if (!kept) throw new LockError('not_found', 'That slot is free.');
    const next: CredentialView = { ...kept, state: enabled ? 'on_lock' : 'disabled' };
    this.kept.set(`${lock} ${slot}`, next);
    return next;
  }

  async reconcile(lock: string, _asker: Asker): Promise<CredentialView[]> {
    this.reconciled.push(lock);
    return this.credentials(lock);
  }

  match(): undefined {
    return undefined;
  }

  tell(lock: string, slot: number, kind: CredentialView['kind'] = 'code'): void {
    for (const ear of this.#ears) ear(lock, slot, kind);
  }

  hear(ear: Parameters<Access['hear']>[0]): () => void {
    this.#ears.add(ear);
    return () => void this.#ears.delete(ear);
  }
}
