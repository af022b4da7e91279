// The support bundle: what is known and what was tried, without secrets, to be sent by the person to whom they like.
import { html, nothing, type TemplateResult } from 'lit';
import { define, Element } from '../../parts/element.ts';
import { choice } from '../../parts/field.ts';
import { icon } from '../../parts/icon.ts';
import { save, stamp } from '../../parts/save.ts';
import { attempt } from '../../parts/toast.ts';
import { get, segment } from '../../state/api.ts';
import { Select } from '../../state/select.ts';

export class Support extends Element {
  static override properties = { wanted: { state: true }, text: { state: true }, busy: { state: true } };
  declare wanted: string;
  declare text: string;
  declare busy: boolean;
  readonly #known = new Select(this, ({ locks }) => [locks]);

  constructor() {
    super();
    this.wanted = '';
    this.text = '';
    this.busy = false;
  }

  override render(): TemplateResult {
    const locks = [...this.#known.value[0].values()].map(({ id, name }) => [id, name] as const);
    return html`<div class="stack">
      <section class="card" aria-label="Bundle">
        <p>
          Models, steps with their results and error messages are in it; keys, codes and passwords are not. Read it
          before you send it; Latchbridge sends nothing by itself.
        </p>
        ${choice({
          label: 'About',
          name: 'bundle-lock',
          value: this.wanted,
          options: [['', 'Everything'], ...locks],
          changed: wanted => {
            this.wanted = wanted;
            this.text = '';
          },
        })}
        <div class="buttons">
          <button type="button" class="button button-primary" ?disabled=${this.busy} @click=${() => void this.#make()}>
            ${this.busy ? 'Collecting …' : 'Make the bundle'}
          </button>
          ${
            this.text === ''
              ? nothing
              : html`<button type="button" class="button" @click=${() => this.#save()}>
                  ${icon('download', 'small')}Download it
                </button>`
          }
        </div>
      </section>
      ${
        this.text === ''
          ? nothing
          : html`<section class="card" aria-label="What is in it">
              <h2>What is in it</h2>
              <pre class="document mono" tabindex="0" aria-label="The bundle">${this.text}</pre>
            </section>`
      }
    </div>`;
  }

  async #make(): Promise<void> {
    this.busy = true;
    const about = this.wanted === '' ? '' : `?lock=${segment(this.wanted)}`;
    await attempt(async () => {
      this.text = (await get<{ document: string }>(`api/bundle${about}`)).document;
    });
    this.busy = false;
  }

  #save(): void {
    save(new Blob([this.text], { type: 'text/plain' }), `latchbridge-support-${stamp(Date.now())}.txt`);
  }
}
define('lb-support', Support);
