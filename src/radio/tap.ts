// A shared radio to which somebody can listen along: what one lock says and is told, while everything works as without.
import type { Clock } from '../base/clock.ts';
import type { Advert, ConnectHow, Link, RadioState, SharedRadio } from './radio.ts';

/** `at` is Clock.elapsed(); `link` counts connections. Bytes are as on the air: the driver says what is secret in them. */
export type Traffic = { at: number } & (
  | { kind: 'advert'; advert: Advert }
  | { kind: 'opened'; link: number; mtu: number }
  | { kind: 'wrote' | 'heard'; link: number; characteristic: string; bytes: Uint8Array }
  | { kind: 'closed'; link: number }
);

interface Listener {
  /** Asked each time: the address of a lock may change. */
  address: () => string;
  ear: (traffic: Traffic) => void;
}

export class Tap implements SharedRadio {
  readonly #radio: SharedRadio;
  readonly #clock: Clock;
  readonly #listeners = new Set<Listener>();
  readonly #all = new Set<(address: string, traffic: Traffic) => void>();
  #links = 0;

  constructor(radio: SharedRadio, clock: Clock) {
    this.#radio = radio;
    this.#clock = clock;
  }

  /** The ear must not throw; the answer stops it. A link that is open already is heard from now on. */
  listen(address: () => string, ear: (traffic: Traffic) => void): () => void {
    const listener = { address, ear };
    this.#listeners.add(listener);
    const deaf = this.#radio.hear(advert => {
      if (advert.address === address()) ear({ at: this.#clock.elapsed(), kind: 'advert', advert });
    });
    return () => {
      deaf();
      this.#listeners.delete(listener);
    };
  }

  /** What goes over every link; no adverts. The ear must not throw; the answer stops it. */
  hearAll(ear: (address: string, traffic: Traffic) => void): () => void {
    this.#all.add(ear);
    return () => void this.#all.delete(ear);
  }

  hear(ear: (advert: Advert) => void): () => void {
    return this.#radio.hear(ear);
  }

  state(): RadioState {
    return this.#radio.state();
  }

  hearState(ear: (state: RadioState) => void): () => void {
    return this.#radio.hearState(ear);
  }

  async connect(address: string, how: ConnectHow): Promise<Link> {
    const link = await this.#radio.connect(address, how);
    const number = ++this.#links;
    const tell = (what: Told): void => this.#tell(address, { ...what, link: number });
    tell({ kind: 'opened', mtu: link.mtu });
    void link.closed.then(() => tell({ kind: 'closed' }));
    return listened(link, tell);
  }

  #tell(address: string, what: Told & { link: number }): void {
    const at = this.#clock.elapsed();
    for (const ear of this.#all) ear(address, { at, ...what });
    for (const listener of this.#listeners) if (listener.address() === address) listener.ear({ at, ...what });
  }
}

type Told =
  | { kind: 'opened'; mtu: number }
  | { kind: 'wrote' | 'heard'; characteristic: string; bytes: Uint8Array }
  | { kind: 'closed' };

/** A write is told before it is done: its answer may come at once. */
function listened(link: Link, tell: (what: Told) => void): Link {
  return {
    get mtu() {
      return link.mtu;
    },
    closed: link.closed,
    write(characteristic, bytes, how) {
      tell({ kind: 'wrote', characteristic, bytes: bytes.slice() });
      return link.write(characteristic, bytes, how);
    },
    read: characteristic => link.read(characteristic),
    subscribe: (characteristic, heard) =>
      link.subscribe(characteristic, bytes => {
        tell({ kind: 'heard', characteristic, bytes: bytes.slice() });
        heard(bytes);
      }),
    close: () => link.close(),
  };
}
