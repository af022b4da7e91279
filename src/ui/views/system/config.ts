// What is set, where each value comes from, and a change where this page may make it.
import { html, nothing, type TemplateResult } from 'lit';
import type { ConfigSetting, Examination } from '../../api.d.ts';
import { badge, notice } from '../../parts/bits.ts';
import { showDialog } from '../../parts/dialog.ts';
import { define, Element } from '../../parts/element.ts';
import { field, toggle } from '../../parts/field.ts';
import { icon } from '../../parts/icon.ts';
import { loaded } from '../../parts/loaded.ts';
import { toast } from '../../parts/toast.ts';
import { patch } from '../../state/api.ts';
import { Load } from '../../state/load.ts';
import { isMissing } from '../../state/refusal.ts';
import { shownValue, valueOf } from './config-value.ts';

export class Config extends Element {
  static override properties = { text: { state: true }, restart: { state: true } };
  declare text: string;
  /** Something holds only after a restart. */
  declare restart: boolean;
  readonly #list = new Load<{ settings: readonly ConfigSetting[] }>(this, () => 'api/config');
  /** The doctor tells them too, where they cannot be changed from here. */
  readonly #doctor = new Load<Examination>(this, () => (isMissing(this.#list.problem) ? 'api/doctor' : undefined));

  constructor() {
    super();
    this.text = '';
    this.restart = false;
  }

  override render(): TemplateResult {
    return html`<div class="stack">
      ${this.restart ? notice({ tone: 'warn', text: 'Some of it holds after the next start of Latchbridge.' }) : nothing}
      <label class="search-field"
        ><span class="hidden">Search for a setting</span>${icon('search')}
        <input
          type="search"
          placeholder="Search for a setting"
          .value=${this.text}
          @input=${(event: Event) => {
            this.text = (event.target as HTMLInputElement).value;
          }}
      /></label>
      ${
        isMissing(this.#list.problem)
          ? loaded(this.#doctor, ({ settings }) =>
              this.#rows(settings.map(each => ({ ...each, changeable: false, kind: 'text' }))),
            )
          : loaded(this.#list, ({ settings }) => this.#rows(settings))
      }
    </div>`;
  }

  #rows(settings: readonly ConfigSetting[]): TemplateResult {
    const words = this.text.toLowerCase();
    const shown = settings.filter(({ key }) => key.toLowerCase().includes(words));
    return html`<section class="card" aria-label="Settings">
      <ul class="list">
        ${shown.map(
          each =>
            html`<li class="row row-wrap">
              <span class="row-text">
                <span class="row-title mono">${each.key}</span>
                <span>${shownValue(each.value)}</span>
              </span>
              ${badge(each.from === 'default' ? 'as delivered' : `from ${each.from}`, each.from === 'default' ? 'plain' : 'accent')}
              ${
                each.changeable
                  ? html`<button
                      type="button"
                      class="button"
                      aria-label=${`Change ${each.key}`}
                      @click=${() => void this.#change(each)}
                    >
                      Change
                    </button>`
                  : nothing
              }
            </li>`,
        )}
      </ul>
      ${shown.length === 0 ? html`<p class="lead">Nothing is called like that.</p>` : nothing}
    </section>`;
  }

  async #change(each: ConfigSetting): Promise<void> {
    const isSwitch = each.kind === 'boolean';
    const isNumber = each.kind === 'number' || each.kind === 'integer';
    const answer = await showDialog<{ restart: boolean }>({
      title: each.key,
      submit: 'Save',
      body: () =>
        html`${
          isSwitch
            ? toggle({ label: 'On', name: 'value', on: each.value === 'true' })
            : field({
                label: 'Value',
                name: 'value',
                value: shownValue(each.value, ''),
                type: isNumber ? 'number' : 'text',
                autofocus: true,
              })
        }
        ${toggle({ label: 'Back to as delivered', name: 'clear', on: false, hint: 'Then what stands above does not matter.' })}`,
      taken: ({ value, clear }) => {
        const wanted = clear === undefined ? valueOf(value, { isSwitch, isNumber, before: each.value }) : null;
        return patch<{ restart: boolean }>('api/config', { values: { [each.key]: wanted } });
      },
    });
    if (!answer) return;
    this.restart = this.restart || answer.restart;
    toast('Saved.', 'good');
    await this.#list.again();
  }
}
define('lb-config', Config);
