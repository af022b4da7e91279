// What some locks have besides: more that they do on command, whom they take by Bluetooth, what they do by themselves.
import { html, nothing, type TemplateResult } from 'lit';
import type { Authorisation, LockView, Timer } from '../../api.d.ts';
import { badge, waiting } from '../../parts/bits.ts';
import { confirm, showDialog } from '../../parts/dialog.ts';
import { define, Element } from '../../parts/element.ts';
import { choice, field, toggle } from '../../parts/field.ts';
import { icon } from '../../parts/icon.ts';
import { attempt, toast } from '../../parts/toast.ts';
import { get, post, put, remove, segment } from '../../state/api.ts';
import { minuteText } from '../../text/time.ts';
import { wrong } from './credential-dialog.ts';
import { DAYS } from './credentials.ts';
import { timerOf, timerText } from './timer-request.ts';
import '../../parts/hold-button.ts';

/** The buttons of `abilities.actions`; what moves the bolt wants to be held. */
export function moreActions(lock: LockView): TemplateResult | typeof nothing {
  const actions = lock.abilities?.actions ?? [];
  if (actions.length === 0 || lock.lifecycle !== 'managed') return nothing;
  const perform = (name: string, label: string): void =>
    void attempt(() => post(`api/locks/${segment(lock.id)}/action`, { action: name }), `${label}: done.`);
  return html`<section class="card" aria-label="More that it can do">
    <h2>More that it can do</h2>
    <div class="lock-actions actions-list">
      ${actions.map(({ name, label, moves }) =>
        moves
          ? html`<lb-hold-button .label=${label} .look=${'plain'} @act=${() => perform(name, label)}></lb-hold-button>`
          : html`<button type="button" class="button" @click=${() => perform(name, label)}>${label}</button>`,
      )}
    </div>
  </section>`;
}

export class LockAuthorisations extends Element {
  static override properties = { lock: { attribute: false }, list: { state: true }, busy: { state: true } };
  declare lock: LockView;
  declare list: readonly Authorisation[] | undefined;
  declare busy: boolean;

  constructor() {
    super();
    this.busy = false;
  }

  override render(): TemplateResult {
    return html`<section class="card" aria-label="Paired with the lock">
      <div class="card-head">
        <h2>Paired with the lock</h2>
        <button type="button" class="button" ?disabled=${this.busy} @click=${() => void this.#ask()}>
          ${icon('refresh', 'small')}${this.busy ? 'Asking …' : 'Ask the lock'}
        </button>
      </div>
      ${
        this.list === undefined
          ? html`<p class="lead">
              Phones, bridges, fobs and keypads that the lock takes. Asking it takes some seconds.
            </p>`
          : html`<ul class="list">
              ${this.list.map(each => this.#row(each))}
            </ul>`
      }
    </section>`;
  }

  #row(each: Authorisation): TemplateResult {
    return html`<li class="row row-wrap">
      ${icon('phone')}
      <span class="row-text">
        <span class="row-title">${each.name}</span>
        <span class="row-more">${String(each.kind).replaceAll('_', ' ')}${each.enabled ? '' : ', switched off'}</span>
      </span>
      ${
        each.ours
          ? badge('This Latchbridge', 'accent')
          : html`<button
              type="button"
              class="button button-danger"
              aria-label=${`Remove ${each.name}`}
              ?disabled=${this.busy}
              @click=${() => void this.#remove(each)}
            >
              Remove
            </button>`
      }
    </li>`;
  }

  async #ask(): Promise<void> {
    this.busy = true;
    await attempt(async () => {
      const path = `api/locks/${segment(this.lock.id)}/authorisations`;
      this.list = (await get<{ authorisations: Authorisation[] }>(path)).authorisations;
    });
    this.busy = false;
  }

  async #remove({ id, name }: Authorisation): Promise<void> {
    const text = 'The lock forgets it: it no longer opens. To come back it has to be paired at the lock.';
    if (!(await confirm({ title: `Remove ${name}?`, text, yes: 'Remove', danger: true }))) return;
    const path = `api/locks/${segment(this.lock.id)}/authorisations/${segment(id)}`;
    if (await attempt(() => remove(path), `${name} is removed.`)) await this.#ask();
  }
}
define('lb-lock-authorisations', LockAuthorisations);

export class LockTimers extends Element {
  static override properties = { lock: { attribute: false }, list: { state: true }, busy: { state: true } };
  declare lock: LockView;
  declare list: readonly Timer[] | undefined;
  declare busy: boolean;

  constructor() {
    super();
    this.busy = false;
  }

  get #path(): string {
    return `api/locks/${segment(this.lock.id)}/timers`;
  }

  override render(): TemplateResult {
    return html`<section class="card" aria-label="By itself">
      <div class="card-head">
        <h2>By itself, at times of day</h2>
        <button type="button" class="button" ?disabled=${this.busy} @click=${() => void this.#ask()}>
          ${icon('refresh', 'small')}${this.busy ? 'Asking …' : 'Ask the lock'}
        </button>
      </div>
      ${this.busy && !this.list ? waiting('Asking the lock …') : nothing}
      ${this.list?.length === 0 ? html`<p class="lead">It does nothing by itself.</p>` : nothing}
      <ul class="list">
        ${(this.list ?? []).map(each => this.#row(each))}
      </ul>
      ${
        this.list
          ? html`<div class="buttons">
              <button type="button" class="button" @click=${() => void this.#edit()}>
                ${icon('plus', 'small')}New time
              </button>
            </div>`
          : nothing
      }
    </section>`;
  }

  #row(each: Timer): TemplateResult {
    const text = timerText(each);
    return html`<li class="row row-wrap">
      <span class="row-text"><span class="row-title">${text}</span></span>
      ${badge(each.enabled ? 'On' : 'Off', each.enabled ? 'good' : 'plain')}
      <span class="buttons">
        <button type="button" class="button" aria-label=${`Change ${text}`} @click=${() => void this.#edit(each)}>
          Change
        </button>
        <button
          type="button"
          class="button button-danger"
          aria-label=${`Remove ${text}`}
          @click=${() => void this.#remove(each)}
        >
          Remove
        </button>
      </span>
    </li>`;
  }

  async #ask(): Promise<void> {
    this.busy = true;
    await attempt(async () => {
      this.list = (await get<{ timers: Timer[] }>(this.#path)).timers;
    });
    this.busy = false;
  }

  async #edit(known?: Timer): Promise<void> {
    const shown = known ? timerText(known) : 'New time';
    const { verbs = [], actions = [] } = this.lock.abilities ?? {};
    const choices = [...new Set([...verbs, ...actions.map(({ name }) => name), ...(known ? [known.action] : [])])];
    const saved = await showDialog<boolean>({
      title: shown,
      submit: 'Save on the lock',
      body: () =>
        html`${choice({
            label: 'What it does',
            name: 'action',
            value: known?.action ?? 'lock',
            options: choices.map(each => [each, each.replaceAll('_', ' ')] as const),
          })}
          ${field({ label: 'At', name: 'at', type: 'time', required: true, value: known ? minuteText(known.minute) : '' })}
          <fieldset>
            <legend>On</legend>
            <div class="segments days">
              ${DAYS.map(
                (day, index) =>
                  html`<label
                    ><input
                      type="checkbox"
                      name="day-${index + 1}"
                      aria-label=${day}
                      .checked=${known?.days.includes(index + 1) ?? false}
                    /><span aria-hidden="true">${day.slice(0, 2)}</span></label
                  >`,
              )}
            </div>
          </fieldset>
          ${toggle({ label: 'On', name: 'enabled', on: known?.enabled ?? true })}`,
      taken: async fields => {
        const timer = timerOf(fields);
        if (!timer) throw wrong('Say at what time, and mark at least one day.');
        await (known ? put(`${this.#path}/${segment(known.id)}`, timer) : post(this.#path, timer));
        return true;
      },
    });
    if (saved !== true) return;
    toast('Saved on the lock.', 'good');
    await this.#ask();
  }

  async #remove({ id, ...timer }: Timer): Promise<void> {
    const title = `Remove ${timerText(timer)}?`;
    if (!(await confirm({ title, text: 'The lock no longer does it by itself.', yes: 'Remove', danger: true }))) return;
    if (await attempt(() => remove(`${this.#path}/${segment(id)}`))) await this.#ask();
  }
}
define('lb-lock-timers', LockTimers);
