// What a view fetches for itself: fetched when its address changes or somebody asks, and drawn when it is there.
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { get } from './api.ts';

export class Load<T> implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #path: () => string | undefined;
  #loaded: string | undefined;
  #turn = 0;
  value: T | undefined;
  /** Why there is no value, or why it is the old one. */
  problem: unknown;
  loading = false;

  /** `path` of undefined: nothing to fetch now. */
  constructor(host: ReactiveControllerHost, path: () => string | undefined) {
    this.#host = host;
    this.#path = path;
    host.addController(this);
  }

  hostUpdate(): void {
    const path = this.#path();
    if (path === this.#loaded) return;
    this.#loaded = path;
    this.value = undefined;
    this.problem = undefined;
    if (path !== undefined) void this.again();
  }

  /** Fetches anew; what is shown stays until the answer is there. A later call makes an earlier one void. */
  async again(): Promise<void> {
    const path = this.#path();
    if (path === undefined) return;
    this.#turn += 1;
    const turn = this.#turn;
    this.loading = true;
    this.#host.requestUpdate();
    try {
      const value = await get<T>(path);
      if (turn !== this.#turn) return;
      this.value = value;
      this.problem = undefined;
    } catch (thrown) {
      if (turn !== this.#turn) return;
      this.problem = thrown;
    }
    this.loading = false;
    this.#host.requestUpdate();
  }

  /** What a change answered with is the newest. */
  take(value: T): void {
    this.#turn += 1;
    this.value = value;
    this.problem = undefined;
    this.loading = false;
    this.#host.requestUpdate();
  }
}
