// Work on a lock: the flows that can be started, the ways back in, and apart from them what erases.
import { html, nothing, type TemplateResult } from 'lit';
import type { FlowType, FlowView, LockView, WaysBack } from '../../api.d.ts';
import { badge, notice } from '../../parts/bits.ts';
import { showDialog } from '../../parts/dialog.ts';
import { define, Element } from '../../parts/element.ts';
import { field } from '../../parts/field.ts';
import { icon } from '../../parts/icon.ts';
import { loaded } from '../../parts/loaded.ts';
import { toast } from '../../parts/toast.ts';
import { beginAt, flowAt } from '../../shell/routes.ts';
import { remove, segment } from '../../state/api.ts';
import { Load } from '../../state/load.ts';
import { Select } from '../../state/select.ts';
import { aboutText, flowTitle, isClosed, STATE_WORDS } from '../../text/flow-words.ts';
import { isNew } from '../../text/lock-words.ts';
import { mayManage } from '../../text/role-words.ts';
import { momentText } from '../../text/time.ts';
import { wrong } from './credential-dialog.ts';

const USUAL: readonly FlowType[] = ['diagnose', 'turnover', 'rekey', 'repair'];
/** Of a lock that was never paired there is nothing else. */
const NEW: readonly FlowType[] = ['repair'];
const ERASING: readonly FlowType[] = ['reset', 'unpair'];

export class LockWork extends Element {
  static override properties = { lock: { attribute: false } };
  declare lock: LockView;
  readonly #known = new Select(this, ({ flows, session }) => [flows, session]);
  readonly #ways = new Load<WaysBack>(this, () => `api/locks/${segment(this.lock.id)}/ways_back`);
  readonly #past = new Load<{ flows: readonly FlowView[] }>(
    this,
    () => `api/flows?lock=${segment(this.lock.id)}&most=20`,
  );

  override render(): TemplateResult {
    const manages = mayManage(this.#known.value[1]?.who?.role);
    return html`<div class="view">
      ${
        manages
          ? html`<section class="card" aria-label="What can be done">
              <h2>What can be done</h2>
              <ul class="list">
                ${(isNew(this.lock) ? NEW : USUAL).map(type => this.#start(type))}
              </ul>
            </section>`
          : nothing
      }
      <div class="halves">${this.#waysBack()} ${this.#history()}</div>
      ${manages ? this.#danger() : nothing}
    </div>`;
  }

  #danger(): TemplateResult {
    return html` <section class="card danger" aria-label="Danger area">
      <div class="row-text">
        <h2>Danger area</h2>
        <p class="row-more">
          What is done here cannot be undone. You see the plan first, and are asked once more before anything is erased.
        </p>
      </div>
      <ul class="list">
        ${isNew(this.lock) ? nothing : ERASING.map(type => this.#start(type))}
        <li class="row row-wrap">
          <span class="row-text"
            ><span class="row-title">Remove it from here</span
            ><span class="row-more"
              >Latchbridge forgets it. A lock that still has our key keeps it, and all its codes.</span
            ></span
          >
          <button type="button" class="button button-danger" @click=${() => void this.#remove()}>Remove …</button>
        </li>
      </ul>
    </section>`;
  }

  #start(type: FlowType): TemplateResult {
    const erases = ERASING.includes(type);
    const reason = isNew(this.lock) ? 'new_lock' : 'other';
    const title = flowTitle({ type, reason });
    return html`<li class="row row-wrap">
      <span class="row-text"
        ><span class="row-title">${title}</span><span class="row-more">${aboutText({ type, reason })}</span></span
      >
      <a
        class="button ${erases ? 'button-danger' : ''}"
        aria-label=${`Start: ${title}`}
        href=${beginAt(type, this.lock.name, reason === 'new_lock' ? { reason } : {})}
        >${erases ? `${title} …` : 'Start …'}</a
      >
    </li>`;
  }

  #waysBack(): TemplateResult {
    return html`<section class="card" aria-label="Ways back in">
      <div class="row-text">
        <h2>Ways back in</h2>
        <p class="row-more">How the door would be opened and the lock got back, should Latchbridge or the lock fail.</p>
      </div>
      ${loaded(
        this.#ways,
        ({ ways, enough }) =>
          html`${notice({
              tone: enough ? 'good' : 'warn',
              text: enough ? 'There is a way back.' : 'There are too few: see to it before anything is erased.',
            })}
            <ul class="list">
              ${ways.map(
                way =>
                  html`<li class="row">
                    ${icon(way.ok ? 'check' : 'close')}
                    <span class="row-text"><span>${way.text}</span></span>
                    <span class="hidden">${way.ok ? 'There' : 'Not there'}</span>
                  </li>`,
              )}
            </ul>`,
      )}
    </section>`;
  }

  #history(): TemplateResult {
    return html`<section class="card" aria-label="Earlier flows">
      <h2>Flows of this lock</h2>
      ${loaded(this.#past, ({ flows }) => {
        if (flows.length === 0) return html`<p class="lead">None so far.</p>`;
        return html`<ul class="list">
          ${flows.map(past => {
            const flow = this.#known.value[0].get(past.id) ?? past;
            return html`<li>
              <a class="row" href=${flowAt(flow.id)}>
                <span class="row-text"
                  ><span class="row-title">${flowTitle({ type: flow.type, reason: flow.reason })}</span
                  ><span class="row-more">${momentText(flow.startedAt)}</span></span
                >
                ${badge(STATE_WORDS[flow.state], isClosed(flow.state) ? 'plain' : 'accent')} ${icon('forward', 'small')}
              </a>
            </li>`;
          })}
        </ul>`;
      })}
    </section>`;
  }

  async #remove(): Promise<void> {
    const { lock } = this;
    const removed = await showDialog<boolean>({
      title: `Remove ${lock.name}`,
      submit: 'Remove it from here',
      danger: true,
      body: () =>
        html`${notice({
          tone: 'warn',
          text: 'If the lock still lives, unpair it instead: only then does it forget our key and its codes.',
        })}
        ${field({ label: `Type ${lock.name} to confirm`, name: 'typed', required: true, autofocus: true })}`,
      taken: async ({ typed }) => {
        if (typed?.trim() !== lock.name) throw wrong(`Type the name of the lock, ${lock.name}, to confirm.`);
        await remove(`api/locks/${segment(lock.id)}`, { force: true });
        return true;
      },
    });
    if (removed !== true) return;
    toast(`${lock.name} is removed.`, 'good');
    location.hash = '#/home';
  }
}
define('lb-lock-work', LockWork);
