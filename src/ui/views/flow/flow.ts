// One flow: one instruction at a time, where it stands, and what is at stake. Everything shown comes from the daemon anew.
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { FlowView, PublicLine } from '../../api.d.ts';
import { empty, notice, waiting } from '../../parts/bits.ts';
import { define, Element } from '../../parts/element.ts';
import { icon } from '../../parts/icon.ts';
import { announce, attempt } from '../../parts/toast.ts';
import { Refusal, wordsOf } from '../../state/refusal.ts';
import { Select } from '../../state/select.ts';
import { flowTitle } from '../../text/flow-words.ts';
import { linesOf, look, steer } from './acting.ts';
import './answer.ts';
import './clearance.ts';
import './clock.ts';
import './ending.ts';
import './hold-drill.ts';
import { tryOf } from './drill.ts';
import { saidNow } from './findings.ts';
import { mergeLines } from './merge.ts';
import { more, stoppingText } from './more.ts';
import { mayAnswer, type Screen, screenOf, wantsLight, whoText } from './screen.ts';
import { Light } from './signals.ts';
import { endMark, evidence, progress, saidBeside } from './trail.ts';
import '../hands/dock.ts';
import '../hands/quick.ts';
import { howView } from './how.ts';

export class Flow extends Element {
  static override properties = {
    flow: {},
    lines: { state: true },
    problem: { state: true },
    drilling: { state: true },
  };
  declare flow: string;
  declare lines: readonly PublicLine[];
  declare problem: unknown;
  /** The button is being held here: its count stays until it is over, whatever is asked meanwhile. */
  declare drilling: boolean;
  readonly #known = new Select(this, ({ flows, lines, session, connection }) => [
    flows.get(this.flow),
    lines.get(this.flow),
    session,
    connection,
  ]);
  readonly #light = new Light();
  #loaded = '';
  #key = '';
  #isWithin = false;

  constructor() {
    super();
    this.lines = [];
    this.drilling = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('visibilitychange', this.#light.seen);
    document.addEventListener('focusin', this.#touched);
    document.addEventListener('pointerdown', this.#touched);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('visibilitychange', this.#light.seen);
    document.removeEventListener('focusin', this.#touched);
    document.removeEventListener('pointerdown', this.#touched);
    this.#light.want(false);
  }

  protected override willUpdate(): void {
    const [view, heard = [], , connection] = this.#known.value;
    // Another flow, or a connection that came back: what was missed is read anew.
    const wanted = `${this.flow} ${connection}`;
    if (wanted !== this.#loaded && connection === 'live') void this.#load(wanted);
    this.lines = mergeLines(this.lines, heard);
    if (view) this.#light.want(wantsLight(screenOf(view, this.lines), view));
  }

  async #load(wanted: string): Promise<void> {
    if (!this.#loaded.startsWith(`${this.flow} `)) this.lines = [];
    this.#loaded = wanted;
    const flow = this.flow;
    try {
      const [lines] = await Promise.all([linesOf(flow), look(flow)]);
      if (flow === this.flow) this.lines = mergeLines(lines, this.lines);
      this.problem = undefined;
    } catch (thrown) {
      // Asked again when the connection comes back, or by the person; never in a circle.
      this.problem = thrown;
    }
  }

  override render(): TemplateResult {
    const [view] = this.#known.value;
    if (!view) return this.#missing();
    const screen = screenOf(view, this.lines);
    return html`<div class="flow">
      <div class="flow-main">
        <header class="flow-head">
          <p class="flow-name">${flowTitle(view)}</p>
          ${progress(view, this.lines)}
        </header>
        ${this.#stake(view, screen)} ${this.drilling ? nothing : this.#exposure(view)} ${this.#card(view, screen)}
        ${this.drilling ? this.#exposure(view) : nothing}
        ${view.workOrder && screen.mode !== 'ended' ? this.#order(view.workOrder) : nothing}
        ${
          screen.mode === 'ended'
            ? html`<lb-flow-end .view=${view} .lines=${this.lines}></lb-flow-end>`
            : html`${evidence(this.lines)} ${more(view)}`
        }
      </div>
      ${view.lockName === undefined ? nothing : html`<lb-hands-dock .lock=${view.lockName}></lb-hands-dock>`}
    </div>`;
  }

  #missing(): TemplateResult {
    if (this.problem instanceof Refusal && this.problem.status === 404) {
      return empty({
        picture: 'flows',
        alone: true,
        title: 'No such flow',
        text: this.problem.message,
        more: html`<a class="button" href="#/flows">All flows</a>`,
      });
    }
    if (this.problem === undefined) return waiting();
    const again = (): void => void this.#load(this.#loaded);
    const more = html`<button type="button" class="button" @click=${again}>Try again</button>`;
    return notice({ tone: 'bad', text: wordsOf(this.problem), more });
  }

  /** Always there, in one sentence. */
  #stake(view: FlowView, { mode }: Screen): TemplateResult | typeof nothing {
    if (mode === 'ended') return nothing;
    const danger = view.exposure !== undefined || view.pivotAt !== undefined;
    return html`<p class="flow-stake ${danger ? 'flow-stake-forward' : ''}">
      ${icon(danger ? 'warning' : 'info', 'small')}<span
        ><span class="hidden">If it stops now: </span>${view.atStake}</span
      >
    </p>`;
  }

  /** Large, and above what is to be done; only not while somebody counts, whose eyes it would move the count away from. */
  #exposure(view: FlowView): TemplateResult | typeof nothing {
    const { exposure } = view;
    if (!exposure) return nothing;
    return html`<section class="flow-exposed" aria-label="The door is open to others">
      <p class="flow-exposed-title">${icon('warning')}The door is open to others</p>
      <p class="flow-exposed-clock">
        <lb-flow-clock
          .seconds=${exposure.seconds}
          .limit=${exposure.limitSeconds}
          .stamp=${view}
          what="Open to others"
        ></lb-flow-clock>
        <span>of at most ${Math.round(exposure.limitSeconds / 60)} min</span>
      </p>
      <p>Stay at the door: ${exposure.what}.</p>
    </section>`;
  }

  #card(view: FlowView, screen: Screen): TemplateResult {
    const { phrases, mode, prompt } = screen;
    const left = prompt?.expiresInS ?? view.expiresInS;
    const drill = mode === 'hold' || mode === 'count' || this.drilling;
    const title = drill ? 'Hold the reset button' : phrases.lead;
    return html`<section class="flow-card flow-card-${drill ? 'hold' : mode}" aria-label="What to do now">
      <div class="flow-card-top">
        <p class="flow-eyebrow">${drill ? '' : this.#eyebrow(view, screen)}</p>
        ${
          left === undefined || mode === 'ended' || drill
            ? nothing
            : html`<p class="flow-left">
                ${icon('clock', 'small')}<lb-flow-clock
                  .seconds=${left}
                  .stamp=${view}
                  what="Time for this step"
                ></lb-flow-clock>
              </p>`
        }
      </div>
      ${mode === 'ended' ? endMark(view) : nothing}
      <h1 class="flow-lead" tabindex="-1">${title}</h1>
      ${this.#words(view, screen, drill)} ${drill || mode === 'ask' ? this.#hand(view) : nothing}
      ${drill ? this.#drill(view, screen) : this.#acts(view, screen)}
    </section>`;
  }

  #words(view: FlowView, { phrases, mode }: Screen, drill: boolean): TemplateResult | typeof nothing {
    if (this.drilling) return nothing;
    const listens = mode !== 'ended' && mode !== 'clearance';
    const said = listens ? saidBeside(saidNow(this.lines, view.step?.id)) : nothing;
    if (drill || mode === 'clearance') return html`${said}`;
    return html`${said} ${howView(phrases.how)} ${phrases.asides.map(text => html`<p class="flow-aside">${text}</p>`)}`;
  }

  /** In the demo: what the instruction wants of a hand at the door. It stays while it is held, whatever is asked meanwhile. */
  #hand(view: FlowView): TemplateResult {
    return html`<lb-hands-quick .lock=${view.lockName ?? ''} .step=${view.step?.id ?? ''}></lb-hands-quick>`;
  }

  #eyebrow({ step }: FlowView, { mode, prompt }: Screen): string {
    if (mode === 'clearance') return 'The last question';
    if (mode === 'planned' || mode === 'paused' || mode === 'ended') return '';
    if (mode === 'parked') return step ? `Stopped at “${step.title}”` : 'Stopped';
    return prompt && step ? step.title : 'Nothing for you to do now';
  }

  #drill(view: FlowView, { mode, prompt, count }: Screen): TemplateResult {
    const asked = mode === 'hold' ? prompt : undefined;
    return html`<lb-hold-drill
      .prompt=${asked}
      .go=${asked ? tryOf(asked, this.lines) : 1}
      .heard=${count}
      .goingBack=${stoppingText(view)}
      @answering=${(event: CustomEvent<string>) => this.#pressed(event.detail)}
      @refused=${() => (this.drilling = false)}
      @drilled=${() => (this.drilling = false)}
    ></lb-hold-drill>`;
  }

  /** The count is what counts now: it goes to the top, whatever was in sight. */
  #pressed(value: string): void {
    this.drilling = value === 'done';
    if (this.drilling) this.querySelector('.flow-card')?.scrollIntoView({ block: 'start' });
  }

  #acts(view: FlowView, { mode, prompt }: Screen): TemplateResult | typeof nothing {
    if (mode === 'planned') return this.#resume(view, 'Begin');
    if (mode === 'paused') return this.#resume(view, 'Go on');
    if (mode === 'parked') return this.#resume(view, 'Try again');
    if (!prompt) return nothing;
    const role = this.#known.value[2]?.who?.role;
    if (!mayAnswer(prompt, role)) {
      const text = `Only ${whoText(prompt.roles)} can answer this. Ask one to open this flow, or hand it over below.`;
      return notice({ tone: 'warn', text });
    }
    return mode === 'clearance'
      ? html`<lb-flow-clearance .view=${view} .prompt=${prompt} .goingBack=${stoppingText(view)}></lb-flow-clearance>`
      : html`<lb-flow-answer .prompt=${prompt} .goingBack=${stoppingText(view)}></lb-flow-answer>`;
  }

  #resume(view: FlowView, text: string): TemplateResult {
    return html`<div class="flow-answers">
      <button
        type="button"
        class="button button-big button-primary"
        @click=${() => void attempt(() => steer(view.id, 'resume'))}
      >
        ${text}
      </button>
    </div>`;
  }

  #order(order: NonNullable<FlowView['workOrder']>): TemplateResult {
    return notice({
      tone: 'warn',
      title: `Work order for ${order.unit}`,
      text: order.text,
      more: html`${order.bring.length > 0 ? html`<p>Bring: ${order.bring.join(', ')}.</p>` : nothing}
        <p>It takes about ${order.minutes} min. Otherwise: ${order.fallback}</p>`,
    });
  }

  /** Where the person is: a button that was answered with is gone before the next instruction is there. */
  readonly #touched = ({ target }: Event): void => {
    const card = this.querySelector('.flow-card');
    this.#isWithin = target instanceof Node && card?.contains(target) === true;
  };

  /** The focus goes to a new instruction, but never out of something else that a person is in. */
  protected override updated(_changed: PropertyValues): void {
    const [view] = this.#known.value;
    if (!view || this.drilling) return;
    const { key, phrases } = screenOf(view, this.lines);
    const isFirst = this.#key === '';
    if (key === this.#key) return;
    this.#key = key;
    if (isFirst) return;
    const active = document.activeElement;
    const isFree = active === document.body || this.querySelector('.flow-card')?.contains(active) === true;
    if (this.#isWithin && isFree) this.querySelector<HTMLElement>('.flow-lead')?.focus();
    else announce(phrases.lead);
  }
}
define('lb-flow', Flow);
