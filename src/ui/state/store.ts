// The one place that holds what the page knows. Whoever shows it hears of changes at most once a frame.
import { nothing, type State } from './state.ts';

type Ear = () => void;

export class Store {
  #state: State = nothing;
  readonly #ears = new Set<Ear>();
  #due = false;

  get state(): State {
    return this.#state;
  }

  /** Any number of changes between two frames are told as one. */
  change(how: (state: State) => State): void {
    const next = how(this.#state);
    if (next === this.#state) return;
    this.#state = next;
    if (this.#due) return;
    this.#due = true;
    // A hidden page gets no frames, and is to be right when it is looked at again.
    if (document.hidden) setTimeout(() => this.#tell(), 200);
    else requestAnimationFrame(() => this.#tell());
  }

  /** Puts what the daemon answers into the state, except where events have said newer things meanwhile. */
  async take<T>(ask: Promise<T>, how: (state: State, answer: T, since: number) => State): Promise<T> {
    const since = this.#state.heard;
    const answer = await ask;
    this.change(state => how(state, answer, since));
    return answer;
  }

  hear(ear: Ear): () => void {
    this.#ears.add(ear);
    return () => void this.#ears.delete(ear);
  }

  #tell(): void {
    this.#due = false;
    for (const ear of this.#ears) ear();
  }
}

export const store = new Store();
