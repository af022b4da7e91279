// A button for what should not happen by a touch in a pocket: press and hold. A key that is held does the same; so does
// pressing twice, for keyboards, switches and screen readers that cannot hold.
import { html, type TemplateResult } from 'lit';
import { define, Element } from './element.ts';
import { icon, type IconName } from './icon.ts';
import { announce } from './toast.ts';

/** Long enough that no pocket does it, short enough for somebody with bags in the other hand. */
const HOLD_MS = 800;
/** How long the second press may take. */
const ARMED_MS = 6000;

export class HoldButton extends Element {
  static override properties = {
    label: {},
    name: {},
    picture: {},
    look: {},
    disabled: { type: Boolean },
    hold: { state: true },
  };
  /** What is written on it; `name`: what it is called for screen readers, with the lock's name in it. */
  declare label: string;
  declare name: string;
  declare picture: IconName | undefined;
  declare look: 'primary' | 'plain' | 'danger';
  declare disabled: boolean;
  declare hold: 'idle' | 'holding' | 'armed' | 'short';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #byPointer = false;

  constructor() {
    super();
    this.label = '';
    this.name = '';
    this.look = 'primary';
    this.disabled = false;
    this.hold = 'idle';
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  override render(): TemplateResult {
    const name = this.name === '' ? this.label : this.name;
    return html`<button
      type="button"
      class="button hold button-${this.look} hold-${this.hold}"
      ?disabled=${this.disabled}
      aria-label=${this.hold === 'idle' ? name : `${name}: ${this.#words()}`}
      aria-description="Press and hold. With a keyboard hold Enter, or press it twice."
      @pointerdown=${(event: PointerEvent) => this.#down(event)}
      @pointerup=${() => this.#up()}
      @pointercancel=${() => this.#up()}
      @pointerleave=${() => this.#up()}
      @contextmenu=${(event: Event) => event.preventDefault()}
      @keydown=${(event: KeyboardEvent) => this.#keyDown(event)}
      @keyup=${(event: KeyboardEvent) => this.#keyUp(event)}
      @blur=${() => this.#release()}
      @click=${() => this.#clicked()}
    >
      <span class="hold-fill" aria-hidden="true"></span>
      ${this.picture && this.hold === 'idle' ? icon(this.picture) : undefined}
      <span class="hold-label">${this.#words()}</span>
    </button>`;
  }

  #words(): string {
    if (this.hold === 'holding') return 'Keep holding';
    if (this.hold === 'armed') return 'Press again';
    if (this.hold === 'short') return 'Hold to act';
    return this.label;
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.#byPointer = true;
    this.#begin();
  }

  #up(): void {
    if (this.hold === 'holding') this.#rest('short', 1600);
  }

  #keyDown(event: KeyboardEvent): void {
    if (event.key === 'Escape') return this.#release();
    if (event.key !== 'Enter' && event.key !== ' ') return;
    // The click of a keyboard is ours to make: Enter would click again and again while it is held.
    event.preventDefault();
    if (event.repeat) return;
    if (this.hold === 'armed') return this.#act();
    this.#byPointer = false;
    this.#begin();
  }

  #keyUp(event: KeyboardEvent): void {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    if (this.hold === 'holding') this.#arm();
  }

  /** Only what neither pointer nor key explains: a screen reader, a switch, a voice. */
  #clicked(): void {
    if (this.#byPointer) {
      this.#byPointer = false;
      return;
    }
    if (this.hold === 'armed') this.#act();
    else this.#arm();
  }

  #begin(): void {
    clearTimeout(this.#timer);
    this.hold = 'holding';
    this.#timer = setTimeout(() => this.#act(), HOLD_MS);
  }

  #arm(): void {
    announce(`Press again to confirm: ${this.name === '' ? this.label : this.name}.`);
    this.#rest('armed', ARMED_MS);
  }

  #rest(how: 'short' | 'armed', ms: number): void {
    clearTimeout(this.#timer);
    this.hold = how;
    this.#timer = setTimeout(() => this.#release(), ms);
  }

  #release(): void {
    clearTimeout(this.#timer);
    this.hold = 'idle';
  }

  #act(): void {
    this.#release();
    if (this.disabled) return;
    navigator.vibrate?.(20);
    this.dispatchEvent(new CustomEvent('act', { bubbles: true }));
  }
}
define('lb-hold-button', HoldButton);
