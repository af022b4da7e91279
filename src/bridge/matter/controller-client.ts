// Our controller interface over CommissioningController of @project-chip/matter.js, in any environment of the library.
import './switches.ts';
import { type Endpoint, type Environment, LogLevel, Logger, NodeId, Seconds } from '@matter/main';
import { ManualPairingCodeCodec, QrPairingCodeCodec } from '@matter/main/types';
import { CommissioningController, type NodeCommissioningOptions } from '@project-chip/matter.js';
import type { PairedNode } from '@project-chip/matter.js/device';
import { type Clock, within } from '../../base/clock.ts';
import { LockError } from '../../base/errors.ts';
import type { Secret } from '../../base/log.ts';
import type { MatterStore } from '../../lock/matter-port.ts';
import { keepIn } from './drawer.ts';
import type { ControllerNews, MatterController } from './controller.ts';
import { asked, clearUser, isLock, operate, seen, setPin, setUser, users, write } from './controller-lock.ts';

/** Fifty locks are read within 3 s on a fast machine; a Pi takes five times as long. */
const COMMISSION_MS = 60_000;
/** A bridge on the same simulated network answers in well under a second, once it runs. */
const RESUME_MS = 15_000;
const DISCOVER = Seconds(30);
/** Zero lets reports come as fast as the bridge sends them. */
const LEAST_INTERVAL = 0;

/** It is made of test values, has no radio and asks no ledger, and says each of these as a warning. */
const NOISY = ['BasicInformationServer', 'FabricAuthority', 'CommissioningController', 'ControllerCommissioner'];

export interface ControllerParts {
  environment: Environment;
  store: MatterStore;
  /** What the bridge lists it as, at most 32 characters. */
  label: string;
  clock: Clock;
}

export async function openController(parts: ControllerParts): Promise<MatterController> {
  const { environment, store, label } = parts;
  keepIn(environment, store);
  const library = new CommissioningController({
    environment: { environment, id: 'controller' },
    autoConnect: false,
    adminFabricLabel: label,
    subscribeMinIntervalFloorSeconds: LEAST_INTERVAL,
  });
  // Of this controller they say nothing that anybody could mend.
  Logger.facilityLevels = Object.fromEntries(NOISY.map(name => [name, LogLevel.ERROR]));
  await library.start();
  return new LibraryController(library, parts.clock);
}

class LibraryController implements MatterController {
  readonly #library: CommissioningController;
  readonly #clock: Clock;
  readonly #ears = new Set<(news: ControllerNews) => void>();
  #node: PairedNode | undefined;

  constructor(library: CommissioningController, clock: Clock) {
    this.#library = library;
    this.#clock = clock;
  }

  async commission(code: Secret<string>): Promise<void> {
    const options = commissioningOf(code);
    const late = () => new LockError('timeout', 'The bridge was not commissioned in time.', { acted: 'maybe' });
    const work = asked('commission the bridge', async () => {
      const id = await this.#library.commissionNode(options, { connectNodeAfterCommissioning: false });
      await this.#join(id);
    });
    await within(this.#clock, COMMISSION_MS, work, late);
  }

  async resume(): Promise<boolean> {
    const [id] = this.#library.getCommissionedNodes();
    if (id === undefined) return false;
    const late = () => new LockError('timeout', 'The bridge of an earlier run did not answer.');
    await within(
      this.#clock,
      RESUME_MS,
      asked('reach the bridge', () => this.#join(id)),
      late,
    );
    return true;
  }

  locks() {
    return this.#endpoints().map(seen);
  }

  async operate(...[endpoint, verb, pin]: Parameters<MatterController['operate']>): Promise<void> {
    await operate(this.#endpoint(endpoint), verb, pin);
  }

  async users(endpoint: number) {
    return users(this.#endpoint(endpoint));
  }

  async setUser(endpoint: number, user: number, name: string): Promise<void> {
    await setUser(this.#endpoint(endpoint), user, name);
  }

  async setPin(...[endpoint, wish]: Parameters<MatterController['setPin']>): Promise<number> {
    return setPin(this.#endpoint(endpoint), wish);
  }

  async clearUser(endpoint: number, user: number): Promise<void> {
    await clearUser(this.#endpoint(endpoint), user);
  }

  async write(...[endpoint, attributes]: Parameters<MatterController['write']>): Promise<void> {
    await write(this.#endpoint(endpoint), attributes);
  }

  hear(ear: (news: ControllerNews) => void): () => void {
    this.#ears.add(ear);
    return () => void this.#ears.delete(ear);
  }

  async remove(): Promise<void> {
    const node = this.#joined();
    await asked('leave the bridge', () => node.decommission());
    this.#node = undefined;
  }

  async close(): Promise<void> {
    this.#ears.clear();
    await this.#library.close();
  }

  async #join(id: NodeId): Promise<void> {
    const node = await this.#library.getNode(id);
    this.#listen(node);
    // It may have remembered everything: what counts is what the bridge says now.
    const read = node.remoteInitializationDone ? undefined : once(node);
    node.connect({ subscribeMinIntervalFloorSeconds: LEAST_INTERVAL });
    await read;
    this.#node = node;
  }

  #listen(node: PairedNode): void {
    node.events.attributeChanged.on(({ path, value }) => {
      const { endpointId, clusterId, attributeName } = path;
      this.#tell({ kind: 'attribute', endpoint: endpointId, name: `${clusterOf(clusterId)}.${attributeName}`, value });
    });
    node.events.eventTriggered.on(({ path, events }) => {
      for (const { data } of events) {
        this.#tell({ kind: 'event', endpoint: path.endpointId, name: path.eventName, data: { ...data } });
      }
    });
  }

  #tell(news: ControllerNews): void {
    for (const ear of this.#ears) ear(news);
  }

  #joined(): PairedNode {
    if (this.#node) return this.#node;
    throw new LockError('not_found', 'The controller has not commissioned any bridge.', { reason: 'not_commissioned' });
  }

  #endpoints(): Endpoint[] {
    return [...this.#joined().node.endpoints].filter(isLock);
  }

  #endpoint(number: number): Endpoint {
    const found = this.#endpoints().find(endpoint => endpoint.number === number);
    if (found) return found;
    throw new LockError('not_found', `The bridge shows no lock with the endpoint ${number}.`);
  }
}

/** Resolves when everything has been read from the bridge itself. */
function once(node: PairedNode): Promise<void> {
  return new Promise(resolve => node.events.initializedFromRemote.once(() => resolve()));
}

/** The clusters that are heard of by name; others by number. */
const CLUSTERS: Readonly<Record<number, string>> = { 0x101: 'doorLock', 0x2f: 'powerSource', 0x39: 'bridged' };

function clusterOf(id: number): string {
  return CLUSTERS[id] ?? String(id);
}

function commissioningOf(code: Secret<string>): NodeCommissioningOptions {
  const { passcode, identifierData } = codeOf(code.reveal());
  return {
    commissioning: {},
    discovery: { identifierData, discoveryCapabilities: {}, timeout: DISCOVER },
    passcode,
  };
}

function codeOf(text: string) {
  try {
    if (!text.startsWith('MT:')) {
      const { passcode, shortDiscriminator = 0 } = ManualPairingCodeCodec.decode(text);
      return { passcode, identifierData: { shortDiscriminator } };
    }
    const [first] = QrPairingCodeCodec.decode(text);
    return { passcode: first?.passcode ?? 0, identifierData: { longDiscriminator: first?.discriminator ?? 0 } };
  } catch {
    throw new LockError('invalid', 'That is not a Matter code: write 11 digits, or what the QR code says (MT:...).');
  }
}
