// How a flow ended: what was proved and by whom, what could still open the door, the signed record, and what to do next.
import { html, nothing, type TemplateResult } from 'lit';
import type { FlowView, PublicLine } from '../../api.d.ts';
import { badge, facts, notice } from '../../parts/bits.ts';
import { define, Element } from '../../parts/element.ts';
import { icon } from '../../parts/icon.ts';
import { attempt } from '../../parts/toast.ts';
import { beginAt, lockAt } from '../../shell/routes.ts';
import { get, segment } from '../../state/api.ts';
import { store } from '../../state/store.ts';
import { personText } from '../../text/audit-words.ts';
import { mayBegin } from '../../text/role-words.ts';
import { momentText, spanText } from '../../text/time.ts';
import { byGrade, findingsOf, type Graded, splitAt } from './findings.ts';
import { isOpenToAll, nextOf } from './next.ts';
import { parseRecord, type RecordShape, recordView } from './record.ts';
import { gradeBadge } from './trail.ts';

export class FlowEnd extends Element {
  static override properties = { view: {}, lines: {}, record: { state: true } };
  declare view: FlowView | undefined;
  declare lines: readonly PublicLine[];
  declare record: { document: string; shape: RecordShape } | undefined;

  constructor() {
    super();
    this.lines = [];
  }

  override render(): TemplateResult | typeof nothing {
    const { view } = this;
    if (!view) return nothing;
    return html`<div class="flow-end">
      ${this.#open(view)} ${this.#advice(view)} ${this.#next(view)} ${this.#left(view)} ${this.#proved(view)}
      ${this.#record(view)} ${this.#facts(view)}
    </div>`;
  }

  /** Nobody owns it now: that is what was wanted, and what must not be forgotten. */
  #open(view: FlowView): TemplateResult | typeof nothing {
    if (!isOpenToAll(view)) return nothing;
    const title = 'Until it is paired again';
    return notice({ tone: 'warn', title, text: `Take care of the door: ${view.plan.exposure.what}.` });
  }

  /** What a diagnosis is made for; the last word is the main one. */
  #advice({ type, progress, plan }: FlowView): TemplateResult | typeof nothing {
    // It began by saying what it is for.
    const advice = progress.filter(text => !text.startsWith(plan.goal));
    if (type !== 'diagnose' || advice.length === 0) return nothing;
    return html`<section class="card" aria-label="What to do">
      <h2>What to do</h2>
      <ol class="flow-bullets flow-advice">
        ${advice.toReversed().map(text => html`<li>${text}</li>`)}
      </ol>
    </section>`;
  }

  #next(view: FlowView): TemplateResult | typeof nothing {
    const { who, scope } = store.state.session ?? {};
    // A link is for its flow alone: there is nothing else to go to.
    if (scope) return nothing;
    const steps = nextOf(view).filter(({ to }) => to.kind !== 'begin' || mayBegin(who?.role, to.type));
    return html`<div class="flow-answers">
      ${steps.map(
        (step, index) =>
          html`<a class="button button-big ${index === 0 ? 'button-primary' : ''}" href=${hrefOf(view, step.to)}
            >${step.text}</a
          >`,
      )}
    </div>`;
  }

  #left({ residuals }: FlowView): TemplateResult | typeof nothing {
    if (residuals.length === 0) return nothing;
    return html`<section class="card flow-residuals" aria-label="Left over">
      <h2>${icon('warning')} What is left over, or was not tried</h2>
      <ul class="flow-bullets">
        ${residuals.map(
          ({ text, until }) =>
            html`<li>
              ${text}${until === undefined ? nothing : html` <span class="hint">Until ${momentText(until)}.</span>`}
            </li>`,
        )}
      </ul>
    </section>`;
  }

  /** What holds from now on first; what was looked at on the way is opened by who wants it. */
  #proved(view: FlowView): TemplateResult | typeof nothing {
    const { after, before } = splitAt(view.plan.steps, findingsOf(this.lines));
    if (after.length + before.length === 0) return nothing;
    return html`<section class="card" aria-label="What is known">
      <h2>What is known, and from whom</h2>
      ${byGrade(after).map((group, index) => graded(group, index === 0))}
      ${
        before.length === 0
          ? nothing
          : html`<details class="fold flow-graded">
              <summary>Looked at before ${badge(String(before.length))}</summary>
              <ul class="flow-bullets">
                ${before.map(({ text, grade, by }) => html`<li>${text} ${gradeBadge(grade, by)}</li>`)}
              </ul>
            </details>`
      }
    </section>`;
  }

  #record(view: FlowView): TemplateResult | typeof nothing {
    if (view.record === undefined) return nothing;
    const { record } = this;
    return html`<section class="card" aria-label="The record">
      <h2>The signed record</h2>
      <p class="lead">
        What was erased, how surely, and who could still get in. It is signed by this Latchbridge; nobody can change a
        word of it unseen.
      </p>
      ${record ? recordView(record.shape) : nothing}
      <div class="buttons">
        ${
          record
            ? nothing
            : html`<button type="button" class="button" @click=${() => void attempt(() => this.#fetch(view))}>
                ${icon('search', 'small')}Look at it
              </button>`
        }
        <button type="button" class="button" @click=${() => void attempt(() => this.#download(view))}>
          ${icon('download', 'small')}Download it
        </button>
      </div>
    </section>`;
  }

  async #fetch(view: FlowView): Promise<{ document: string; shape: RecordShape }> {
    const { document } = await get<{ document: string }>(`api/records/${segment(view.record ?? view.id)}`);
    this.record = { document, shape: parseRecord(document) };
    return this.record;
  }

  /** As it was signed, byte by byte. */
  async #download(view: FlowView): Promise<void> {
    const { document: text } = this.record ?? (await this.#fetch(view));
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
    link.download = `${view.record ?? view.id}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  #facts(view: FlowView): TemplateResult {
    const ended = view.endedAt ?? view.startedAt;
    return html`<section class="card" aria-label="About this flow">
      ${facts([
        ['Started by', personText(view.starter)],
        ['Confirmed by', view.confirmer && personText(view.confirmer)],
        ['Begun', momentText(view.startedAt)],
        ['Took', spanText(ended - view.startedAt)],
        ['Why', view.plan.request.note],
      ])}
    </section>`;
  }
}
define('lb-flow-end', FlowEnd);

function graded({ grade, title, findings }: Graded, open: boolean): TemplateResult {
  return html`<details class="fold flow-graded" ?open=${open}>
    <summary>${title} ${badge(String(findings.length))}</summary>
    <ul class="flow-bullets">
      ${findings.map(({ text, by }) => html`<li>${text} ${grade === 'E1' ? gradeBadge(grade, by) : nothing}</li>`)}
    </ul>
  </details>`;
}

function hrefOf(view: FlowView, to: ReturnType<typeof nextOf>[number]['to']): string {
  if (to.kind === 'lock') return view.lockName === undefined ? '#/home' : lockAt(view.lockName);
  if (to.kind === 'flows') return '#/flows';
  return beginAt(to.type, view.lockName, {
    ...(to.reason && { reason: to.reason }),
    ...(to.lineage && { lineage: to.lineage }),
  });
}
