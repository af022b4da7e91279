// All virtual locks of the demo, each with its hands.
import { html, type TemplateResult } from 'lit';
import { empty } from '../../parts/bits.ts';
import { define, Element } from '../../parts/element.ts';
import { lockAt } from '../../shell/routes.ts';
import { Select } from '../../state/select.ts';
import './panel.ts';

export class HandsPage extends Element {
  readonly #known = new Select(this, ({ locks, session }) => [locks, session]);

  override render(): TemplateResult {
    const [locks, session] = this.#known.value;
    if (session?.demo !== true) {
      const text = 'Hands are for virtual locks. Start a demo to try everything without a door: latchbridge demo.';
      return empty({ picture: 'person', title: 'Only in the demo', text, alone: true });
    }
    return html`<div class="view">
      <div>
        <h1>Hands</h1>
        <p class="lead">Be the person at the door: nothing here touches a real lock.</p>
      </div>
      <div class="hands-all">
        ${[...locks.values()].map(
          ({ name, unit }) =>
            html`<section class="card" aria-label=${name}>
              <div class="card-head">
                <h2>${name}</h2>
                <a class="button button-quiet" href=${lockAt(name)}>${unit.name}</a>
              </div>
              <lb-hands-panel .lock=${name}></lb-hands-panel>
            </section>`,
        )}
      </div>
    </div>`;
  }
}
define('lb-hands', HandsPage);
