// System: a list of pages, and beside it or instead of it the page that was chosen.
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { badge, empty, notice, waiting } from '../../parts/bits.ts';
import { define, Element } from '../../parts/element.ts';
import { icon } from '../../parts/icon.ts';
import { systemAt } from '../../shell/routes.ts';
import { Select } from '../../state/select.ts';
import { GROUPS, maySee, pageOf, type SystemPage } from './pages.ts';

const LOADERS: Readonly<Record<string, () => Promise<unknown>>> = {
  health: () => import('./health.ts'),
  log: () => import('./log.ts'),
  audit: () => import('./audit.ts'),
  radios: () => import('./radios.ts'),
  mqtt: () => import('./mqtt.ts'),
  matter: () => import('./matter.ts'),
  recovery: () => import('./recovery.ts'),
  backup: () => import('./backup.ts'),
  account: () => import('./account.ts'),
  people: () => import('./people.ts'),
  tokens: () => import('./tokens.ts'),
  config: () => import('./config.ts'),
  support: () => import('./support.ts'),
};

export class System extends Element {
  static override properties = { tab: {}, ready: { state: true } };
  declare tab: string;
  /** The page whose code is there. */
  declare ready: string;
  readonly #known = new Select(this, ({ session, health }) => [session, health]);

  constructor() {
    super();
    this.ready = '';
  }

  override willUpdate(changed: PropertyValues): void {
    const load = LOADERS[this.tab];
    if (!changed.has('tab') || !load) return;
    const wanted = this.tab;
    load().then(
      () => {
        if (this.tab === wanted) this.ready = wanted;
      },
      () => {
        this.ready = 'failed';
      },
    );
  }

  override render(): TemplateResult {
    const [session, health] = this.#known.value;
    const page = pageOf(this.tab);
    return html`<div class="system ${this.tab === 'index' ? 'system-index' : ''}">
      <div class="system-list stack">
        ${this.tab === 'index' ? html`<h1>System</h1>` : html`<p class="system-title" aria-hidden="true">System</p>`}
        ${GROUPS.map(({ title, pages }) => {
          const seen = pages.filter(each => maySee(each, session?.who?.role));
          if (seen.length === 0) return nothing;
          return html`<nav class="card system-group" aria-label=${title}>
            <h2>${title}</h2>
            <ul class="list">
              ${seen.map(each => this.#row(each))}
            </ul>
          </nav>`;
        })}
        <p class="hint">Latchbridge ${session?.version ?? health?.version ?? ''}. It asks no cloud for anything.</p>
      </div>
      ${
        this.tab === 'index'
          ? nothing
          : html`<div class="system-page view">
              <header class="stack stack-tight">
                <a class="back" href="#/system">${icon('back', 'small')}System</a>
                ${
                  page
                    ? html`<div class="row-text">
                        <h1>${page.title}</h1>
                        <p class="lead">${page.about}</p>
                      </div>`
                    : nothing
                }
              </header>
              ${this.#page(page)}
            </div>`
      }
    </div>`;
  }

  #row(each: SystemPage): TemplateResult {
    const bad = each.tab === 'health' ? (this.#known.value[1]?.parts.filter(({ ok }) => !ok).length ?? 0) : 0;
    return html`<li>
      <a class="row" href=${systemAt(each.tab)} aria-current=${each.tab === this.tab ? 'page' : nothing}>
        ${icon(each.icon)}
        <span class="row-text"
          ><span class="row-title">${each.title}</span><span class="row-more">${each.about}</span></span
        >
        ${bad > 0 ? badge(`${bad} to do`, 'warn') : nothing} ${icon('forward', 'small')}
      </a>
    </li>`;
  }

  #page(page: SystemPage | undefined): TemplateResult {
    if (!page) return empty({ picture: 'unknown', title: 'There is no such page', text: 'Choose one from the list.' });
    if (!maySee(page, this.#known.value[0]?.who?.role))
      return notice({ text: `Only ${page.least === 'owner' ? 'an owner' : 'an owner or a manager'} sees this.` });
    if (this.ready === 'failed')
      return notice({ tone: 'bad', text: 'This part of the page did not load. Reload the page.' });
    if (this.ready !== this.tab) return waiting();
    switch (this.tab) {
      case 'health':
        return html`<lb-health></lb-health>`;
      case 'log':
        return html`<lb-live-log></lb-live-log>`;
      case 'audit':
        return html`<lb-audit></lb-audit>`;
      case 'radios':
        return html`<lb-radios></lb-radios>`;
      case 'mqtt':
        return html`<lb-mqtt></lb-mqtt>`;
      case 'matter':
        return html`<lb-matter></lb-matter>`;
      case 'recovery':
        return html`<lb-recovery></lb-recovery>`;
      case 'backup':
        return html`<lb-backup></lb-backup>`;
      case 'account':
        return html`<lb-own-account></lb-own-account>`;
      case 'people':
        return html`<lb-logins></lb-logins>`;
      case 'tokens':
        return html`<lb-api-tokens></lb-api-tokens>`;
      case 'config':
        return html`<lb-config></lb-config>`;
      default:
        return html`<lb-support></lb-support>`;
    }
  }
}
define('lb-system', System);
