// What is set on the lock itself, and what Latchbridge calls it and shows it to.
import { html, nothing, type TemplateResult } from 'lit';
import type { Exposure, LockView, SettingValue, ShownSetting } from '../../api.d.ts';
import { define, Element } from '../../parts/element.ts';
import { choice, field, toggle } from '../../parts/field.ts';
import { fieldsOf } from '../../parts/dialog.ts';
import { icon } from '../../parts/icon.ts';
import { loaded } from '../../parts/loaded.ts';
import { attempt, toast } from '../../parts/toast.ts';
import { lockAt } from '../../shell/routes.ts';
import { patch, post, put, segment } from '../../state/api.ts';
import { hearEvents } from '../../state/live.ts';
import { Load } from '../../state/load.ts';
import { Select } from '../../state/select.ts';
import { withLock } from '../../state/state.ts';
import { store } from '../../state/store.ts';
import { mayManage } from '../../text/role-words.ts';
import { nameFrom } from '../nearby/candidates.ts';
import './functions.ts';
import './keys.ts';

const BRIDGES: readonly (readonly [Exposure, string, string])[] = [
  ['mqtt', 'Home Assistant and MQTT', 'As topics, with discovery.'],
  ['matter', 'Matter', 'As a door lock in Apple Home, Google Home and others.'],
];

export class LockSettings extends Element {
  static override properties = { lock: { attribute: false }, busy: { state: true } };
  declare lock: LockView;
  /** The setting that the lock is being asked about; `*`: all. */
  declare busy: string;
  readonly #known = new Select(this, ({ session, locks }) => [session, locks]);
  readonly #list = new Load<{ settings: readonly ShownSetting[] }>(this, () => `${this.#path}/settings`);
  #deaf: (() => void) | undefined;

  constructor() {
    super();
    this.busy = '';
  }

  get #path(): string {
    return `api/locks/${segment(this.lock.id)}`;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#deaf = hearEvents(event => {
      if (event.kind === 'settings' && event.lock.id === this.lock.id) void this.#list.again();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#deaf?.();
  }

  override render(): TemplateResult {
    const role = this.#known.value[0]?.who?.role;
    return html`<div class="halves">
      <div class="stack">
        ${mayManage(role) ? this.#identity() : nothing}
        ${this.lock.abilities?.timers ? html`<lb-lock-timers .lock=${this.lock}></lb-lock-timers>` : nothing}
        <lb-lock-keys .lock=${this.lock} .asker=${role}></lb-lock-keys>
      </div>
      ${this.#own(mayManage(role))}
    </div>`;
  }

  #identity(): TemplateResult {
    const { name, unit, settings } = this.lock;
    const units = [...new Set([...this.#known.value[1].values()].map(lock => lock.unit.name))];
    return html`<section class="card" aria-label="Name and place">
      <h2>Name and place</h2>
      <form @submit=${(event: SubmitEvent) => this.#save(event)}>
        ${field({
          label: 'Name',
          name: 'name',
          value: name,
          required: true,
          longest: 64,
          hint: 'Small letters, digits, _ and -. MQTT topics follow it.',
        })}
        ${field({ label: 'Home, flat or room', name: 'unit', value: unit.name, longest: 64, suggestions: units })}
        <fieldset class="stack stack-tight">
          <legend>Shown in</legend>
          ${BRIDGES.map(([id, label, hint]) => toggle({ label, hint, name: id, on: settings.exposed.includes(id) }))}
        </fieldset>
        <div class="buttons"><button type="submit" class="button button-primary">Save</button></div>
      </form>
    </section>`;
  }

  #own(manages: boolean): TemplateResult {
    return html`<section class="card" aria-label="Set on the lock">
      <div class="card-head">
        <h2>Set on the lock</h2>
        ${
          manages
            ? html`<button type="button" class="button" ?disabled=${this.busy !== ''} @click=${() => void this.#read()}>
                ${icon('refresh', 'small')}${this.busy === '*' ? 'Asking …' : 'Ask the lock'}
              </button>`
            : nothing
        }
      </div>
      ${loaded(this.#list, ({ settings }) =>
        settings.length === 0
          ? html`<p class="lead">There is nothing to set on this lock.</p>`
          : html`<ul class="list">
              ${settings.map(each => html`<li class="setting">${this.#setting(each, manages)}</li>`)}
            </ul>`,
      )}
    </section>`;
  }

  #setting(each: ShownSetting, manages: boolean): TemplateResult {
    const disabled = !manages || this.busy !== '';
    const said = this.busy === each.name ? 'Asking the lock …' : each.value === undefined ? 'Not asked yet' : undefined;
    if (each.kind === 'switch') {
      return toggle({
        label: each.label,
        name: each.name,
        on: each.value === true,
        disabled,
        ...(said === undefined ? {} : { hint: said }),
        changed: on => void this.#write(each, on),
      });
    }
    if (!manages) {
      const unit = 'unit' in each ? ` ${each.unit}` : '';
      return html`<p>${each.label}</p>
        <p class="hint">${said ?? `${wordOf(each.value)}${unit}`}</p>`;
    }
    if (each.kind === 'select') {
      const options = each.options.map(option => [option, option.replaceAll('_', ' ')] as const);
      return choice({
        label: each.label,
        name: each.name,
        value: String(each.value ?? ''),
        options: each.value === undefined ? [['', 'Not asked yet'], ...options] : options,
        ...(said === undefined ? {} : { hint: said }),
        changed: value => void (value !== '' && this.#write(each, value)),
      });
    }
    return html`<form class="setting-number" @submit=${(event: SubmitEvent) => this.#number(event, each)}>
      ${field({
        label: each.unit === undefined ? each.label : `${each.label} (${each.unit})`,
        name: each.name,
        type: 'number',
        least: each.min,
        most: each.max,
        value: each.value === undefined ? '' : String(each.value),
        hint: said ?? `${each.min} to ${each.max}`,
      })}
      <button type="submit" class="button" aria-label=${`Set: ${each.label}`} ?disabled=${disabled}>Set</button>
    </form>`;
  }

  #number(event: SubmitEvent, each: ShownSetting): void {
    event.preventDefault();
    const text = fieldsOf(event.target as HTMLFormElement)[each.name] ?? '';
    if (text !== '') void this.#write(each, Number(text));
  }

  async #write(each: ShownSetting, value: SettingValue): Promise<void> {
    this.busy = each.name;
    await attempt(async () => {
      const said = await put<ShownSetting>(`${this.#path}/settings/${segment(each.name)}`, { value });
      toast(`${each.label}: the lock says ${wordOf(said.value)}.`, 'good');
    });
    this.busy = '';
    await this.#list.again();
  }

  async #read(): Promise<void> {
    this.busy = '*';
    await attempt(async () => this.#list.take(await post(`${this.#path}/settings/refresh`)));
    this.busy = '';
  }

  #save(event: SubmitEvent): void {
    event.preventDefault();
    const fields = fieldsOf(event.target as HTMLFormElement);
    const name = nameFrom(fields['name'] ?? '');
    const unit = (fields['unit'] ?? '').trim();
    const exposed = BRIDGES.map(([id]) => id).filter(id => fields[id] !== undefined);
    const renamed = name !== this.lock.name;
    void attempt(async () => {
      const view = await store.take(
        patch<LockView>(this.#path, {
          ...(renamed ? { name } : {}),
          ...(unit === '' || unit === this.lock.unit.name ? {} : { unit }),
          options: { exposed },
        }),
        withLock,
      );
      if (renamed) location.replace(lockAt(view.name, 'settings'));
    }, 'Saved.');
  }
}
define('lb-lock-settings', LockSettings);

function wordOf(value: SettingValue | undefined): string {
  if (value === true) return 'on';
  if (value === false) return 'off';
  return value === undefined ? 'nothing' : String(value).replaceAll('_', ' ');
}
