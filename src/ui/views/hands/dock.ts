// The hands beside a flow or a lock, in the demo only: folded away until somebody wants them.
import { html, nothing, type TemplateResult } from 'lit';
import { define, Element } from '../../parts/element.ts';
import { icon } from '../../parts/icon.ts';
import { Select } from '../../state/select.ts';
import './panel.ts';

const KEY = 'latchbridge.hands';

export class HandsDock extends Element {
  static override properties = { lock: {}, open: { type: Boolean } };
  declare lock: string;
  declare open: boolean;
  readonly #known = new Select(this, ({ session }) => [session?.demo === true && session.scope === undefined]);

  constructor() {
    super();
    this.lock = '';
    const kept = sessionStorage.getItem(KEY);
    // Beside the flow on a desk; below it, and out of the way, on a phone.
    this.open = kept === null ? matchMedia('(min-width: 60rem)').matches : kept === 'open';
  }

  override render(): TemplateResult | typeof nothing {
    if (!this.#known.value[0] || this.lock === '') return nothing;
    return html`<details class="fold dock" ?open=${this.open} @toggle=${(event: Event) => this.#toggled(event)}>
      <summary>
        ${icon('person', 'small')}<span>Your hands at ${this.lock}</span><span class="badge badge-accent">Demo</span>
      </summary>
      ${this.open ? html`<lb-hands-panel .lock=${this.lock}></lb-hands-panel>` : nothing}
    </details>`;
  }

  #toggled(event: Event): void {
    this.open = (event.target as HTMLDetailsElement).open;
    sessionStorage.setItem(KEY, this.open ? 'open' : 'shut');
  }
}
define('lb-hands-dock', HandsDock);
