// One lock on the home view. It draws anew only when something about this lock is new.
import { html, nothing, type TemplateResult } from 'lit';
import type { FlowType, FlowView, Happening, LockView, Suggestion } from '../../api.d.ts';
import { notice } from '../../parts/bits.ts';
import { define, Element } from '../../parts/element.ts';
import { icon } from '../../parts/icon.ts';
import { lockActions, pairLink } from '../../parts/lock-actions.ts';
import { boltSign, lockSigns } from '../../parts/lock-look.ts';
import { beginAt, flowAt, lockAt } from '../../shell/routes.ts';
import { dismiss } from '../../state/commands.ts';
import type { Pending, Said } from '../../state/state.ts';
import { store } from '../../state/store.ts';
import { FLOW_NAMES, flowTitle, needsPerson, STATE_WORDS } from '../../text/flow-words.ts';
import { happeningText, isNew, troubleOf } from '../../text/lock-words.ts';
import { mayBegin } from '../../text/role-words.ts';

export class LockCard extends Element {
  static override properties = {
    lock: { attribute: false },
    pending: { attribute: false },
    refused: { attribute: false },
    happening: { attribute: false },
    flow: { attribute: false },
    suggestion: { attribute: false },
    grouped: { type: Boolean },
  };
  declare lock: LockView;
  declare pending: Pending | undefined;
  declare refused: Said | undefined;
  declare happening: Happening | undefined;
  /** The open flow that has the lock. */
  declare flow: FlowView | undefined;
  declare suggestion: Suggestion | undefined;
  /** It stands below the heading of its unit. */
  declare grouped: boolean;

  override render(): TemplateResult {
    const { lock } = this;
    return html`<article class="card lock-card" aria-label=${lock.name}>
      <a class="lock-name" href=${lockAt(lock.name)}>
        <span class="lock-title">
          ${this.grouped ? html`<h3>${lock.name}</h3>` : html`<h2>${lock.name}</h2>`}
          <span class="row-more">${lock.unit.name}</span>
        </span>
        ${icon('forward', 'small')}
      </a>
      ${boltSign(lock, this.pending)} ${lockSigns(lock)} ${this.#last()} ${this.#flow()} ${this.#wrong()}
      ${lockActions(lock, this.pending)}
    </article>`;
  }

  #last(): TemplateResult | typeof nothing {
    if (!this.happening) return nothing;
    return html`<p class="lock-last">
      ${icon('clock', 'small')}<span>${happeningText(this.happening)}, <lb-ago .at=${this.happening.at}></lb-ago></span>
    </p>`;
  }

  #flow(): TemplateResult | typeof nothing {
    const { flow } = this;
    if (!flow) return nothing;
    const needed = needsPerson(flow);
    return html`<a class="lock-flow ${needed ? 'lock-flow-needed' : ''}" href=${flowAt(flow.id)}>
      ${icon('flows')}
      <span class="row-text">
        <span class="row-title">${flowTitle({ type: flow.type, reason: flow.reason })}</span>
        <span class="row-more">${needed ? 'It needs you' : (flow.step?.title ?? STATE_WORDS[flow.state])}</span>
      </span>
      ${icon('forward', 'small')}
    </a>`;
  }

  #wrong(): TemplateResult {
    const { lock, refused, suggestion } = this;
    const trouble = troubleOf(lock, this.flow);
    return html`${
      refused
        ? notice({
            tone: 'bad',
            text: refused.text,
            more: html`<button type="button" class="button" @click=${() => dismiss(lock)}>All right</button>`,
          })
        : nothing
    }
    ${
      trouble
        ? notice({
            tone: trouble.tone,
            text: trouble.todo === undefined ? trouble.text : `${trouble.text} ${trouble.todo}`,
            ...(trouble.tone !== 'warn' && !this.flow && { more: this.#help() }),
          })
        : nothing
    }
    ${
      suggestion && !this.flow
        ? notice({
            tone: 'accent',
            text: suggestion.text,
            more: html`<div class="buttons">
              ${suggestion.suggests
                .filter(mayStart)
                .map(type => html`<a class="button" href=${beginAt(type, lock.name)}>${FLOW_NAMES[type]}</a>`)}
            </div>`,
          })
        : nothing
    }`;
  }

  #help(): TemplateResult | typeof nothing {
    if (isNew(this.lock) && mayStart('repair')) return html`<div class="buttons">${pairLink(this.lock)}</div>`;
    const isAsNew = ['factory', 'limbo', 'retired', 'foreign'].includes(this.lock.lifecycle);
    const type = isAsNew ? 'repair' : 'diagnose';
    if (!mayStart(type)) return nothing;
    return html`<div class="buttons">
      <a class="button" href=${beginAt(type, this.lock.name)}>${FLOW_NAMES[type]}</a>
    </div>`;
  }
}
define('lb-lock-card', LockCard);

function mayStart(type: FlowType): boolean {
  return mayBegin(store.state.session?.who?.role, type);
}
