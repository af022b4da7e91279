// How strongly a lock is heard: bars with words, or a meter with a line from which on pairing is safe.
import { html, svg, type TemplateResult } from 'lit';
import { PAIR_DBM, shareOf, strengthOf } from '../text/signal.ts';
import { define, Element } from './element.ts';
import { vars } from './vars.ts';

const BARS = [
  [4, 15, 5],
  [9, 12, 8],
  [14, 8, 12],
  [19, 4, 16],
] as const;

export class Signal extends Element {
  static override properties = { rssi: { type: Number }, target: { type: Boolean } };
  /** dBm; undefined when it has not been heard. */
  declare rssi: number | undefined;
  declare target: boolean;

  constructor() {
    super();
    this.target = false;
  }

  override render(): TemplateResult {
    const { bars, word, share } = strengthOf(this.rssi);
    if (!this.target) {
      return html`<svg class="icon icon-small signal" viewBox="0 0 24 24" aria-hidden="true">
          ${BARS.map(([x, y, height], index) => {
            return svg`<rect x=${x - 1.2} y=${y} width="2.6" height=${height} rx="1.2" class=${index < bars ? 'signal-on' : 'signal-off'}/>`;
          })}</svg
        ><span>${word}</span>`;
    }
    const enough = this.rssi !== undefined && this.rssi >= PAIR_DBM;
    return html`<span
        class="meter meter-target meter-${enough ? 'good' : 'warn'}"
        role="meter"
        aria-label="Signal"
        aria-valuemin="-100"
        aria-valuemax="-40"
        aria-valuenow=${Math.round(this.rssi ?? -100)}
        aria-valuetext=${`${word}, ${enough ? 'strong enough to pair' : 'too weak to pair safely'}`}
        ><span class="meter-fill" ${vars({ '--share': share })}></span
        ><span class="meter-line" ${vars({ '--at': shareOf(PAIR_DBM) })}></span
      ></span>
      <span class="hint">${word}${enough ? ', strong enough to pair' : '; go nearer with the adapter'}</span>`;
  }
}
define('lb-signal', Signal);
