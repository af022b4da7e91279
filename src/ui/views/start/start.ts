// First steps: from nothing to a paired lock. What is missing, and how to get it.
import { html, nothing, type TemplateResult } from 'lit';
import { badge, waiting } from '../../parts/bits.ts';
import { define, Element } from '../../parts/element.ts';
import { icon } from '../../parts/icon.ts';
import { keep } from '../../shell/theme.ts';
import { loadSlow } from '../../state/live.ts';
import { Select } from '../../state/select.ts';
import { checklist, isReady, SKIP_KEY, type Step } from './checklist.ts';

/** What is fixed elsewhere is to be seen here soon. */
const LOOK_MS = 5000;

export class Start extends Element {
  readonly #known = new Select(this, ({ health, locks, session }) => [health, locks.size, session]);
  #timer: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setInterval(() => void (!document.hidden && loadSlow()), LOOK_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  override render(): TemplateResult {
    const [health, locks, session] = this.#known.value;
    if (!health) return waiting();
    const steps = checklist({ health, locks });
    const ready = isReady(steps);
    const next = steps.find(({ done, optional }) => !done && !optional);
    return html`<div class="view start">
      <div class="stack stack-tight">
        <h1>${ready ? 'Everything is set up' : locks > 0 ? 'Nearly there' : 'Let’s get your first lock going'}</h1>
        <p class="lead">
          ${
            ready
              ? 'What is optional can wait, or be left out for good.'
              : 'One thing after the other. You can leave at any time; what is left is kept on the home page.'
          }
        </p>
      </div>
      <ol class="steps">
        ${this.#account(session?.way === 'ingress', session?.who?.name)}
        ${steps.map(step => this.#step(step, step === next))}
      </ol>
      <div class="buttons">
        <button type="button" class="button ${ready ? 'button-primary' : ''}" @click=${() => this.#leave()}>
          ${ready ? 'To your locks' : 'Skip for now'}
        </button>
      </div>
    </div>`;
  }

  #account(ingress: boolean, name: string | undefined): TemplateResult {
    const text = ingress
      ? 'Home Assistant signed you in.'
      : `You are signed in${name === undefined ? '' : ` as ${name}`}.`;
    return this.#step({ id: 'radio', title: 'Your account', text, done: true, optional: false }, false);
  }

  #step(step: Step, next: boolean): TemplateResult {
    const isOpen = !step.done;
    return html`<li class="step ${step.done ? 'step-done' : ''} ${next ? 'step-next' : ''}">
      <span class="step-mark">${step.done ? icon('check') : nothing}</span>
      <div class="step-body">
        <h2>${step.title} ${step.optional ? badge('Optional') : nothing}</h2>
        <p class="row-more"><span class="hidden">${step.done ? 'Done. ' : 'To do. '}</span>${step.text}</p>
        ${isOpen && step.fix !== undefined ? html`<p>${step.fix}</p>` : nothing}
        ${
          step.link && isOpen
            ? html`<div class="buttons">
                <a class="button ${next ? 'button-primary' : ''}" href=${step.link.href}>${step.link.text}</a>
              </div>`
            : nothing
        }
      </div>
    </li>`;
  }

  #leave(): void {
    keep(SKIP_KEY, 'yes');
    this.dispatchEvent(new CustomEvent('skipped', { bubbles: true }));
    location.hash = '#/home';
  }
}
define('lb-start', Start);
