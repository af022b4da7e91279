// The MQTT broker: whether it is connected, and where the locks are.
import { html, nothing, type TemplateResult } from 'lit';
import type { MqttView } from '../../api.d.ts';
import { badge, facts, notice } from '../../parts/bits.ts';
import { define, Element } from '../../parts/element.ts';
import { loaded } from '../../parts/loaded.ts';
import { Load } from '../../state/load.ts';

const LOOK_MS = 5000;

export class Mqtt extends Element {
  readonly #view = new Load<MqttView>(this, () => 'api/mqtt');
  #timer: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setInterval(() => void (!document.hidden && this.#view.again()), LOOK_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  override render(): TemplateResult {
    return loaded(this.#view, view => this.#broker(view));
  }

  #broker(view: MqttView): TemplateResult {
    if (!view.used) {
      return notice({
        title: 'No broker is set up.',
        text: 'The page and Matter work without. For Home Assistant install the Mosquitto add-on, or name a broker in the settings (mqtt.url).',
      });
    }
    return html`<section class="card" aria-label="Broker">
      <div class="card-head">
        <h2>Broker</h2>
        ${badge(view.connected ? 'Connected' : 'Not connected', view.connected ? 'good' : 'bad', view.connected ? 'check' : 'warning')}
      </div>
      ${view.reason === undefined ? nothing : notice({ tone: 'bad', text: view.reason })}
      ${
        view.anonymous
          ? notice({
              tone: 'warn',
              text: 'This broker asks for no login: whoever reaches it can open your doors. Give it one.',
            })
          : nothing
      }
      ${facts([
        ['Address', view.broker === undefined ? undefined : html`<span class="mono">${view.broker}</span>`],
        ['Protocol', view.protocol],
        ['Topics begin with', html`<span class="mono">${view.baseTopic}/</span>`],
        ['Discovery under', html`<span class="mono">${view.discoveryPrefix}/</span>`],
      ])}
      <p class="hint">
        Home Assistant finds the locks by itself. Other programs send “LOCK” or “UNLOCK” to
        <code>${view.baseTopic}/NAME/set</code>.
      </p>
    </section>`;
  }
}
define('lb-mqtt', Mqtt);
