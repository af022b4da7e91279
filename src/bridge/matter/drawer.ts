// Where the Matter library keeps fabrics, sessions and subscriptions: its storage driver over a port of ours, because its own
// driver keeps a file per value and so can be cut between two that belong together.
import './switches.ts';
import { type Environment, StorageDriver, StorageService, fromJson, toJson } from '@matter/main';
import type { MatterStore } from '../../lock/matter-port.ts';

type Value = ReturnType<typeof fromJson>;

const KIND = 'latchbridge';

/** Whatever this environment keeps goes into the store. */
export function keepIn(environment: Environment, store: MatterStore): void {
  const service = new StorageService(environment);
  service.registerDriver({ id: KIND, create: ({ namespace }) => new Drawer(store, namespace) });
  service.defaultDriver = KIND;
}

class Drawer extends StorageDriver {
  readonly #store: MatterStore;
  readonly #root: string;
  #open = false;

  constructor(store: MatterStore, root: string) {
    super();
    this.#store = store;
    this.#root = root;
  }

  override get initialized(): boolean {
    return this.#open;
  }

  override initialize(): void {
    this.#open = true;
  }

  override close(): void {
    this.#open = false;
  }

  override get(contexts: readonly string[], key: string): Value {
    const text = this.#store.get(this.#place(contexts), key);
    return text === undefined ? undefined : fromJson(text);
  }

  override has(contexts: readonly string[], key: string): boolean {
    return this.#store.get(this.#place(contexts), key) !== undefined;
  }

  override set(contexts: readonly string[], what: string | Record<string, Value>, value?: Value): void {
    const values = typeof what === 'string' ? { [what]: value } : what;
    const texts = Object.entries(values).map(([key, one]) => [key, toJson(one)] as const);
    this.#store.set(this.#place(contexts), Object.fromEntries(texts));
  }

  override values(contexts: readonly string[]): Record<string, Value> {
    return Object.fromEntries(this.keys(contexts).map(key => [key, this.get(contexts, key)]));
  }

  override keys(contexts: readonly string[]): string[] {
    return this.#store.keys(this.#place(contexts));
  }

  /** The words that come next in the places below. */
  override contexts(contexts: readonly string[]): string[] {
    const place = this.#place(contexts);
    const below = this.#store.places(place).filter(one => one !== place);
    return [...new Set(below.map(one => one.slice(place.length + 1).split('.')[0] as string))];
  }

  override delete(contexts: readonly string[], key: string): void {
    this.#store.remove(this.#place(contexts), key);
  }

  override clearAll(contexts: readonly string[]): void {
    this.#store.clear(this.#place(contexts));
  }

  override begin(): StorageDriver.Transaction {
    return new Batch(this, work => this.#store.together(work));
  }

  #place(contexts: readonly string[]): string {
    return [this.#root, ...contexts].join('.');
  }
}

/** Changes of an endpoint in several clusters: all of them or none, and the disk is waited for once. */
class Batch extends StorageDriver.Transaction {
  readonly #drawer: Drawer;
  readonly #together: (work: () => void) => void;
  #work: (() => void)[] = [];

  constructor(drawer: Drawer, together: (work: () => void) => void) {
    super(drawer);
    this.#drawer = drawer;
    this.#together = together;
  }

  override set(contexts: readonly string[], what: string | Record<string, Value>, value?: Value): void {
    this.#work.push(() => this.#drawer.set(contexts, what, value));
  }

  override delete(contexts: readonly string[], key: string): void {
    this.#work.push(() => this.#drawer.delete(contexts, key));
  }

  override clearAll(contexts: readonly string[]): void {
    this.#work.push(() => this.#drawer.clearAll(contexts));
  }

  override commit(): void {
    void super.commit();
    const work = this.#work.splice(0);
    this.#together(() => work.forEach(each => each()));
  }

  protected override rollback(): void {
    this.#work = [];
  }
}
