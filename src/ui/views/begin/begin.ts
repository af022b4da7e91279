// Starting a flow: why, a few options, then the whole plan, and only then the button that begins it.
import { html, nothing, type TemplateResult } from 'lit';
import type { CredentialView, FlowType, FlowView, Plan, Reason } from '../../api.d.ts';
import { empty, notice } from '../../parts/bits.ts';
import { define, Element } from '../../parts/element.ts';
import { field } from '../../parts/field.ts';
import { icon } from '../../parts/icon.ts';
import { announce } from '../../parts/toast.ts';
import { flowAt, lockAt } from '../../shell/routes.ts';
import { get, post, segment } from '../../state/api.ts';
import { Refusal, wordsOf } from '../../state/refusal.ts';
import { withFlow } from '../../state/state.ts';
import { store } from '../../state/store.ts';
import { aboutText, flowTitle, REASON_WORDS } from '../../text/flow-words.ts';
import { isNew } from '../../text/lock-words.ts';
import { mayBegin, mayManage } from '../../text/role-words.ts';
import { options } from './options.ts';
import { planView } from './plan-view.ts';
import { emptyWish, isFlowType, overridable, problemOf, reasonsOf, requestOf, type Wish } from './reasons.ts';

export class Begin extends Element {
  static override properties = {
    type: {},
    lock: {},
    reason: {},
    lineage: {},
    wish: { state: true },
    plan: { state: true },
    refusal: { state: true },
    busy: { state: true },
    codes: { state: true },
  };
  declare type: string;
  declare lock: string;
  declare reason: string;
  declare lineage: string;
  declare wish: Wish | undefined;
  /** Of exactly what stands in the form. */
  declare plan: Plan | undefined;
  declare refusal: unknown;
  declare busy: boolean;
  declare codes: readonly CredentialView[];
  #for = '';

  constructor() {
    super();
    this.busy = false;
    this.codes = [];
  }

  protected override willUpdate(): void {
    const wanted = [this.type, this.lock, this.reason, this.lineage].join('/');
    if (wanted === this.#for || !isFlowType(this.type)) return;
    this.#for = wanted;
    const reasons = this.#reasons(this.type);
    const reason = reasons.find(each => each === this.reason) ?? reasons[0];
    this.wish = { ...emptyWish(this.type, this.lock, reason), lineage: this.lineage };
    this.plan = undefined;
    this.refusal = undefined;
    this.codes = [];
    if (this.lock !== '' && (this.type === 'turnover' || this.type === 'rekey')) void this.#loadCodes();
  }

  #reasons(type: FlowType): readonly Reason[] {
    const known = [...store.state.locks.values()].find(({ name }) => name === this.lock);
    return reasonsOf(type, { first: this.lock === '' || (known !== undefined && isNew(known)) });
  }

  /** Those that may stay. A lock without codes has none. */
  async #loadCodes(): Promise<void> {
    const path = `api/locks/${segment(this.lock)}/codes`;
    const found = await get<{ codes: CredentialView[] }>(path).catch(() => ({ codes: [] }));
    this.codes = found.codes;
  }

  override render(): TemplateResult {
    const { wish } = this;
    if (!wish) {
      return empty({
        picture: 'flows',
        alone: true,
        title: 'No such flow',
        text: 'Choose one from the list of flows.',
        more: html`<a class="button" href="#/flows">Flows</a>`,
      });
    }
    if (!mayBegin(store.state.session?.who?.role, wish.type)) {
      const text = 'Ask an owner or a manager to start it; then it is among the flows, and you go on with it there.';
      return empty({ picture: 'flows', title: 'You cannot start this yourself', text, alone: true });
    }
    return html`<div class="view begin">
      <header class="stack stack-tight">
        ${
          wish.lock === ''
            ? html`<a class="back" href="#/flows">${icon('back', 'small')}Flows</a>`
            : html`<a
                class="back"
                href=${lockAt(wish.lock, mayManage(store.state.session?.who?.role) ? 'work' : undefined)}
                >${icon('back', 'small')}${wish.lock}</a
              >`
        }
        <h1>${flowTitle({ type: wish.type, reason: wish.reason })}</h1>
        <p class="lead">${wish.lock === '' ? 'A lock that is new here.' : aboutText(wish)}</p>
      </header>
      ${this.#form(wish)} ${this.#refused(wish)}
      ${this.plan ? html`<div class="card" id="plan" tabindex="-1">${planView(this.plan)} ${this.#start(wish)}</div>` : nothing}
    </div>`;
  }

  #form(wish: Wish): TemplateResult {
    return html`<form
      class="card"
      @submit=${(event: Event) => {
        event.preventDefault();
        void this.#preview();
      }}
    >
      <fieldset>
        <legend>Why?</legend>
        <div class="reasons">${this.#reasons(wish.type).map(reason => this.#reason(wish, reason))}</div>
      </fieldset>
      ${field({
        label: wish.reason === 'other' ? 'Say why' : 'A note, if you like',
        name: 'note',
        value: wish.note,
        longest: 400,
        hint: 'It stands in the record.',
        required: wish.reason === 'other',
        changed: note => this.#change({ note }),
      })}
      ${options(wish, this.codes, some => this.#change(some))}
      <button type="submit" class="button button-big ${this.plan ? '' : 'button-primary'}" ?disabled=${this.busy}>
        ${this.busy && !this.plan ? 'One moment …' : 'Show the plan'}
      </button>
    </form>`;
  }

  #reason(wish: Wish, reason: Reason): TemplateResult {
    return html`<label class="reason">
      <input
        type="radio"
        name="reason"
        value=${reason}
        .checked=${wish.reason === reason}
        @change=${() => this.#change({ reason })}
      />
      <span>${REASON_WORDS[reason]}</span>
    </label>`;
  }

  #change(some: Partial<Wish>): void {
    if (!this.wish) return;
    this.wish = { ...this.wish, ...some };
    // What stands below would be of another wish.
    this.plan = undefined;
    if (!('override' in some)) this.refusal = undefined;
  }

  #refused(wish: Wish): TemplateResult {
    const { refusal } = this;
    const words = refusal === undefined ? '' : typeof refusal === 'string' ? refusal : wordsOf(refusal);
    const rule = refusal instanceof Refusal ? overridable(refusal.reason) : undefined;
    const mayOverride = rule !== undefined && store.state.session?.who?.role === 'owner';
    return html`<div role="alert">
      ${
        words === ''
          ? nothing
          : notice({
              tone: 'bad',
              title: 'Not like this',
              text: words,
              more: mayOverride
                ? field({
                    label: 'As the owner you may go on all the same: say why',
                    name: 'override',
                    value: wish.override?.sentence ?? '',
                    hint: 'It stands in the record. Then show the plan again.',
                    changed: sentence =>
                      this.#change({
                        override: sentence.trim() === '' ? undefined : { rule, sentence: sentence.trim() },
                      }),
                  })
                : nothing,
            })
      }
    </div>`;
  }

  #start(wish: Wish): TemplateResult {
    const erases = (this.plan?.lost.length ?? 0) > 0;
    return html`<div class="flow-answers begin-start">
      <button
        type="button"
        class="button button-big button-primary"
        ?disabled=${this.busy}
        @click=${() => void this.#begin(wish)}
      >
        ${this.busy ? 'One moment …' : 'Start'}
      </button>
      <p class="hint">
        ${erases ? 'Nothing is erased before you have confirmed it once more, at the lock.' : 'You can stop at any time.'}
      </p>
    </div>`;
  }

  async #preview(): Promise<void> {
    const { wish } = this;
    if (!wish) return;
    this.refusal = problemOf(wish);
    if (this.refusal !== undefined) return;
    await this.#busy(async () => {
      this.plan = await post<Plan>('api/flows/preview', requestOf(wish));
      await this.updateComplete;
      this.querySelector<HTMLElement>('#plan')?.focus();
      announce(`The plan is shown. ${this.plan.goal}`);
    });
  }

  async #begin(wish: Wish): Promise<void> {
    await this.#busy(async () => {
      const view = await store.take(post<FlowView>('api/flows', requestOf(wish)), withFlow);
      location.hash = flowAt(view.id);
    });
  }

  async #busy(work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      await work();
    } catch (thrown) {
      this.refusal = thrown;
    }
    this.busy = false;
  }
}
define('lb-begin', Begin);
