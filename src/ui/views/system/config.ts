// What is set, where each value comes from, and a change where this page may make it.
import { html, nothing, type TemplateResult } from 'lit';
import type { ConfigSetting } from '../../api.d.ts';
import { badge, notice } from '../../parts/bits.ts';
import { showDialog } from '../../parts/dialog.ts';
import { define, Element } from '../../parts/element.ts';
import { choice, field, toggle } from '../../parts/field.ts';
import { icon } from '../../parts/icon.ts';
import { loaded } from '../../parts/loaded.ts';
import { toast } from '../../parts/toast.ts';
import { patch } from '../../state/api.ts';
import { Load } from '../../state/load.ts';
import { Select } from '../../state/select.ts';
import { shownValue, typedValue, valueOf } from './config-value.ts';
import { restart } from './restart.ts';

export class Config extends Element {
  static override properties = { text: { state: true } };
  declare text: string;
  readonly #list = new Load<{ settings: readonly ConfigSetting[] }>(this, () => 'api/config');
  readonly #known = new Select(this, ({ session, connection }) => [session?.who?.role, connection]);
  #wasLost = false;

  constructor() {
    super();
    this.text = '';
  }

  /** Started anew, other values count. */
  override updated(): void {
    const lost = this.#known.value[1] === 'lost';
    if (this.#wasLost && !lost) void this.#list.again();
    this.#wasLost = lost;
  }

  override render(): TemplateResult {
    return html`<div class="stack">
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
      ${loaded(this.#list, ({ settings }) => html`${this.#waiting(settings)}${this.#rows(settings)}`)}
      ${this.#isOwner ? restartCard() : nothing}
    </div>`;
  }

  get #isOwner(): boolean {
    return this.#known.value[0] === 'owner';
  }

  #waiting(settings: readonly ConfigSetting[]): TemplateResult | typeof nothing {
    if (settings.every(({ next }) => next === undefined)) return nothing;
    return notice({
      tone: 'warn',
      text: 'Some of it counts from the next start of Latchbridge.',
      ...(this.#isOwner && { more: html`<div class="buttons">${restartButton('Restart now')}</div>` }),
    });
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
                <span>${shownValue(each.value, each.kind)}</span>
                ${each.next === undefined ? nothing : html`<span class="hint">${nextText(each)}</span>`}
              </span>
              ${badge(originText(each.from), each.from === 'default' || each.from === 'not set' ? 'plain' : 'accent')}
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
    const answer = await showDialog<{ restart: boolean }>({
      title: each.key,
      submit: 'Save',
      body: () =>
        html`${valueField(each)}
        ${
          each.from === 'page' || each.next !== undefined
            ? toggle({
                label: 'Take back what was set here',
                name: 'clear',
                on: false,
                hint: 'Then the settings file counts again, or what was delivered.',
              })
            : nothing
        }`,
      taken: ({ value, clear }) =>
        patch<{ restart: boolean }>('api/config', {
          values: { [each.key]: clear === undefined ? valueOf(value, each.kind) : null },
        }),
    });
    if (!answer) return;
    toast(answer.restart ? 'Saved. It counts from the next start of Latchbridge.' : 'Saved.', 'good');
    await this.#list.again();
  }
}
define('lb-config', Config);

function restartButton(text: string): TemplateResult {
  return html`<button type="button" class="button" @click=${() => void restart()}>
    ${icon('refresh', 'small')}${text}
  </button>`;
}

function restartCard(): TemplateResult {
  return html`<section class="card" aria-label="Restart">
    <div class="row-text">
      <h2>Restart</h2>
      <p class="row-more">You see first what comes of it for doors and flows, and who starts it again.</p>
    </div>
    <div class="buttons">${restartButton('Restart …')}</div>
  </section>`;
}

function nextText({ next = '', value, kind }: ConfigSetting): string {
  return next === value ? 'A new one counts from the next start.' : `From the next start: ${shownValue(next, kind)}`;
}

function originText(from: string): string {
  if (from === 'default') return 'as delivered';
  if (from === 'not set') return from;
  return from === 'page' ? 'set here' : `from ${from}`;
}

function valueField({ kind, words, value, next }: ConfigSetting): TemplateResult {
  const before = next ?? value;
  const shape = { label: 'Value', name: 'value' };
  if (kind === 'boolean') return toggle({ label: 'On', name: 'value', on: before === 'true' });
  if (kind === 'enum') return choice({ ...shape, value: before, options: (words ?? []).map(word => [word, word]) });
  return field({
    ...shape,
    value: typedValue(before, kind),
    type: kind === 'secret' ? 'password' : kind === 'number' ? 'number' : 'text',
    autofocus: true,
    ...(kind === 'secret' && { autocomplete: 'new-password' }),
    ...(kind === 'list' && { hint: 'Several with commas between them.' }),
  });
}
