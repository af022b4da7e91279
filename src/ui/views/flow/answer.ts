// The answers to one question: buttons as big as thumbs, or a field where something is typed.
import { html, nothing, type TemplateResult } from 'lit';
import type { Prompt } from '../../api.d.ts';
import { confirm } from '../../parts/dialog.ts';
import { define, Element } from '../../parts/element.ts';
import { field } from '../../parts/field.ts';
import { wordsOf } from '../../state/refusal.ts';
import { answer, drafts } from './acting.ts';
import { isTyped, optionsOf, type ShownOption, type Weight } from './screen.ts';

const LOOKS: Readonly<Record<Weight, string>> = {
  main: 'button-primary',
  choice: '',
  quiet: 'button-quiet',
  stop: 'button-quiet flow-stop',
};

export class FlowAnswer extends Element {
  static override properties = {
    prompt: {},
    goingBack: {},
    sending: { state: true },
    problem: { state: true },
    typed: { state: true },
  };
  declare prompt: Prompt | undefined;
  /** What stopping would mean now. */
  declare goingBack: string;
  /** The value that is on its way. */
  declare sending: string | undefined;
  declare problem: string;
  declare typed: string;
  #shown = '';

  constructor() {
    super();
    this.problem = '';
    this.typed = '';
    this.goingBack = '';
  }

  protected override willUpdate(): void {
    const key = `${this.prompt?.flow} ${this.prompt?.id}`;
    if (key === this.#shown) return;
    this.#shown = key;
    this.problem = '';
    this.sending = undefined;
    const { prompt } = this;
    this.typed = prompt && prompt.secret !== true ? drafts.read(prompt.flow, prompt.id) : '';
  }

  override render(): TemplateResult | typeof nothing {
    const { prompt } = this;
    if (!prompt) return nothing;
    const isChoice = prompt.kind === 'human_choice';
    const many = prompt.options.length > 3 ? 'flow-answers-many' : isChoice ? '' : 'flow-answers-few';
    return html`<div class="flow-answers ${many}">
        ${isTyped(prompt) ? this.#field(prompt) : nothing}
        ${optionsOf(prompt).map(option => this.#option(prompt, option))}
      </div>
      <p class="flow-problem" role="alert" ?hidden=${this.problem === ''}>${this.problem}</p>`;
  }

  #option(prompt: Prompt, option: ShownOption): TemplateResult {
    const sending = this.sending === option.value;
    return html`<button
      type="button"
      class="button button-big ${LOOKS[option.weight]}"
      ?disabled=${this.sending !== undefined}
      @click=${() => void this.#choose(prompt, option)}
    >
      ${sending ? 'One moment …' : option.label}
    </button>`;
  }

  #field(prompt: Prompt): TemplateResult {
    const secret = prompt.secret === true;
    return html`<form
      class="flow-typed"
      autocomplete="off"
      @submit=${(event: Event) => {
        event.preventDefault();
        void this.#send(prompt, this.typed);
      }}
    >
      ${field({
        label: secret ? 'Type it here. It is shown to nobody.' : 'Type it here',
        name: `answer-${prompt.id}`,
        value: this.typed,
        type: secret ? 'password' : 'text',
        // Whatever a lock keeps to itself is made of digits.
        ...(secret && { inputmode: 'numeric' as const }),
        autocomplete: secret ? 'one-time-code' : 'off',
        required: true,
        longest: 256,
        changed: text => this.#type(prompt, text),
      })}
      <button type="submit" class="button button-big button-primary" ?disabled=${this.sending !== undefined}>
        ${this.sending === undefined ? 'Send' : 'One moment …'}
      </button>
    </form>`;
  }

  #type(prompt: Prompt, text: string): void {
    this.typed = text;
    if (prompt.secret !== true) drafts.write(prompt.flow, prompt.id, text);
  }

  async #choose(prompt: Prompt, option: ShownOption): Promise<void> {
    const sure =
      option.weight !== 'stop' ||
      (await confirm({ title: 'Stop here?', text: this.goingBack, yes: 'Stop', danger: true }));
    if (!sure) return;
    this.dispatchEvent(new CustomEvent('answering', { detail: option.value, bubbles: true }));
    await this.#send(prompt, option.value);
  }

  async #send(prompt: Prompt, value: string): Promise<void> {
    if (this.sending !== undefined || value === '') return;
    this.sending = value;
    this.problem = '';
    const { id, flow, challenge } = prompt;
    try {
      await answer(flow, { prompt: id, answer: value, ...(challenge === undefined ? {} : { challenge }) });
      drafts.write(flow, id, '');
      this.typed = '';
    } catch (thrown) {
      this.problem = wordsOf(thrown);
      this.sending = undefined;
      this.dispatchEvent(new CustomEvent('refused', { bubbles: true }));
    }
  }
}
define('lb-flow-answer', FlowAnswer);
