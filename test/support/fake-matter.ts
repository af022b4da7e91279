// Matter without the library: one bridge with one lock, and a controller that writes down what it is asked.
import { LockError } from '../../src/base/errors.ts';
import type { Secret } from '../../src/base/log.ts';
import type { Asker } from '../../src/lock/lock.ts';
import type { MatterControl, MatterFabric, MatterNode, MatterStatus } from '../../src/lock/matter-port.ts';
import type { MatterRemote, RemoteLock, RemoteNews, RemoteUser } from '../../src/lock/matter-remote.ts';

export const CODES = { qr: 'MT:Y.K90IRV01OSVH7SR00', manual: '06318721098' };

export class FakeMatter implements MatterControl {
  readonly done: { what: string; asker: Asker; detail?: unknown }[] = [];
  node: MatterNode = { id: 'bridge', port: 5540, commissioned: false, fabrics: 0, codes: CODES };
  #ear: () => void = () => undefined;

  status(): MatterStatus {
    const lock = {
      id: 'a1b2c3d4e5f6',
      name: 'front',
      node: 'bridge',
      endpoint: 2,
      reachable: true,
      features: ['User'],
    };
    return { state: 'running', nodes: [this.node], locks: [lock] };
  }

  fabrics(): MatterFabric[] {
    if (!this.node.commissioned) return [];
    return [{ node: 'bridge', index: 1, label: 'Home', vendor: 'Apple', fabricId: '1', nodeId: '2' }];
  }

  async openWindow(seconds: number, asker: Asker, node?: string): Promise<MatterNode> {
    this.done.push({ what: 'open', asker, detail: [seconds, node] });
    return { ...this.node, codes: CODES, windowUntil: 1_000_000 };
  }

  async closeWindow(asker: Asker): Promise<void> {
    this.done.push({ what: 'close', asker });
  }

  async removeFabric(index: number, asker: Asker): Promise<void> {
    if (!this.node.commissioned) throw new LockError('not_found', 'There is no such controller.');
    this.done.push({ what: 'remove', asker, detail: index });
  }

  async factoryReset(asker: Asker): Promise<void> {
    this.done.push({ what: 'reset', asker });
  }

  hear(ear: () => void): () => void {
    this.#ear = ear;
    return () => undefined;
  }

  /** A controller has used the code. */
  commission(): void {
    const { codes: _codes, ...node } = this.node;
    this.node = { ...node, commissioned: true, fabrics: 1 };
    this.#ear();
  }
}

export class FakeRemote implements MatterRemote {
  readonly done: unknown[] = [];

  locks(): RemoteLock[] {
    return [{ name: 'front', endpoint: 2, reachable: true, state: 'locked', battery: 80 }];
  }

  async operate(name: string, verb: string, pin?: Secret<string>): Promise<void> {
    this.done.push([name, verb, pin?.reveal()]);
  }

  async users(): Promise<RemoteUser[]> {
    return [{ user: 1, name: 'Ann', pins: [1] }];
  }

  async setPin(name: string, { user, person, pin }: Parameters<MatterRemote['setPin']>[1]): Promise<number> {
    this.done.push([name, user, person, pin.reveal()]);
    return user ?? 2;
  }

  async clearUser(name: string, user: number): Promise<void> {
    this.done.push([name, user]);
  }

  events(after: number): RemoteNews[] {
    return [{ number: 7, at: 0, lock: 'front', name: 'lockState', value: 1 }].filter(each => each.number > after);
  }
}
