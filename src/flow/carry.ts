// Takes locks and their keys out and in: our own parcels, and what other programs left behind.
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { hex } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import { LockError } from '../base/errors.ts';
import { Secret } from '../base/log.ts';
import type { ImportedCredential, Json, LockDriver } from '../lock/driver.ts';
import { type Asker, type Facts, LOCK_ID, LOCK_NAME, RESERVED_NAMES, slug } from '../lock/lock.ts';
import type { Audit, LockRecord, LockShelf, Vault } from '../lock/ports.ts';
import type { Registry } from '../lock/registry.ts';
import type { CarriedLock, KeyCarrier } from '../lock/upkeep.ts';

const FORMAT = 'latchbridge-locks/1';

const parcelled = z.object({
  id: z.string().regex(LOCK_ID),
  name: z
    .string()
    .regex(LOCK_NAME)
    .refine(name => !RESERVED_NAMES.includes(name)),
  unit: z.string().min(1).max(64),
  family: z.string().min(1).max(32),
  address: z.string().regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/),
  addressType: z.enum(['public', 'random']),
  hardware: z.string().min(1).max(64),
  generation: z.int().min(1),
  model: z.string().max(64).optional(),
  data: z.record(z.string(), z.json()),
});
const parcel = z.object({ format: z.literal(FORMAT), locks: z.array(parcelled).max(1000) });
type Parcelled = z.infer<typeof parcelled>;

export interface CarrierParts {
  registry: Registry;
  drivers: readonly LockDriver[];
  vault: Vault;
  shelf: LockShelf;
  audit: Audit;
  clock: Clock;
  random: (bytes: number) => Uint8Array;
}

export class Carrier implements KeyCarrier {
  readonly #parts: CarrierParts;

  constructor(parts: CarrierParts) {
    this.#parts = parts;
  }

  pack(locks: readonly string[] | undefined, asker: Asker): Secret<Json> {
    const wanted = locks ?? this.#parts.registry.all().map(view => view.id);
    const packed = wanted.flatMap(lock => {
      const keeper = this.#parts.registry.keeper(lock);
      if (!keeper) throw new LockError('not_found', `There is no lock "${lock}".`);
      const live = this.#parts.vault.of(keeper.record.id).find(kept => kept.status === 'live');
      if (!live && locks) throw new LockError('not_found', `There is no working key for "${keeper.record.name}".`);
      return live ? [asParcelled(keeper.record, live.credential.data.reveal())] : [];
    });
    this.#audit(asker, 'keys_exported', packed.map(lock => lock.name).join(', '));
    return new Secret({ format: FORMAT, locks: packed } as unknown as Json);
  }

  unpack(from: Secret<Json>, asker: Asker): CarriedLock[] {
    const read = parcel.safeParse(from.reveal());
    if (!read.success) {
      throw new LockError('invalid', 'That file does not hold locks of Latchbridge, or it is damaged.', {
        reason: 'unknown_format',
      });
    }
    return read.data.locks.map(lock => this.#takeIn(lock, {}, asker));
  }

  adopt(foreign: Secret<Json>, asker: Asker): CarriedLock[] {
    for (const driver of this.#parts.drivers) {
      const found = driver.importCredential?.(foreign.reveal());
      if (found) return found.map(one => this.#takeIn(this.#fromForeign(one), { weak: one.weak }, asker));
    }
    const shared = this.#parts.drivers
      .filter(({ nature }) => nature.owners === 'many')
      .map(({ nature }) => nature.title);
    const beside =
      shared.length === 0
        ? ''
        : ` A lock that takes many clients (${shared.join(', ')}) needs no import: pair it beside the other program.`;
    const text = `No driver knows that file. It must be a lockData.json or an export of Latchbridge.${beside}`;
    throw new LockError('invalid', text, { reason: 'unknown_format' });
  }

  #fromForeign({ credential, address, name }: ImportedCredential): Parcelled {
    const known = this.#parts.registry.byHardware(address.toLowerCase());
    const wanted = slug(name ?? `${credential.family}_${address.slice(-8).replaceAll(':', '')}`);
    const data = credential.data.reveal() as Parcelled['data'];
    return {
      id: known?.record.id ?? hex(this.#parts.random(6)),
      name: wanted,
      unit: wanted,
      family: credential.family,
      address: address.toLowerCase(),
      // A random-static address has its two highest bits set (ttlock.md 2.1); an advert corrects it later.
      addressType: Number.parseInt(address.slice(0, 2), 16) >= 0xc0 ? 'random' : 'public',
      hardware: address.toLowerCase(),
      generation: (known?.record.generation ?? 0) + 1,
      data,
    };
  }

  #takeIn(lock: Parcelled, how: { weak?: string | undefined }, asker: Asker): CarriedLock {
    const { registry, vault } = this.#parts;
    registry.driver(lock.family);
    const credential = { family: lock.family, data: new Secret(lock.data as Readonly<Record<string, Json>>) };
    const known = registry.keeper(lock.id) ?? registry.byHardware(lock.hardware);
    const id = known?.record.id ?? lock.id;
    const live = vault.of(id).find(kept => kept.status === 'live');
    const same = live !== undefined && isDeepStrictEqual(live.credential.data.reveal(), lock.data);
    const outcome: CarriedLock['outcome'] = known ? (same ? 'kept' : 'renewed') : 'added';
    if (!same) vault.promote(vault.keep(id, credential, lock.generation).id);
    const name = known?.record.name ?? this.#parts.registry.freeName(lock.name);
    if (known && !same) registry.save({ ...known.record, lifecycle: 'managed', generation: lock.generation });
    if (!known) this.#add({ ...lock, name });
    this.#audit(asker, 'keys_imported', `${name}: ${outcome}${how.weak ? ', weak' : ''}`);
    return { id, name, family: lock.family, outcome, ...(how.weak ? { weak: how.weak } : {}) };
  }

  #add(lock: Parcelled): void {
    const facts: Facts = lock.model === undefined ? {} : { model: lock.model };
    const { id, name, family, address, addressType, hardware, generation } = lock;
    this.#parts.registry.add({
      id,
      name,
      unit: this.#parts.shelf.unit(lock.unit),
      family,
      address,
      addressType,
      hardware,
      lifecycle: 'managed',
      generation,
      settings: {},
      facts,
      addedAt: this.#parts.clock.now(),
    });
  }

  #audit(asker: Asker, what: string, detail: string): void {
    this.#parts.audit.write({ via: asker.via, who: asker.who, what, detail });
  }
}

function asParcelled(record: LockRecord, data: Readonly<Record<string, Json>>): Parcelled {
  const { id, name, family, address, addressType, hardware, facts } = record;
  const generation = Math.max(1, record.generation);
  const model = facts.model === undefined ? {} : { model: facts.model };
  return {
    id,
    name,
    unit: record.unit.name,
    family,
    address,
    addressType,
    hardware,
    generation,
    ...model,
    data: data as Parcelled['data'],
  };
}
