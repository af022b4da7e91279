// One Matter node: the bridge with its aggregator, or a lock as a node of its own. Codes, windows, fabrics, reset.
import './switches.ts';
import { Endpoint, type Environment, FabricIndex, Seconds, ServerNode } from '@matter/main';
import { DoorLockDevice } from '@matter/main/devices/door-lock';
import { AggregatorEndpoint } from '@matter/main/endpoints/aggregator';
import { DeviceCommissioner, FabricManager, PaseServer, SessionManager } from '@matter/main/protocol';
import { type Clock, within } from '../../base/clock.ts';
import { LockError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { BRIDGE, type MatterCodes, type MatterFabric, type MatterNode } from '../../lock/matter-port.ts';
import { type Identity, PRODUCT, VENDOR, codesOf, freshPass } from './codes.ts';
import { vendorName } from './vendors.ts';

/**
 * A restart is noticed by a controller when so much silence has passed and as much again for its own patience; reports of
 * changes do not wait for it.
 */
const SUBSCRIPTION = { maxInterval: Seconds(20), minInterval: Seconds(2), randomizationWindow: Seconds(5) };
/** The library goes on by itself; whoever waits gets an answer. */
const RESET_MS = 15_000;
const ITERATIONS = 1000;

export interface NodeParts {
  id: string;
  port: number;
  ipv4: boolean;
  identity: Identity;
  environment: Environment;
  clock: Clock;
  random: (bytes: number) => Uint8Array;
  log: Log;
  version: string;
  label: string;
  product: string;
  /** How often what is behind it has changed. */
  configuration: number;
  changed: () => void;
  /** The library has wiped what it kept, and every attribute is back at its beginning. */
  renewed: () => void;
  /** A controller has left. */
  left: (fabric: number) => void;
}

interface Window {
  codes: MatterCodes;
  until: number;
  cancel: () => void;
}

export class Node {
  readonly #parts: NodeParts;
  readonly #server: ServerNode;
  #window: Window | undefined;
  #seen = '';

  static async make(parts: NodeParts): Promise<Node> {
    const server = await ServerNode.create(ServerNode.RootEndpoint, optionsOf(parts));
    return new Node(parts, server);
  }

  private constructor(parts: NodeParts, server: ServerNode) {
    this.#parts = parts;
    this.#server = server;
    server.lifecycle.online.on(() => {
      this.#seen = '';
      parts.renewed();
    });
    server.events.commissioning.fabricsChanged.on((index, action) => {
      if (action === 'deleted') parts.left(index);
      parts.changed();
    });
  }

  get id(): string {
    return this.#parts.id;
  }

  get server(): ServerNode {
    return this.#server;
  }

  /** Everything that it has must have been added before: controllers drop the rooms of what is missing for a moment. */
  async start(): Promise<void> {
    await this.#server.start();
  }

  status(): MatterNode {
    const { id, port } = this.#parts;
    const fabrics = this.#fabrics().length;
    const commissioned = fabrics > 0;
    const codes = commissioned ? this.#window?.codes : codesOf(this.#parts.identity);
    return {
      id,
      port,
      commissioned,
      fabrics,
      ...(codes && { codes }),
      ...(this.#window && commissioned && { windowUntil: this.#window.until }),
    };
  }

  fabrics(): MatterFabric[] {
    return this.#fabrics().map(({ fabricIndex, label, rootVendorId, fabricId, nodeId }) => ({
      node: this.id,
      index: fabricIndex,
      label,
      vendor: vendorName(rootVendorId),
      fabricId: fabricId.toString(),
      nodeId: nodeId.toString(),
    }));
  }

  /** With a fresh code, so that one that was seen once is worth nothing later. A node without a controller is open anyway. */
  async openWindow(seconds: number): Promise<MatterNode> {
    if (this.#fabrics().length === 0) return this.status();
    await this.closeWindow();
    const { clock, random } = this.#parts;
    const pass = freshPass(random);
    const env = this.#server.env;
    const salt = Uint8Array.from(random(32));
    const pase = await PaseServer.fromPin(env.get(SessionManager), pass.passcode, { iterations: ITERATIONS, salt });
    await env.get(DeviceCommissioner).allowEnhancedCommissioning(pass.discriminator, pase, () => this.#windowClosed());
    const cancel = clock.after(seconds * 1000, () => void this.closeWindow().catch(() => undefined));
    this.#window = { codes: codesOf(pass), until: clock.now() + seconds * 1000, cancel };
    return this.status();
  }

  async closeWindow(): Promise<void> {
    if (this.#fabrics().length === 0) return;
    await this.#server.env.get(DeviceCommissioner).endCommissioning();
    this.#windowClosed();
  }

  async removeFabric(index: number): Promise<void> {
    const fabric = this.#fabrics().find(one => one.fabricIndex === FabricIndex(index));
    if (!fabric) throw new LockError('not_found', `There is no controller with the number ${index}.`);
    await fabric.leave();
  }

  /** Says goodbye to every controller and erases what the library keeps. */
  async erase(): Promise<void> {
    const { clock } = this.#parts;
    await this.closeWindow();
    for (const fabric of this.#fabrics().slice(0, -1)) await fabric.leave();
    const late = (): LockError =>
      new LockError('timeout', 'The controllers were not told in time; they find out later.');
    await within(clock, RESET_MS, this.#server.erase(), late);
  }

  /** Of a lock that is a node of its own: what the bridge says of each lock on its endpoint. */
  async show(seen: { nodeLabel: string; reachable: boolean }): Promise<void> {
    if (JSON.stringify(seen) === this.#seen) return;
    this.#seen = JSON.stringify(seen);
    await this.#server.set({ basicInformation: seen });
  }

  /** One more change of what is behind it, for controllers that keep a copy. */
  async configured(version: number): Promise<void> {
    await this.#server.set({ basicInformation: { configurationVersion: version } });
  }

  async close(): Promise<void> {
    this.#window?.cancel();
    this.#window = undefined;
    await this.#server.close();
  }

  #fabrics() {
    return [...this.#server.env.get(FabricManager).fabrics];
  }

  #windowClosed(): void {
    if (!this.#window) return;
    this.#window.cancel();
    this.#window = undefined;
    this.#parts.changed();
  }
}

/** What all locks of the bridge are below. Alexa wants it to be endpoint 1. */
export async function addAggregator({ server }: Node): Promise<Endpoint<typeof AggregatorEndpoint>> {
  const aggregator = new Endpoint(AggregatorEndpoint, { id: 'aggregator', number: 1 });
  await server.add(aggregator);
  return aggregator;
}

function optionsOf(parts: NodeParts) {
  const { id, identity, environment, port, ipv4, label, product, version } = parts;
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(part => Number.parseInt(part, 10) || 0);
  const deviceType = id === BRIDGE ? AggregatorEndpoint.deviceType : DoorLockDevice.deviceType;
  return {
    id,
    environment,
    network: { port, ipv4, subscriptionOptions: SUBSCRIPTION },
    commissioning: { passcode: identity.passcode, discriminator: identity.discriminator },
    productDescription: { name: label, deviceType },
    basicInformation: {
      vendorName: 'Latchbridge',
      vendorId: VENDOR,
      productName: product,
      productId: PRODUCT,
      nodeLabel: label,
      productLabel: id === BRIDGE ? 'Bridge for Bluetooth locks' : 'Bluetooth lock',
      serialNumber: identity.serial,
      uniqueId: identity.uniqueId,
      hardwareVersion: 1,
      hardwareVersionString: '1',
      softwareVersion: major * 1_000_000 + minor * 1000 + patch + 1,
      softwareVersionString: version.slice(0, 64),
      configurationVersion: parts.configuration,
      reachable: true,
    },
  };
}
