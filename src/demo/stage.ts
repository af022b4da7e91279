// The scene of a demo: virtual locks in the air, their memory on disk, a broker, hands.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { LockError } from '../base/errors.ts';
import { makeFolder } from '../base/files.ts';
import type { Hands, StagedLock } from '../lock/upkeep.ts';
import { Air } from '../sim/air.ts';
import type { VirtualLock } from '../sim/family.ts';
import { AirRadio } from './air-radio.ts';
import { type DemoBroker, startBroker } from './broker.ts';
import type { Role } from './cast.ts';
import { handsOf, staged } from './hands.ts';

/** What usual adapters ask for. */
const MTU = 247;

export interface Actor {
  role: Role;
  lock: VirtualLock;
}

export interface Stage {
  radio: AirRadio;
  actors: readonly Actor[];
  hands: Hands;
  /** The virtual locks, as somebody sees them who stands there. */
  staged: () => StagedLock[];
  broker: DemoBroker;
  stop(): Promise<void>;
}

export interface StageParts {
  cast: readonly Role[];
  /** The demo's data folder: the virtual locks keep their memory in `sim/` below it. */
  data: string;
  /** Of the demo's own broker, or the address of another one. */
  mqtt: { port: number } | { url: string };
  clock: Clock;
  random: (bytes: number) => Uint8Array;
  /** The address of the lock that has this name now. */
  addressOf: (name: string) => string | undefined;
  /** What the program calls the lock of this address. */
  nameOf: (address: string) => string | undefined;
}

export async function setStage(parts: StageParts): Promise<Stage> {
  const { cast, data, clock, random } = parts;
  const folder = join(data, 'sim');
  openFolder(folder);
  const broker = 'url' in parts.mqtt ? guestOf(parts.mqtt.url) : await startBroker(parts.mqtt.port);
  const air = new Air({ clock, random, mtu: MTU });
  const actors = cast.map(role => {
    const { family, name, address, variant } = role;
    const path = join(folder, `${name}.json`);
    const isNew = !existsSync(path);
    const lock = family.make({ name, address, variant, clock, random, memory: { path } });
    // A door stands open when its lock is new; boxes and padlocks have no thumb-turn and shrug.
    if (isNew) lock.hands.act('thumb', { value: 'unlock' });
    air.add(lock);
    return { role, lock };
  });
  const radio = new AirRadio(air);
  const find = (name: string): VirtualLock | undefined => {
    const address = parts.addressOf(name);
    return actors.find(({ role, lock }) => (address === undefined ? role.name === name : lock.address === address))
      ?.lock;
  };
  return {
    radio,
    actors,
    hands: handsOf(name => find(name)?.hands),
    staged: () =>
      actors.map(({ role, lock }) => staged(parts.nameOf(lock.address) ?? role.name, role.family.name, lock)),
    broker,
    async stop() {
      for (const { lock } of actors) lock.stop();
      await broker.stop();
    },
  };
}

/** Somebody else's broker: it goes on without us. */
function guestOf(url: string): DemoBroker {
  return { url, stop: async () => undefined };
}

function openFolder(folder: string): void {
  try {
    makeFolder(folder, 0o700);
  } catch (cause) {
    const text = `The folder ${folder} cannot be made; the virtual locks remember themselves there. Choose another with --data.`;
    throw new LockError('disk', text, { cause });
  }
}
