// The hands of one virtual lock: a drawing of it, and what a person at the door can do.
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { DemoLock } from '../../api.d.ts';
import { define, Element } from '../../parts/element.ts';
import { post, segment } from '../../state/api.ts';
import { wordsOf } from '../../state/refusal.ts';
import { type ActGroup, actsOf, grouped, type HandAct, isAmong, looksOf, rowsOf, shortLabel } from './acts.ts';
import { demoLocks, hearDemo } from './demo-locks.ts';
import { drawing } from './drawing.ts';
import './press.ts';

/** How long the lamp stays lit after a beep, and a key that was touched. */
const LAMP_MS = 1500;
const AWAKE_MS = 15_000;

/** Seen below their heading, heard without it. */
const UNDER_ITS_HEADING: Readonly<Record<string, TemplateResult>> = {
  batteries_out: html`<span>Take<span class="hidden"> the batteries</span> out</span>`,
  batteries_in: html`<span>Put<span class="hidden"> batteries</span> in</span>`,
};

interface HandAnswer {
  result: { done: boolean; said: string };
}

export class HandsPanel extends Element {
  static override properties = {
    lock: {},
    only: {},
    told: { state: true },
    typed: { state: true },
    said: { state: true },
    busy: { state: true },
    lamp: { state: true },
    awake: { state: true },
    missing: { state: true },
  };
  declare lock: string;
  /** Only these acts, without the drawing. */
  declare only: readonly string[] | undefined;
  declare told: DemoLock | undefined;
  declare typed: Readonly<Record<string, string>>;
  declare said: { text: string; done: boolean } | undefined;
  declare busy: boolean;
  declare lamp: 'off' | 'good' | 'bad';
  declare awake: boolean;
  /** Not among those of the demo, such as a lock that was renamed. */
  declare missing: boolean;
  #timers: ReturnType<typeof setTimeout>[] = [];
  #deaf: (() => void) | undefined;

  constructor() {
    super();
    this.typed = {};
    this.busy = false;
    this.lamp = 'off';
    this.awake = false;
    this.missing = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#deaf = hearDemo(() => void this.#look(false));
    void this.#look(true);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#deaf?.();
    for (const timer of this.#timers) clearTimeout(timer);
  }

  protected override updated(changed: PropertyValues<this>): void {
    // What was said is of another moment.
    if (changed.has('only')) this.said = undefined;
    if (changed.has('lock') && changed.get('lock') !== undefined) void this.#look(true);
  }

  async #look(fresh: boolean): Promise<void> {
    const locks = await demoLocks(fresh);
    this.told = locks?.find(each => each.name === this.lock);
    this.missing = locks !== undefined && this.told === undefined;
  }

  override render(): TemplateResult {
    const { told, only } = this;
    if (!told) return this.missing ? html`<p class="hint">There is no virtual lock of this name.</p>` : html``;
    const acts = actsOf(told);
    if (only) {
      const wanted = acts.filter(act => isAmong(act, only));
      return html`<div class="hand-acts">${wanted.map(act => this.#act(act))}</div>
        ${this.said ? this.#answer() : nothing}`;
    }
    return html`<div class="hands">
      ${drawing(looksOf(told, this.awake), this.lamp)} ${this.#answer()} ${grouped(acts).map(each => this.#group(each))}
    </div>`;
  }

  #answer(): TemplateResult {
    const { said } = this;
    return html`<p class="hand-said ${said?.done === false ? 'hand-said-no' : ''}" role="status">
      ${said ? html`<span class="hidden">The lock: </span>${said.text}` : 'What it does is said here.'}
    </p>`;
  }

  #group({ group, title, acts }: ActGroup): TemplateResult {
    const body = html`<div class="hand-acts">
      ${rowsOf(acts).map(({ title: thing, acts: those }) =>
        thing === undefined
          ? those.map(act => this.#act(act))
          : html`<div class="hand-pair">
              <span>${thing}</span>${those.map(act => this.#act(act, shortLabel(act, thing)))}
            </div>`,
      )}
    </div>`;
    return group === 'mischief'
      ? html`<details class="fold hand-group">
          <summary>${title}</summary>
          ${body}
        </details>`
      : html`<fieldset class="hand-group">
          <legend>${title}</legend>
          ${body}
        </fieldset>`;
  }

  #act(act: HandAct, text: unknown = UNDER_ITS_HEADING[act.act] ?? act.label): TemplateResult {
    if (act.group === 'press') {
      return html`<lb-hand-press
        .label=${act.label}
        .disabled=${this.busy}
        @held=${(event: CustomEvent<number>) => void this.#do({ ...act, value: event.detail })}
      ></lb-hand-press>`;
    }
    if (!act.typed) {
      return html`<button
        type="button"
        class="button"
        aria-label=${typeof text === 'string' ? act.label : nothing}
        ?disabled=${this.busy}
        @click=${() => void this.#do(act)}
      >
        ${text}
      </button>`;
    }
    const { label, digits } = act.typed;
    return html`<form
      class="hand-typed"
      @submit=${(event: Event) => {
        event.preventDefault();
        void this.#do({ ...act, value: this.typed[act.act] ?? '' });
      }}
    >
      <input
        aria-label=${label}
        placeholder=${label}
        inputmode=${digits ? 'numeric' : 'text'}
        autocomplete="off"
        maxlength="20"
        required
        .value=${this.typed[act.act] ?? ''}
        @input=${(event: Event) => (this.typed = { ...this.typed, [act.act]: (event.target as HTMLInputElement).value })}
      />
      <button type="submit" class="button" ?disabled=${this.busy}>${act.label}</button>
    </form>`;
  }

  async #do({ act, value }: HandAct): Promise<void> {
    this.busy = true;
    try {
      const path = `api/demo/${segment(this.lock)}/hand`;
      const { result } = await post<HandAnswer>(path, { act, ...(value === undefined ? {} : { value }) });
      this.said = { text: result.said, done: result.done };
      this.#show(act, result.done);
    } catch (thrown) {
      this.said = { text: wordsOf(thrown), done: false };
    }
    this.busy = false;
    void this.#look(true);
  }

  #show(act: string, done: boolean): void {
    this.lamp = done ? 'good' : 'bad';
    this.#later(LAMP_MS, () => (this.lamp = 'off'));
    if (!done || !['press_key', 'type_code', 'batteries_in', 'hold_reset'].includes(act)) return;
    this.awake = true;
    this.#later(AWAKE_MS, () => (this.awake = false));
  }

  #later(ms: number, work: () => void): void {
    this.#timers.push(setTimeout(work, ms));
  }
}
define('lb-hands-panel', HandsPanel);
