// What a lock says now, what can be done with it, what it is, and what its sessions cost.
import { html, nothing, type TemplateResult } from 'lit';
import type { LockView, SessionMode, WholeLock } from '../../api.d.ts';
import { badge, facts, notice } from '../../parts/bits.ts';
import { define, Element } from '../../parts/element.ts';
import { icon } from '../../parts/icon.ts';
import { loaded } from '../../parts/loaded.ts';
import { lockActions, pairLink } from '../../parts/lock-actions.ts';
import { boltSign, lockSigns } from '../../parts/lock-look.ts';
import { attempt } from '../../parts/toast.ts';
import { beginAt, flowAt } from '../../shell/routes.ts';
import { patch, post, segment } from '../../state/api.ts';
import { dismiss } from '../../state/commands.ts';
import { Load } from '../../state/load.ts';
import { Select } from '../../state/select.ts';
import { withLock } from '../../state/state.ts';
import { store } from '../../state/store.ts';
import { FLOW_ABOUT, FLOW_NAMES, flowTitle, isClosed, STATE_WORDS } from '../../text/flow-words.ts';
import { familyName, happeningText, isNew, takesCommands, troubleOf } from '../../text/lock-words.ts';
import { moreActions } from './functions.ts';
import { mayBegin, mayManage, mayOperate } from '../../text/role-words.ts';
import { spanText } from '../../text/time.ts';

const MODES: Readonly<Record<SessionMode, { title: string; text: string }>> = {
  on_demand: {
    title: 'Connect when needed',
    text: 'Spares the batteries. What is done by hand is seen when the lock next speaks.',
  },
  held: {
    title: 'Stay connected',
    text: 'Everything is seen and done at once. Batteries empty sooner, and no phone can connect meanwhile.',
  },
};

export class LockOverview extends Element {
  static override properties = { lock: { attribute: false }, asking: { state: true } };
  declare lock: LockView;
  declare asking: boolean;
  readonly #whole = new Load<WholeLock>(this, () => `api/locks/${segment(this.lock.id)}`);
  readonly #known = new Select(this, ({ pending, refused, happenings, flows, suggestions, session }) => [
    pending,
    refused,
    happenings,
    flows,
    suggestions,
    session,
  ]);

  constructor() {
    super();
    this.asking = false;
  }

  override render(): TemplateResult {
    return html`<div class="view">
      <div class="halves">${this.#state()} ${this.#around()}</div>
      ${mayOperate(this.#known.value[5]?.who?.role) ? moreActions(this.lock) : nothing}
      <div class="halves">${isNew(this.lock) ? nothing : this.#sessions()} ${this.#facts()}</div>
    </div>`;
  }

  #state(): TemplateResult {
    const { lock } = this;
    const [pending, refused, happenings] = this.#known.value;
    const last = happenings.get(lock.id);
    const said = refused.get(lock.id);
    return html`<section class="card" aria-label="How it stands">
      <div role="status">${boltSign(lock, pending.get(lock.id))}</div>
      ${lockSigns(lock)}
      ${
        last
          ? html`<p class="lock-last">
              ${icon('clock', 'small')}<span>${happeningText(last)}, <lb-ago .at=${last.at}></lb-ago></span>
            </p>`
          : nothing
      }
      ${
        said
          ? notice({
              tone: 'bad',
              text: said.text,
              more: html`<button type="button" class="button" @click=${() => dismiss(lock)}>All right</button>`,
            })
          : nothing
      }
      ${lockActions(lock, pending.get(lock.id))}
      ${
        takesCommands(lock) && mayOperate(this.#known.value[5]?.who?.role)
          ? html`<div class="buttons">
              <button type="button" class="button button-quiet" ?disabled=${this.asking} @click=${() => this.#ask()}>
                ${icon('refresh', 'small')}${this.asking ? 'Asking the lock …' : 'Ask the lock how it stands'}
              </button>
            </div>`
          : nothing
      }
    </section>`;
  }

  /** What is going on, what is wrong, what would help. */
  #around(): TemplateResult {
    const { lock } = this;
    const [, , , flows, suggestions] = this.#known.value;
    const open = [...flows.values()].filter(flow => flow.lock === lock.id && !isClosed(flow.state));
    const trouble = troubleOf(lock, open[0]);
    const noticed = suggestions.filter(each => each.lock === lock.id);
    const isCalm = open.length === 0 && !trouble && noticed.length === 0;
    return html`<section class="stack" aria-label="What is going on">
      ${open.map(
        flow =>
          html`<a class="lock-flow" href=${flowAt(flow.id)}>
            ${icon('flows')}
            <span class="row-text"
              ><span class="row-title">${flowTitle({ type: flow.type, reason: flow.reason })}</span
              ><span class="row-more">${flow.step?.title ?? STATE_WORDS[flow.state]}</span></span
            >
            ${icon('forward', 'small')}
          </a>`,
      )}
      ${
        trouble
          ? notice({
              tone: trouble.tone,
              text: [trouble.text, trouble.todo].filter(text => text !== undefined).join(' '),
              ...(isNew(lock) && mayManage(this.#known.value[5]?.who?.role)
                ? { more: html`<div class="buttons">${pairLink(lock)}</div>` }
                : {}),
            })
          : nothing
      }
      ${noticed.map(each =>
        notice({
          tone: 'accent',
          text: each.text,
          more: html`<ul class="hint">
              ${each.evidence.map(text => html`<li>${text}</li>`)}
            </ul>
            <div class="buttons">
              ${each.suggests
                .filter(type => mayBegin(this.#known.value[5]?.who?.role, type))
                .map(type => html`<a class="button" href=${beginAt(type, lock.name)}>${FLOW_NAMES[type]}</a>`)}
            </div>`,
        }),
      )}
      ${isCalm ? notice({ tone: 'good', text: 'Nothing is wrong with it, and nothing is going on.' }) : nothing}
      ${open.length === 0 ? this.#diagnosis() : nothing}
    </section>`;
  }

  /** Whoever manages it starts everything from its own tab. */
  #diagnosis(): TemplateResult | typeof nothing {
    const role = this.#known.value[5]?.who?.role;
    if (mayManage(role) || !mayBegin(role, 'diagnose')) return nothing;
    return html`<div class="card">
      <p>${FLOW_ABOUT.diagnose}</p>
      <div class="buttons">
        <a class="button" href=${beginAt('diagnose', this.lock.name)}>${FLOW_NAMES.diagnose}</a>
      </div>
    </div>`;
  }

  #sessions(): TemplateResult {
    const { stats, settings } = this.lock;
    const reasons = Object.entries(stats.lossReasons).toSorted(([, a], [, b]) => b - a);
    return html`<section class="card" aria-label="Connection">
      <h2>Connection</h2>
      ${facts([
        ['Now', html`${stats.open ? 'Connected' : 'Not connected'}, since <lb-ago .at=${stats.since}></lb-ago>`],
        ['Connections so far', String(stats.opens)],
        ['Lost', `${stats.losses}${reasons[0] ? `, mostly: ${reasons[0][0].replaceAll('_', ' ')}` : ''}`],
        ['Connected for', spanText(stats.connectedMs)],
        ['Questions asked', String(stats.roundTrips)],
        ['Last trouble', stats.lastError],
      ])}
      ${loaded(
        this.#whole,
        whole =>
          html`<fieldset class="modes">
            <legend>How Latchbridge keeps in touch</legend>
            ${(whole.costs ?? []).map(cost => {
              const { title, text } = MODES[cost.mode];
              return html`<label class="mode">
                <input
                  type="radio"
                  name="session"
                  value=${cost.mode}
                  .checked=${settings.session === cost.mode}
                  ?disabled=${!mayManage(this.#known.value[5]?.who?.role)}
                  @change=${() => this.#choose(cost.mode)}
                />
                <span class="row-text">
                  <span class="row-title">${title}</span>
                  <span class="row-more">${text}</span>
                  <span class="row-more"
                    >Batteries last about <strong>${lifeText(cost.batteryDays)}</strong>; connected
                    ${connectedText(cost.connectedMinutesPerDay)}, ${Math.round(cost.questionsPerDay).toLocaleString()}
                    questions a day.</span
                  >
                </span>
              </label>`;
            })}
          </fieldset>`,
      )}
    </section>`;
  }

  #facts(): TemplateResult {
    const { lock } = this;
    const { facts: known } = lock;
    return html`<section class="card" aria-label="About this lock">
      <h2>About this lock</h2>
      ${facts([
        ['Family', familyName(lock.family)],
        ['Maker', known.manufacturer],
        ['Model', known.model],
        ['Firmware', known.firmware],
        ['Hardware', known.hardware],
        ['Serial number', known.serial],
        ['Address', html`<span class="mono">${lock.address}</span>`],
        ['Last heard', lock.lastHeard === undefined ? undefined : html`<lb-ago .at=${lock.lastHeard}></lb-ago>`],
        [
          'Paired',
          lock.generation === 0 ? 'Not yet' : `${lock.generation} ${lock.generation === 1 ? 'time' : 'times'}`,
        ],
        ['Shown in', badgesOf(lock)],
      ])}
    </section>`;
  }

  #ask(): void {
    this.asking = true;
    const asked = attempt(async () => {
      await store.take(post<LockView>(`api/locks/${segment(this.lock.id)}/refresh`), withLock);
    }, 'The lock has said how it stands.');
    void asked.then(() => {
      this.asking = false;
    });
  }

  #choose(session: SessionMode): void {
    void attempt(async () => {
      await store.take(patch<LockView>(`api/locks/${segment(this.lock.id)}`, { options: { session } }), withLock);
    }, MODES[session].title).then(() => this.requestUpdate());
  }
}
define('lb-lock-overview', LockOverview);

function lifeText(days: number): string {
  if (days < 14) return `${Math.max(1, Math.round(days))} days`;
  if (days < 70) return `${Math.round(days / 7)} weeks`;
  return `${Math.round(days / 30)} months`;
}

function connectedText(minutesPerDay: number): string {
  return minutesPerDay > 1300 ? 'all the time' : `${spanText(minutesPerDay * 60_000)} a day`;
}

function badgesOf({ settings, endpoint }: LockView): TemplateResult {
  const { exposed } = settings;
  if (exposed.length === 0) return html`Nowhere but here`;
  return html`<span class="badges"
    >${exposed.map(each => badge(each === 'mqtt' ? 'MQTT' : `Matter, endpoint ${endpoint}`))}</span
  >`;
}
