// All flows, those that need somebody first.
import { html, type TemplateResult } from 'lit';
import { badge, empty } from '../../parts/bits.ts';
import { define, Element } from '../../parts/element.ts';
import { flowAt } from '../../shell/routes.ts';
import { Select } from '../../state/select.ts';
import { flowTitle, STATE_WORDS } from '../../text/flow-words.ts';

export class Flows extends Element {
  readonly #known = new Select(this, ({ flows }) => [flows]);

  override render(): TemplateResult {
    const flows = [...this.#known.value[0].values()].toReversed();
    return html`<h1>Flows</h1>
      ${
        flows.length === 0
          ? empty({
              picture: 'flows',
              title: 'Nothing is going on',
              text: 'Work on a lock in several steps shows up here.',
            })
          : html`<ul class="list">
              ${flows.map(
                flow =>
                  html`<li>
                    <a class="row" href=${flowAt(flow.id)}
                      ><span class="row-text">${flowTitle(flow)}</span> ${badge(STATE_WORDS[flow.state])}</a
                    >
                  </li>`,
              )}
            </ul>`
      }`;
  }
}
define('lb-flows', Flows);
