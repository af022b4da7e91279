// One flow: what happens and what is asked.
import { html, type TemplateResult } from 'lit';
import { empty } from '../../parts/bits.ts';
import { define, Element } from '../../parts/element.ts';
import { Select } from '../../state/select.ts';
import { flowTitle, STATE_WORDS } from '../../text/flow-words.ts';

export class Flow extends Element {
  static override properties = { flow: {} };
  declare flow: string;
  readonly #known = new Select(this, ({ flows }) => [flows]);

  override render(): TemplateResult {
    const flow = this.#known.value[0].get(this.flow);
    if (!flow) return empty({ picture: 'flows', title: 'No such flow', text: 'It may be long over.' });
    return html`<h1>${flowTitle(flow)}</h1>
      <p>${STATE_WORDS[flow.state]}</p>
      <p>${flow.atStake}</p>`;
  }
}
define('lb-flow', Flow);
