// Ties an element to the part of the store that it shows: it renders anew only when that part is another one.
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { State } from './state.ts';
import { store } from './store.ts';

export class Select<const T extends readonly unknown[]> implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #pick: (state: State) => T;
  #deaf: (() => void) | undefined;
  value: T;

  /** `pick` gives a list of values, each compared by identity. */
  constructor(host: ReactiveControllerHost, pick: (state: State) => T) {
    this.#host = host;
    this.#pick = pick;
    this.value = pick(store.state);
    host.addController(this);
  }

  hostConnected(): void {
    this.#look();
    this.#deaf = store.hear(() => this.#look());
  }

  hostDisconnected(): void {
    this.#deaf?.();
  }

  #look(): void {
    const next = this.#pick(store.state);
    if (next.length === this.value.length && next.every((each, index) => Object.is(each, this.value[index]))) return;
    this.value = next;
    this.#host.requestUpdate();
  }
}
