// The one or two hands that an instruction is about, right below it: in the demo only.
import { html, nothing, type TemplateResult } from 'lit';
import { define, Element } from '../../parts/element.ts';
import { Select } from '../../state/select.ts';
import { actsFor } from './acts.ts';
import './panel.ts';

export class HandsQuick extends Element {
  static override properties = { lock: {}, step: {} };
  declare lock: string;
  /** Of the flow: what it asks a person to do. */
  declare step: string;
  readonly #known = new Select(this, ({ session }) => [session?.demo === true && session.scope === undefined]);

  constructor() {
    super();
    this.lock = '';
    this.step = '';
  }

  override render(): TemplateResult | typeof nothing {
    const only = actsFor(this.step);
    if (!this.#known.value[0] || this.lock === '' || only.length === 0) return nothing;
    return html`<section class="hand-quick" aria-label="Your hands, in the demo">
      <p class="hint">In the demo this is your hand at the lock:</p>
      <lb-hands-panel .lock=${this.lock} .only=${only}></lb-hands-panel>
    </section>`;
  }
}
define('lb-hands-quick', HandsQuick);
