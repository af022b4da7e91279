// A daemon made of notes: the parts behind the API, which write down what they are asked and answer what they are told.
import type { CodeRequest, CredentialView } from '../../../src/access/access.ts';
import { LockError } from '../../../src/base/errors.ts';
import { Secret, silent } from '../../../src/base/log.ts';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import type { ApiParts } from '../../../src/bridge/web/parts.ts';
import type { Candidate, PairingEvent } from '../../../src/flow/flow.ts';
import type { Json } from '../../../src/lock/driver.ts';
import type { Abilities, Asker, LockEar, LockEvent, LockView } from '../../../src/lock/lock.ts';
import { FakeFlows } from '../../support/fake-flows.ts';
import { FakeMatter, FakeRemote } from '../../support/fake-matter.ts';
import { FakeSystem } from '../../support/fake-system.ts';
import { FakeTokens, FakeWorkbench, SETTINGS } from '../../support/fake-workbench.ts';

/** Found in any output, it has leaked. */
export const CANARIES = { key: 'canary-key-5f3a', pin: '739164', passphrase: 'correct horse battery' };

export function lockView(change: Partial<LockView> = {}): LockView {
  return {
    id: '0123456789ab',
    name: 'front_door',
    unit: { id: 'u1', name: 'Flat 3' },
    family: 'ttlock',
    address: 'c0:00:00:00:00:01',
    endpoint: 2,
    lifecycle: 'managed',
    generation: 1,
    settings: { session: 'on_demand', exposed: ['mqtt', 'matter'] },
    facts: { model: 'S502', firmware: '1.2' },
    state: { bolt: 'locked', battery: 80, reachable: true, trust: 'told', at: Date.UTC(2026, 4, 11, 14, 20) },
    rssi: -61,
    lastHeard: Date.UTC(2026, 4, 11, 14, 23),
    stats: { open: false, since: 0, opens: 3, losses: 1, lossReasons: {}, connectedMs: 9, roundTrips: 4 },
    ...change,
  };
}

/** Everything that can be had: readers, settings, a log. */
export const ABILITIES: Abilities = {
  kind: 'deadbolt',
  verbs: ['lock', 'unlock'],
  battery: true,
  door: false,
  pushes: true,
  clock: true,
  log: true,
  cards: { capacity: 3 },
  fingers: { capacity: 3 },
  settings: SETTINGS,
  orientation: 'settable',
  holdEveryMs: 2000,
};

export interface Noted {
  what: string;
  asker?: Asker;
  [detail: string]: unknown;
}

/** Change its fields to say how the daemon behaves. */
export class FakeDaemon {
  readonly clock = new VirtualClock();
  readonly noted: Noted[] = [];
  readonly codes = new Map<number, CredentialView>();
  readonly workbench = new FakeWorkbench();
  readonly matter = new FakeMatter();
  readonly remote = new FakeRemote();
  readonly system = new FakeSystem();
  readonly tokensKept = new Map<string, CredentialView>();
  readonly tokens = new FakeTokens({
    keep: kept => void this.tokensKept.set(`${kept.kind} ${kept.slot}`, kept),
    forget: (_lock, kind, slot) => void this.tokensKept.delete(`${kind} ${slot}`),
  });
  readonly flows = new FakeFlows(this.clock, lock => this.#find(lock)?.name);
  locks = [lockView(), lockView({ id: 'ffffffffffff', name: 'mailbox', endpoint: 3 })];
  candidates: Candidate[] = [];
  /** Thrown by whatever is asked next. */
  fails: unknown;
  ready = true;
  radio?: { name: string; ok: boolean; text: string; fix: string };
  /** What a trace waits for. */
  traceEnds: Promise<void> | undefined;
  endTrace: () => void = () => undefined;
  /** What it holds then. */
  vectors: Json[] = [{ name: '0001-advert', kind: 'advert' }];
  handSays: Json = null;
  /** Settles a pairing. */
  pairs: () => Promise<LockView> = () => Promise.resolve(lockView({ name: 'new_lock' }));
  kept: Json = { locks: [{ id: '0123456789ab', name: 'front_door', key: CANARIES.key }] };
  readonly #lockEars = new Set<LockEar>();
  readonly #pairingEars = new Set<(event: PairingEvent) => void>();
  readonly #codeEars = new Set<Parameters<ApiParts['access']['hear']>[0]>();
  #random = 0;
  #heardNote: () => void = () => undefined;

  tell(event: LockEvent): void {
    for (const ear of this.#lockEars) ear(event);
  }
  tellPairing(event: PairingEvent): void {
    for (const ear of this.#pairingEars) ear(event);
  }
  tellCode(lock: string, slot: number, kind: CredentialView['kind'] = 'code'): void {
    for (const ear of this.#codeEars) ear(lock, slot, kind);
  }
  get ears(): number {
    return this.#lockEars.size + this.#pairingEars.size + this.#codeEars.size + this.workbench.ears + this.flows.ears;
  }
  /** Resolves when it is asked that; the test's own deadline ends a wait for what never comes. */
  async until(what: string): Promise<void> {
    while (!this.last(what)) await new Promise<void>(resolve => (this.#heardNote = resolve));
  }
  last(what: string): Noted | undefined {
    return this.noted.findLast(it => it.what === what);
  }

  parts(): ApiParts {
    return {
      locks: this.#locks(),
      pairing: this.#pairing(),
      unpairing: this.#unpairing(),
      access: this.#access(),
      tokens: this.tokens,
      workbench: this.workbench,
      flows: this.flows,
      matter: this.matter,
      remote: () => this.remote,
      ...this.#upkeep(),
      ...this.system.parts(),
      hands: {
        act: async (name, act) => {
          this.#note('hand', { name, act });
          return this.handSays;
        },
      },
      version: '0.1.0',
      clock: this.clock,
      random: bytes => Uint8Array.from({ length: bytes }, () => (this.#random++ * 37) & 0xff),
      log: silent,
    };
  }

  #note(what: string, detail: Record<string, unknown>): void {
    this.noted.push({ what, ...detail });
    this.#heardNote();
    const failure = this.fails;
    this.fails = undefined;
    if (failure !== undefined) throw failure;
  }

  #find(lock: string): LockView | undefined {
    return this.locks.find(view => view.id === lock || view.name === lock);
  }

  #change(lock: string, change: Partial<LockView>): LockView {
    const changed = { ...(this.#find(lock) as LockView), ...change };
    this.locks = this.locks.map(view => (view.id === changed.id ? changed : view));
    return changed;
  }

  #locks(): ApiParts['locks'] {
    return {
      all: () => this.locks,
      find: lock => this.#find(lock),
      hear: ear => this.#heard(this.#lockEars, ear),
      command: async command => {
        this.#note('command', { command, asker: command.asker });
        return { command: command.id, verb: command.verb, tookMs: 812 };
      },
      refresh: async (lock, asker) => this.#note('refresh', { lock, asker }),
      rename: (lock, name, asker) => {
        this.#note('rename', { lock, name, asker });
        return this.#change(lock, { name });
      },
      assign: (lock, unit, asker) => {
        this.#note('assign', { lock, unit, asker });
        return this.#change(lock, { unit: { id: 'u2', name: unit } });
      },
      setOptions: (lock, options, asker) => {
        this.#note('options', { lock, options, asker });
        return this.#change(lock, { settings: { ...(this.#find(lock) as LockView).settings, ...options } });
      },
      remove: (lock, asker, how) => {
        this.#note('remove', { lock, asker, how });
        this.locks = this.locks.filter(view => view.id !== lock);
      },
    };
  }

  #pairing(): ApiParts['pairing'] {
    return {
      permitJoin: (seconds, asker) => {
        this.#note('permit_join', { seconds, asker });
        return seconds === 0 ? { open: false } : { open: true, until: this.clock.now() + seconds * 1000 };
      },
      openUntil: undefined,
      candidates: () => this.candidates,
      pair: async (request, asker) => {
        this.#note('pair', { request, asker });
        return this.pairs();
      },
      hear: ear => this.#heard(this.#pairingEars, ear),
      stop: async () => undefined,
    };
  }

  #unpairing(): ApiParts['unpairing'] {
    return {
      plan: async (request, asker) => {
        this.#note('plan', { request, asker });
        return {
          lock: request.lock,
          name: this.#find(request.lock)?.name ?? '',
          steps: ['Connect.', 'Erase all keys.'],
          erases: ['All codes.'],
          warnings: ['Stay at the door.'],
          confirm_token: 'token-1',
          expires_in_s: 120,
          flow: 'f-1',
        };
      },
      confirm: async (lock, token, asker) => {
        this.#note('confirm', { lock, token, asker });
        if (token !== 'token-1')
          throw new LockError('forbidden', 'That token is not good.', { reason: 'clearance_expired' });
        return {
          view: this.#find(lock) as LockView,
          proven: true,
          removed: false,
          text: 'The lock has forgotten everything.',
          flow: 'f-1',
        };
      },
    };
  }

  #access(): ApiParts['access'] {
    return {
      credentials: () => [...this.codes.values(), ...this.tokensKept.values()],
      capacity: () => 150,
      setCode: async (lock, slot, code: CodeRequest, asker) => {
        this.#note('set_code', { lock, slot, code, asker });
        const person = code.person === undefined ? {} : { person: { id: code.person, name: code.person } };
        return this.#code(lock, slot, { state: code.enabled === false ? 'disabled' : 'on_lock', ...person });
      },
      clearCode: async (lock, slot, asker) => {
        this.#note('clear_code', { lock, slot, asker });
        this.codes.delete(slot);
      },
      setEnabled: async (lock, slot, enabled, asker) => {
        this.#note('set_enabled', { lock, slot, enabled, asker });
        return this.#code(lock, slot, { state: enabled ? 'on_lock' : 'disabled' });
      },
      reconcile: async (lock, asker) => {
        this.#note('reconcile', { lock, asker });
        return [...this.codes.values()];
      },
      match: () => undefined,
      hear: ear => this.#heard(this.#codeEars, ear),
    };
  }

  #code(lock: string, slot: number, change: Partial<CredentialView>): CredentialView {
    const code: CredentialView = { id: `c${slot}`, lock, kind: 'code', slot, state: 'on_lock', known: true, ...change };
    this.codes.set(slot, code);
    return code;
  }

  #upkeep(): Pick<ApiParts, 'health' | 'examine' | 'audit' | 'backups' | 'carrier' | 'recovery' | 'traces'> {
    const code = 'ABCD-EFGH-JKLM';
    const wrong = new LockError('invalid', 'That is another code.', { reason: 'wrong_code' });
    const carried = { id: '0123456789ab', name: 'front_door', family: 'ttlock' };
    return {
      health: () => ({
        ready: this.ready,
        version: '0.1.0',
        startedAt: this.clock.now(),
        parts: [{ name: 'mqtt', ok: true, text: 'Connected.' }, ...(this.radio ? [this.radio] : [])],
      }),
      examine: async () => ({
        checks: [{ name: 'adapter', verdict: 'bad', text: 'There is no adapter.', fix: 'Plug one in.' }],
        settings: [{ key: 'mqtt.password', value: String(new Secret('x')), from: 'LATCHBRIDGE_MQTT_PASSWORD' }],
      }),
      audit: {
        read: query => {
          this.#note('audit', { query });
          return [
            {
              number: 7,
              at: this.clock.now(),
              lock: '0123456789ab',
              what: 'done',
              via: 'cli',
              who: 'cli',
              detail: 'lock',
            },
          ];
        },
      },
      backups: { backup: async asker => (this.#note('backup', { asker }), { path: '/d/backup.db', bytes: 4096 }) },
      carrier: {
        pack: (locks, asker) => (this.#note('pack', { locks, asker }), new Secret(this.kept)),
        unpack: (parcel, asker) => (
          this.#note('unpack', { parcel: parcel.reveal(), asker }),
          [{ ...carried, outcome: 'added' as const }]
        ),
        adopt: (foreign, asker) => {
          this.#note('adopt', { foreign: foreign.reveal(), asker });
          if (!Array.isArray(foreign.reveal()))
            throw new LockError('invalid', 'No family knows this file.', { reason: 'unknown_format' });
          return [{ ...carried, outcome: 'added' as const, weak: 'Its keys were drawn from a weak generator.' }];
        },
      },
      traces: {
        record: async ({ lock, seconds, asker }) => {
          this.#note('trace', { lock, seconds, asker });
          await this.traceEnds;
          return { meta: { family: 'ttlock' }, vectors: this.vectors };
        },
        end: lock => {
          this.#note('end_trace', { lock });
          this.endTrace();
          return true;
        },
      },
      recovery: {
        show: asker => (this.#note('show_code', { asker }), new Secret(code)),
        confirm: typed => {
          if (typed.reveal() !== code) throw wrong;
        },
        enter: typed => {
          if (typed.reveal() !== code) throw wrong;
        },
      },
    };
  }

  #heard<E>(ears: Set<E>, ear: E): () => void {
    ears.add(ear);
    return () => void ears.delete(ear);
  }
}
