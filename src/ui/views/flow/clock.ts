// Clocks that tick by themselves between two looks: time left, and how long a door has been open to others.
import { html, type PropertyValues, type TemplateResult } from 'lit';
import { define, Element } from '../../parts/element.ts';
import { announce } from '../../parts/toast.ts';
import { clockText, clockWords, readOut, secondsLeft, secondsPast, urgencyOf } from './clocks.ts';

const LOOK_MS = 500;

export class FlowClock extends Element {
  static override properties = {
    seconds: { type: Number },
    limit: { type: Number },
    what: {},
    stamp: { attribute: false },
    now: { state: true },
  };
  /** left: seconds to go. With a `limit` it counts up to that. */
  declare seconds: number;
  declare limit: number | undefined;
  /** What runs out, for screen readers. */
  declare what: string;
  /** What the number came with: with another one the clock is set anew. */
  declare stamp: unknown;
  declare now: number;
  #since = 0;
  #timer: ReturnType<typeof setInterval> | undefined;
  #left = Number.POSITIVE_INFINITY;

  constructor() {
    super();
    this.seconds = 0;
    this.what = '';
    this.now = performance.now();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setInterval(() => (this.now = performance.now()), LOOK_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('stamp')) return;
    this.now = performance.now();
    this.#since = this.now;
  }

  override render(): TemplateResult {
    const told = { seconds: this.seconds, since: this.#since };
    const past = this.limit === undefined ? undefined : secondsPast(told, this.now);
    const left = this.limit === undefined ? secondsLeft(told, this.now) : this.limit - (past ?? 0);
    this.#read(left);
    const shown = clockText(past ?? left);
    const words = past === undefined ? `${clockWords(left)} left` : clockWords(past);
    // The text changes each second; it is read where somebody goes to it, and called out only now and then.
    return html`<span
      class="clock clock-${urgencyOf(left)}"
      role="timer"
      aria-live="off"
      aria-label="${this.what}: ${words}"
      >${shown}</span
    >`;
  }

  #read(left: number): void {
    const mark = readOut(this.#left, left);
    this.#left = left;
    if (mark !== undefined) announce(`${this.what}: ${clockWords(mark)} left.`);
  }
}
define('lb-flow-clock', FlowClock);
