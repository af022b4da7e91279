// A button of the lock that is really held, with a pointer or a key, and measures for how long.
import { html, type TemplateResult } from 'lit';
import { define, Element } from '../../parts/element.ts';

const LOOK_MS = 100;
/** Who held it longer has forgotten it. */
const MOST_S = 60;

export class HandPress extends Element {
  static override properties = { label: {}, disabled: { type: Boolean }, held: { state: true } };
  declare label: string;
  declare disabled: boolean;
  /** Seconds, while it is held. */
  declare held: number | undefined;
  #since = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.label = '';
    this.disabled = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // The step has gone on under the finger: as long as it was held counts.
    this.#release();
  }

  override render(): TemplateResult {
    const held = this.held;
    return html`<button
      type="button"
      class="button hand-press ${held === undefined ? '' : 'hand-press-down'}"
      ?disabled=${this.disabled}
      aria-label="${this.label}: press and hold"
      aria-description="Held for as long as you press it. With a keyboard hold Enter or the space bar."
      @pointerdown=${(event: PointerEvent) => this.#pointer(event)}
      @pointerup=${() => this.#release()}
      @pointercancel=${() => this.#release()}
      @contextmenu=${(event: Event) => event.preventDefault()}
      @keydown=${(event: KeyboardEvent) => this.#key(event, true)}
      @keyup=${(event: KeyboardEvent) => this.#key(event, false)}
      @blur=${() => this.#release()}
    >
      <span class="hand-press-dot" aria-hidden="true"></span>
      <span>${held === undefined ? `${this.label}: press and hold` : `Held ${held.toFixed(1)} s`}</span>
    </button>`;
  }

  #pointer(event: PointerEvent): void {
    if (event.button !== 0) return;
    // The finger may slip off; it is held until it is lifted.
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.#press();
  }

  #key(event: KeyboardEvent, down: boolean): void {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    if (!down) this.#release();
    else if (!event.repeat) this.#press();
  }

  #press(): void {
    if (this.disabled || this.held !== undefined) return;
    this.#since = performance.now();
    this.held = 0;
    this.#timer = setInterval(() => (this.held = this.#seconds()), LOOK_MS);
  }

  #release(): void {
    if (this.held === undefined) return;
    clearInterval(this.#timer);
    const seconds = this.#seconds();
    this.held = undefined;
    this.dispatchEvent(new CustomEvent('held', { detail: seconds, bubbles: true }));
  }

  #seconds(): number {
    return Math.min(MOST_S, Math.round((performance.now() - this.#since) / 100) / 10);
  }
}
define('lb-hand-press', HandPress);
