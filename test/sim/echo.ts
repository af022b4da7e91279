// An air with one peripheral that says back whatever it is told.
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import type { AirLink } from '../../src/sim/air-link.ts';
import { Air, type AirOptions, type Central, type Peripheral, type SimAdvert } from '../../src/sim/air.ts';

export const ADDRESS = 'c0:00:00:00:00:01';

export class Echo implements Peripheral {
  readonly address = ADDRESS;
  readonly addressType = 'random';
  readonly advertEveryMs = 1000;
  mostMtu = 247;
  readonly services = [
    {
      uuid: '1910',
      characteristics: [
        { uuid: 'fff4', properties: ['notify'] as const },
        { uuid: 'fff2', properties: ['write', 'writeWithoutResponse'] as const },
        { uuid: '2a19', properties: ['read'] as const },
      ],
    },
  ];
  central: Central | undefined;
  awake = true;
  welcome = true;
  name = 'one';
  written_: string[] = [];
  drops = 0;
  #ears = new Set<() => void>();

  advert(): SimAdvert | undefined {
    return this.awake && !this.central ? { connectable: true, services: [], name: this.name } : undefined;
  }
  rename(name: string): void {
    this.name = name;
    for (const ear of this.#ears) ear();
  }
  watchAdvert(changed: () => void): () => void {
    this.#ears.add(changed);
    return () => void this.#ears.delete(changed);
  }
  connected(central: Central): boolean {
    if (this.welcome) this.central = central;
    return this.welcome;
  }
  subscribed(): void {
    // Nothing to do.
  }
  written(_: string, bytes: Uint8Array): void {
    this.written_.push(Buffer.from(bytes).toString('hex'));
    this.central?.notify('fff4', bytes);
  }
  read(): Uint8Array {
    return Uint8Array.of(100);
  }
  disconnected(): void {
    this.central = undefined;
    this.drops++;
  }
}

export function setUp(options: Partial<AirOptions> = {}): { clock: VirtualClock; air: Air; echo: Echo } {
  const clock = new VirtualClock();
  let drawn = 0;
  const random = (count: number): Uint8Array => Uint8Array.from({ length: count }, () => (drawn = (drawn + 37) % 256));
  const air = new Air({ clock, random, ...options });
  const echo = new Echo();
  air.add(echo);
  return { clock, air, echo };
}

export async function joined(
  options: Partial<AirOptions> = {},
): Promise<ReturnType<typeof setUp> & { link: AirLink; heard: string[] }> {
  const made = setUp(options);
  const link = await made.clock.run(made.air.connect(ADDRESS));
  const heard: string[] = [];
  await made.clock.run(link.subscribe('fff4', bytes => heard.push(Buffer.from(bytes).toString('hex'))));
  return { ...made, link, heard };
}
