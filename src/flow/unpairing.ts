// Takes a lock out: a plan and a token first, then the wipe.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import { LockError, asLockError } from '../base/errors.ts';
import { hex } from '../base/bytes.ts';
import type { Keeper } from '../lock/keeper.ts';
import type { Leases } from '../lock/leases.ts';
import type { Asker, LockView } from '../lock/lock.ts';
import type { Audit, Vault } from '../lock/ports.ts';
import type { Registry } from '../lock/registry.ts';
import type { UnpairRequest, Unpairing, WipePlan } from './flow.ts';
import type { Settler } from './settle.ts';
import { Clearance } from './clearance.ts';
import { Wiper } from './wiping.ts';

const TOKEN_MS = 120_000;
/** More than asking the state, the wipe, and the longest wait for a verdict take together. */
const LEASE_MS = 180_000;

export interface UnpairerParts {
  registry: Registry;
  settler: Settler;
  vault: Vault;
  leases: Leases;
  audit: Audit;
  clock: Clock;
  random: (bytes: number) => Uint8Array;
  /** The lock forgot everything: its codes are gone. */
  wiped(lock: string): void;
  /** A copy of everything, before anything is wiped; what it throws stops the wipe. */
  backUp(): Promise<void>;
}

interface Planned {
  hash: Buffer;
  /** Which pairing it is about: another one since is not meant. */
  generation: number;
  until: number;
  request: UnpairRequest;
}

interface Unpaired {
  view: LockView;
  proven: boolean;
  removed: boolean;
  text: string;
}

const FLOW: Asker = { via: 'flow', who: 'unpairing', role: 'owner' };

export class Unpairer implements Unpairing {
  readonly #parts: UnpairerParts;
  readonly #planned = new Map<string, Planned>();
  readonly #wiper: Wiper;

  constructor(parts: UnpairerParts) {
    this.#parts = parts;
    this.#wiper = new Wiper(parts);
  }

  /** Any asker may plan; S0-02 (unlock first), S0-12 (reset and remove) are in the steps. */
  plan(request: UnpairRequest, asker: Asker): WipePlan {
    const { audit, clock, random } = this.#parts;
    const keeper = this.#must(request.lock);
    const { record } = keeper;
    if (record.lifecycle === 'factory') {
      const text = `"${record.name}" is not paired. To forget its name and topics here, remove it.`;
      throw new LockError('forbidden', text, { reason: 'not_paired' });
    }
    if (!request.forget_only) this.#wiper.key(keeper);
    const token = hex(random(16));
    this.#planned.set(record.id, {
      hash: digest(token),
      generation: record.generation,
      until: clock.elapsed() + TOKEN_MS,
      request,
    });
    audit.write({ lock: record.id, via: asker.via, who: asker.who, what: 'unpair_planned' });
    return { ...describe(keeper.view(), request), confirm_token: token, expires_in_s: TOKEN_MS / 1000 };
  }

  async confirm(lock: string, token: string, asker: Asker): Promise<Unpaired> {
    const { audit, clock } = this.#parts;
    const keeper = this.#must(lock);
    const { id, name, generation } = keeper.record;
    if (asker.role !== 'owner' && asker.role !== 'manager') {
      throw new LockError('forbidden', 'Only an owner or a manager may confirm a wipe; automations may plan one.', {
        reason: 'not_authorised',
      });
    }
    const planned = this.#planned.get(id);
    const isGood = planned && planned.generation === generation && planned.until > clock.elapsed();
    if (!isGood || !timingSafeEqual(planned.hash, digest(token))) {
      const text = `That confirmation is not (or no longer) good for "${name}". Ask for the plan again and confirm within 2 minutes.`;
      throw new LockError('forbidden', text, { reason: 'clearance_expired' });
    }
    this.#planned.delete(id);
    const entry = { lock: id, via: asker.via, who: asker.who };
    audit.write({ ...entry, what: 'unpair_confirmed' });
    try {
      const done = await this.#run(keeper, planned.request);
      audit.write({ ...entry, what: 'unpaired', detail: done.proven ? 'proven' : 'not proven' });
      return done;
    } catch (thrown) {
      const error = asLockError(thrown, 'unreachable', 'Unpairing failed.');
      audit.write({ ...entry, what: 'unpair_failed', detail: error.reason });
      throw error;
    }
  }

  #must(lock: string): Keeper {
    const keeper = this.#parts.registry.keeper(lock);
    if (!keeper) throw new LockError('not_found', 'There is no lock of that name. Look at the list of locks.');
    return keeper;
  }

  async #run(keeper: Keeper, request: UnpairRequest): Promise<Unpaired> {
    const { leases } = this.#parts;
    const { id } = keeper.record;
    const busy = new LockError('busy', 'The lock is being unpaired; wait until that is finished.');
    const lease = leases.take(id, 'unpairing', LEASE_MS, () => busy);
    try {
      if (request.forget_only) {
        this.#wiper.forgetHere(keeper);
        const text = 'Forgotten here only: the lock keeps its key, and every code, card and app key still opens it.';
        return this.#end(keeper, request, { proven: false, text });
      }
      await this.#wiper.mustBeUnlocked(keeper);
      await this.#parts.backUp();
      const { generation } = keeper.record;
      const cleared = { lock: id, plan: '', generation, holds: () => undefined };
      const { said, text } = await this.#wiper.wipe(keeper, new Clearance(cleared, this.#parts.clock));
      return this.#end(keeper, request, { proven: said, text });
    } finally {
      lease.release();
    }
  }

  #end(keeper: Keeper, request: UnpairRequest, done: { proven: boolean; text: string }): Unpaired {
    const view = keeper.view();
    const removed = request.remove === true;
    if (removed) this.#parts.registry.remove(keeper.record.id, FLOW, { force: true });
    return { view, removed, ...done };
  }
}

function describe(view: LockView, request: UnpairRequest): Omit<WipePlan, 'confirm_token' | 'expires_in_s'> {
  const { id, name } = view;
  const last = request.remove
    ? `Forget "${name}" here: its topics, entities and settings.`
    : `Keep the name "${name}" and its topics for pairing it again.`;
  if (request.forget_only) {
    const steps = [`Mark the keys of "${name}" as retired; nothing is sent to the lock.`, last];
    const warnings = [
      'The lock keeps its key: every code, card and app key still opens it. Only a reset at the lock ends that.',
    ];
    return { lock: id, name, steps, erases: ['Our right to command the lock.'], warnings };
  }
  const byHand = !view.abilities?.verbs.includes('lock');
  return {
    lock: id,
    name,
    steps: [
      ...(byHand ? [] : [`Check that "${name}" is unlocked.`]),
      'Note on disk that its key is leaving.',
      'Tell the lock to forget everything (factory reset over Bluetooth).',
      'Wait for its confirmation, or ask it which keys it still knows.',
      last,
    ],
    erases: ['All codes, cards and fingerprints in the lock.', 'Every app key and our own key.'],
    warnings: [
      'Until it is paired again anybody nearby can pair the lock, and a default code may open it.',
      ...(byHand ? ['It is closed by hand, so this is not checked: open it before you confirm.'] : []),
      ...(byHand || view.state.bolt === 'unlocked'
        ? []
        : ['It is not unlocked now: unlock it and open the door before you confirm.']),
    ],
  };
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
