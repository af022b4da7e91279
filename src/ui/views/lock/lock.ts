// One lock: its head, and a tab each for what it shows, who may open, what is set, what happened, and work on it.
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { LockView } from '../../api.d.ts';
import { empty, tabs, waiting } from '../../parts/bits.ts';
import { define, Element } from '../../parts/element.ts';
import { icon } from '../../parts/icon.ts';
import { lockAt } from '../../shell/routes.ts';
import { Select } from '../../state/select.ts';
import { KINDS } from '../../text/lock-words.ts';
import { seesHouse } from '../../text/role-words.ts';
import './overview.ts';
import './people.ts';
import './settings.ts';
import './log.ts';
import './work.ts';
import '../hands/dock.ts';

const TABS = [
  ['overview', 'Overview'],
  ['people', 'Who may open'],
  ['log', 'Activity'],
  ['settings', 'Settings'],
  ['work', 'Work on it'],
] as const;
/** What concerns the door for now; the rest is the house's business. */
const TABS_AT_WORK = TABS.slice(0, 1);

export class Lock extends Element {
  static override properties = { lock: {}, tab: {} };
  /** Name or id, as in the address. */
  declare lock: string;
  declare tab: string;
  readonly #known = new Select(this, ({ locks, connection, session }) => [locks, connection, session]);
  /** The address follows the lock when somebody renames it. */
  #id: string | undefined;

  override willUpdate(changed: PropertyValues): void {
    if (changed.has('lock')) this.#id = undefined;
    this.#id = this.#find()?.id ?? this.#id;
  }

  override updated(changed: PropertyValues): void {
    if (!changed.has('tab')) return;
    this.querySelector('.tabs [aria-current]')?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }

  override render(): TemplateResult {
    const lock = this.#find();
    if (lock) return this.#whole(lock);
    if (this.#known.value[1] === 'loading') return waiting();
    return empty({
      picture: 'unknown',
      alone: true,
      title: 'There is no lock of that name',
      text: 'It may have been renamed or removed.',
      more: html`<a class="button button-primary" href="#/home">To your locks</a>`,
    });
  }

  get #tabs(): readonly (typeof TABS)[number][] {
    return seesHouse(this.#known.value[2]?.who?.role) ? TABS : TABS_AT_WORK;
  }

  #find(): LockView | undefined {
    const [locks] = this.#known.value;
    const byId = locks.get(this.#id ?? this.lock);
    return byId ?? [...locks.values()].find(({ name }) => name === this.lock);
  }

  #whole(lock: LockView): TemplateResult {
    const kind = lock.abilities ? KINDS[lock.abilities.kind] : undefined;
    return html`<div class="view">
      <header class="stack stack-tight">
        <a class="back" href="#/home">${icon('back', 'small')}Home</a>
        <div class="row-text">
          <h1>${lock.name}</h1>
          <p class="lead">${lock.unit.name}${kind === undefined ? nothing : html` · ${kind}`}</p>
        </div>
      </header>
      ${tabs(
        `Parts of ${lock.name}`,
        this.#tabs.map(([tab, text]) => [lockAt(lock.name, tab), text] as const),
        lockAt(lock.name, this.tab),
      )}
      ${this.#tab(lock)}
      <lb-hands-dock .lock=${lock.name}></lb-hands-dock>
    </div>`;
  }

  #tab(lock: LockView): TemplateResult {
    switch (this.#tabs.find(([tab]) => tab === this.tab)?.[0]) {
      case 'people':
        return html`<lb-lock-people .lock=${lock}></lb-lock-people>`;
      case 'settings':
        return html`<lb-lock-settings .lock=${lock}></lb-lock-settings>`;
      case 'log':
        return html`<lb-lock-log .lock=${lock}></lb-lock-log>`;
      case 'work':
        return html`<lb-lock-work .lock=${lock}></lb-lock-work>`;
      default:
        return html`<lb-lock-overview .lock=${lock}></lb-lock-overview>`;
    }
  }
}
define('lb-lock', Lock);
