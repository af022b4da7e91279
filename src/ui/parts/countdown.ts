// Time that runs out, as m:ss. It is not read out each second: what matters is announced by whoever shows it.
import { html, type TemplateResult } from 'lit';
import { countText } from '../text/time.ts';
import { define, Element } from './element.ts';

export class Countdown extends Element {
  static override properties = { until: { type: Number } };
  /** ms since the epoch. */
  declare until: number;
  #timer: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setInterval(() => this.#tick(), 500);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  override render(): TemplateResult {
    return html`<span class="number" role="timer" aria-live="off">${countText(this.until - Date.now())}</span>`;
  }

  #tick(): void {
    this.requestUpdate();
    if (this.until <= Date.now()) this.dispatchEvent(new CustomEvent('over', { bubbles: true }));
  }
}
define('lb-countdown', Countdown);
