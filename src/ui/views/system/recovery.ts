// The recovery code: shown once, written on paper, typed back.
import { html, type TemplateResult } from 'lit';
import { notice } from '../../parts/bits.ts';
import { fieldsOf } from '../../parts/dialog.ts';
import { define, Element } from '../../parts/element.ts';
import { field } from '../../parts/field.ts';
import { attempt } from '../../parts/toast.ts';
import { post } from '../../state/api.ts';
import { loadSlow } from '../../state/live.ts';
import { wordsOf } from '../../state/refusal.ts';
import { Select } from '../../state/select.ts';

export class Recovery extends Element {
  static override properties = { code: { state: true }, stage: { state: true }, problem: { state: true } };
  declare code: string;
  declare stage: 'begin' | 'shown' | 'typing' | 'done';
  declare problem: string;
  readonly #known = new Select(this, ({ health }) => [health]);

  constructor() {
    super();
    this.code = '';
    this.stage = 'begin';
    this.problem = '';
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.code = '';
    this.stage = 'begin';
  }

  override render(): TemplateResult {
    const parts = this.#known.value[0]?.parts ?? [];
    const isWritten = parts.find(({ name }) => name === 'recovery_code')?.ok === true;
    const isSealed = parts.some(({ name, ok }) => name === 'vault' && !ok);
    return html`<div class="stack">
      ${isSealed ? this.#enter() : ''}
      <section class="card" aria-label="Recovery code">
        ${this.stage === 'begin' ? this.#begin(isWritten) : this.stage === 'shown' ? this.#shown() : this.stage === 'typing' ? this.#typing() : this.#done()}
      </section>
    </div>`;
  }

  #begin(isWritten: boolean): TemplateResult {
    return html`${
        isWritten
          ? notice({ tone: 'good', text: 'Somebody has it on paper and typed it back.' })
          : notice({
              tone: 'warn',
              text: 'Nobody has written it down yet. A dead disk would take the keys of all locks with it.',
            })
      }
      <p>
        The keys of your locks are sealed. With a backup and this code they open on another computer; without it nobody
        can open them, nor can we.
      </p>
      <ol class="numbered">
        <li>Take paper and a pen. Not a photo: phones copy those elsewhere.</li>
        <li>Write the code down and keep it where you keep a spare key.</li>
        <li>Type it back here once, so that it is surely readable.</li>
      </ol>
      <div class="buttons">
        <button type="button" class="button button-primary" @click=${() => void this.#show()}>Show the code</button>
      </div>`;
  }

  #shown(): TemplateResult {
    return html`<h2>Write this down</h2>
      <p class="secret mono recovery-code" tabindex="0" aria-label="Recovery code">${this.code}</p>
      <div class="buttons">
        <button type="button" class="button button-primary" @click=${() => this.#to('typing')}>
          I have written it down
        </button>
        <button type="button" class="button" @click=${() => this.#to('begin')}>Not now</button>
      </div>`;
  }

  #typing(): TemplateResult {
    return html`<h2>Type it back from the paper</h2>
      <form @submit=${(event: SubmitEvent) => void this.#confirm(event)}>
        ${field({
          label: 'Recovery code',
          name: 'code',
          required: true,
          hint: 'Spaces and dashes do not matter.',
          ...(this.problem === '' ? {} : { error: this.problem }),
        })}
        <div class="buttons">
          <button type="submit" class="button button-primary">It is right</button>
          <button type="button" class="button" @click=${() => this.#to('shown')}>Show it again</button>
        </div>
      </form>`;
  }

  #done(): TemplateResult {
    return html`${notice({ tone: 'good', title: 'Well done.', text: 'The paper opens your keys. Keep it away from the computer.' })}
      <div class="buttons"><a class="button" href="#/home">To your locks</a></div>`;
  }

  #enter(): TemplateResult {
    return html`<section class="card" aria-label="Open the keys">
      ${notice({ tone: 'bad', title: 'The keys are sealed.', text: 'This is another computer than before. Type the recovery code from your paper.' })}
      <form
        @submit=${(event: SubmitEvent) => {
          event.preventDefault();
          const code = fieldsOf(event.target as HTMLFormElement)['sealed-code'] ?? '';
          void attempt(() => post('api/recovery_code/enter', { code }), 'The keys are open.').then(() => loadSlow());
        }}
      >
        ${field({ label: 'Recovery code from the paper', name: 'sealed-code', required: true })}
        <div class="buttons"><button type="submit" class="button button-primary">Open the keys</button></div>
      </form>
    </section>`;
  }

  #to(stage: Recovery['stage']): void {
    this.stage = stage;
    this.problem = '';
  }

  async #show(): Promise<void> {
    await attempt(async () => {
      this.code = (await post<{ code: string }>('api/recovery_code/show')).code;
      this.stage = 'shown';
    });
  }

  async #confirm(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const { code = '' } = fieldsOf(event.target as HTMLFormElement);
    try {
      await post('api/recovery_code/confirm', { code });
      this.code = '';
      this.#to('done');
      await loadSlow();
    } catch (thrown) {
      this.problem = wordsOf(thrown);
    }
  }
}
define('lb-recovery', Recovery);
