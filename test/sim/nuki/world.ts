// An air with one virtual Nuki lock, and a client at it.
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { Air } from '../../../src/sim/air.ts';
import { VirtualNuki, type VirtualNukiOptions } from '../../../src/sim/nuki/virtual-nuki.ts';
import { Client, E101, E301, type Keys, u16, u32 } from './client.ts';

export const ADDRESS = '54:d2:72:ca:88:ec';

/** The same bytes for the same seed. */
export function seeded(seed: number): (count: number) => Uint8Array {
  let state = seed >>> 0;
  return count =>
    Uint8Array.from({ length: count }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state >>> 24;
    });
}

export type Options = Partial<VirtualNukiOptions> & { mtu?: number };

export class World {
  readonly clock: VirtualClock;
  readonly air: Air;
  readonly lock: VirtualNuki;
  readonly isFifth: boolean;

  constructor({ mtu = 247, ...options }: Options = {}, seed = 1) {
    this.clock = new VirtualClock(Date.UTC(2026, 0, 15, 20, 30));
    this.air = new Air({ clock: this.clock, random: seeded(seed + 1000), mtu });
    this.lock = new VirtualNuki({
      name: 'door',
      address: ADDRESS,
      clock: this.clock,
      random: seeded(seed),
      ...options,
    });
    this.isFifth = this.lock.variant === 'ultra' || this.lock.variant === 'go_5';
    this.air.add(this.lock);
  }

  get pairing(): string {
    return this.isFifth ? E301 : E101;
  }

  /** The PIN as it is sent. */
  get pin(): string {
    const pin = Number(this.lock.pin ?? 0);
    return this.isFifth ? u32(pin) : u16(pin);
  }

  async connect(keys?: Keys): Promise<Client> {
    const link = await this.clock.run(this.air.connect(ADDRESS));
    const client = new Client(this.clock, link, { pairing: this.pairing, ...(keys ? { keys } : {}) });
    await client.listen();
    return client;
  }

  /** Its button is held, and the client is known afterwards. */
  async pair(how: { type?: number; appId?: number; name?: string } = {}): Promise<Client> {
    this.lock.hands.act('hold_button', { seconds: 5 });
    const client = await this.connect();
    if (this.isFifth) await client.pair5(how);
    else await client.pair4(how);
    return client;
  }

  /** Somebody else pairs on a link of his own, and leaves. */
  async other(how: { type?: number; appId?: number; name?: string }): Promise<Keys> {
    const client = await this.pair(how);
    await client.link.close();
    return client.keys as Keys;
  }
}
