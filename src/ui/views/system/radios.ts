// The Bluetooth adapters: whether they work, and what they have done.
import { html, nothing, type TemplateResult } from 'lit';
import type { RadioView } from '../../api.d.ts';
import { badge, facts, notice } from '../../parts/bits.ts';
import { define, Element } from '../../parts/element.ts';
import { loaded } from '../../parts/loaded.ts';
import { Load } from '../../state/load.ts';
import { spanText } from '../../text/time.ts';

const LOOK_MS = 5000;

export class Radios extends Element {
  readonly #list = new Load<{ radios: readonly RadioView[] }>(this, () => 'api/radios');
  #timer: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setInterval(() => void (!document.hidden && this.#list.again()), LOOK_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  override render(): TemplateResult {
    return loaded(this.#list, ({ radios }) =>
      radios.length === 0
        ? notice({
            tone: 'bad',
            text: 'There is no Bluetooth adapter. Plug one in, or run the doctor on the health page.',
          })
        : html`<div class="stack">${radios.map(radio => this.#radio(radio))}</div>`,
    );
  }

  #radio(radio: RadioView): TemplateResult {
    return html`<section class="card" aria-label=${radio.id}>
      <div class="card-head">
        <h2>${radio.id}</h2>
        ${badge(radio.ok ? 'Works' : 'Does not work', radio.ok ? 'good' : 'bad', radio.ok ? 'check' : 'warning')}
      </div>
      <p>${radio.text}</p>
      ${radio.fix === undefined ? nothing : notice({ tone: 'warn', text: radio.fix })}
      ${facts([
        ['Listening', radio.scanning ? 'Yes' : 'Not now'],
        ['Connected locks', `${radio.links} of ${radio.mostLinks} at most`],
        ['Connecting to', radio.connecting],
        ['Last heard anything', radio.silentMs < 2000 ? 'Just now' : `${spanText(radio.silentMs)} ago`],
        ['Adverts heard', radio.adverts.toLocaleString()],
        ['Devices around', radio.addresses.toLocaleString()],
        ['Connections', `${radio.connects.toLocaleString()}, ${radio.failures.toLocaleString()} did not come about`],
        ['Begun anew', `${radio.scanRestarts} times`],
        ['Adapter reset', `${radio.resets} times`],
      ])}
    </section>`;
  }
}
define('lb-radios', Radios);
