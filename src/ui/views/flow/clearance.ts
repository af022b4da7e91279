// The last question: what is lost, what will be true afterwards, what a yes also says, and four digits to be typed.
import { html, nothing, type TemplateResult } from 'lit';
import type { FlowView, Prompt } from '../../api.d.ts';
import { confirm } from '../../parts/dialog.ts';
import { define, Element } from '../../parts/element.ts';
import { icon } from '../../parts/icon.ts';
import { wordsOf } from '../../state/refusal.ts';
import { answer } from './acting.ts';
import { whoText } from './screen.ts';

export class Clearance extends Element {
  static override properties = {
    view: {},
    prompt: {},
    goingBack: {},
    typed: { state: true },
    sending: { state: true },
    problem: { state: true },
  };
  declare view: FlowView | undefined;
  declare prompt: Prompt | undefined;
  declare goingBack: string;
  declare typed: string;
  declare sending: boolean;
  declare problem: string;
  #shown = '';

  constructor() {
    super();
    this.typed = '';
    this.sending = false;
    this.problem = '';
    this.goingBack = '';
  }

  protected override willUpdate(): void {
    const key = `${this.prompt?.flow} ${this.prompt?.id} ${this.prompt?.challenge}`;
    if (key === this.#shown) return;
    this.#shown = key;
    // Other digits are another question; why they changed stays readable.
    this.typed = '';
    this.sending = false;
  }

  override render(): TemplateResult | typeof nothing {
    const { view, prompt } = this;
    if (!view || !prompt) return nothing;
    const { lost, exposure, restore, goal } = view.plan;
    return html`<div class="flow-clear">
      <p class="flow-how">${goal}</p>
      ${list('Lost for good', lost, 'close')}
      ${exposure.limitSeconds > 0 ? list('Afterwards', [sentence(exposure.what)], 'warning') : nothing}
      ${restore === 'forbidden' ? list('Not put back', ['What is erased stays erased.'], 'info') : nothing}
      ${list('With your yes you also say', prompt.says ?? [], 'person')}
      <p class="hint">Only ${whoText(prompt.roles)} can confirm this. Your name stands in the record.</p>
      ${prompt.challenge === undefined ? nothing : this.#digits(prompt.challenge)}
      <div class="flow-answers">${this.#buttons(prompt)}</div>
      <p class="flow-problem" role="alert" ?hidden=${this.problem === ''}>${this.problem}</p>
    </div>`;
  }

  #digits(challenge: string): TemplateResult {
    return html`<div class="flow-digits">
      <label for="challenge">Type <strong class="flow-digits-shown">${challenge}</strong> to confirm</label>
      <input
        id="challenge"
        class="flow-digits-field"
        name="challenge"
        inputmode="numeric"
        autocomplete="off"
        maxlength="4"
        placeholder="····"
        .value=${this.typed}
        aria-invalid=${this.#isWrong(challenge) ? 'true' : nothing}
        aria-describedby="challenge-told"
        @input=${(event: Event) => (this.typed = (event.target as HTMLInputElement).value.replace(/\D/g, ''))}
        @keydown=${(event: KeyboardEvent) => {
          if (event.key === 'Enter' && this.#fits(challenge)) void this.#yes();
        }}
      />
      <p id="challenge-told" class=${this.#isWrong(challenge) ? 'hint hint-error' : 'hint'}>
        ${
          this.#isWrong(challenge)
            ? `That is not the number. Type ${challenge}.`
            : 'So that nothing is erased by a touch in a pocket.'
        }
      </p>
    </div>`;
  }

  #buttons(prompt: Prompt): TemplateResult[] {
    const yes = prompt.options.find(option => option.means === 'yes');
    return [
      ...(yes
        ? [
            html`<button
              type="button"
              class="button button-big button-erase"
              ?disabled=${this.sending || !this.#fits(prompt.challenge)}
              @click=${() => void this.#yes()}
            >
              ${this.sending ? 'One moment …' : yes.label}
            </button>`,
          ]
        : []),
      ...prompt.options
        .filter(option => option !== yes)
        .map(
          option =>
            html`<button
              type="button"
              class="button button-big button-quiet flow-stop"
              ?disabled=${this.sending}
              @click=${() => void this.#no(option.value)}
            >
              ${option.label}
            </button>`,
        ),
    ];
  }

  #fits(challenge: string | undefined): boolean {
    return challenge === undefined || this.typed === challenge;
  }

  #isWrong(challenge: string): boolean {
    return this.typed.length === 4 && this.typed !== challenge;
  }

  async #yes(): Promise<void> {
    const yes = this.prompt?.options.find(option => option.means === 'yes');
    if (yes) await this.#send(yes.value, this.typed);
  }

  async #no(value: string): Promise<void> {
    if (await confirm({ title: 'Stop here?', text: this.goingBack, yes: 'Stop', danger: true }))
      await this.#send(value);
  }

  async #send(value: string, challenge?: string): Promise<void> {
    const { prompt } = this;
    if (!prompt || this.sending) return;
    this.sending = true;
    this.problem = '';
    const given = challenge === undefined || challenge === '' ? {} : { challenge };
    try {
      await answer(prompt.flow, { prompt: prompt.id, answer: value, ...given });
    } catch (thrown) {
      this.problem = wordsOf(thrown);
    }
    this.sending = false;
  }
}
define('lb-flow-clearance', Clearance);

function list(title: string, lines: readonly string[], picture: 'close' | 'warning' | 'info' | 'person'): unknown {
  if (lines.length === 0) return nothing;
  return html`<section class="flow-fact flow-fact-${picture}">
    <h2>${title}</h2>
    <ul>
      ${lines.map(line => html`<li>${icon(picture, 'small')}<span>${sentence(line)}</span></li>`)}
    </ul>
  </section>`;
}

function sentence(text: string): string {
  const upper = text.slice(0, 1).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(upper) ? upper : `${upper}.`;
}
