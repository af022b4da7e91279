// The frame of the page: who may see what, the navigation, the banner when the connection is lost, and the view of the route.
import { html, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { define, Element } from '../parts/element.ts';
import { icon } from '../parts/icon.ts';
import { notice } from '../parts/bits.ts';
import '../parts/ago.ts';
import '../parts/toast.ts';
import { setAsking } from '../state/api.ts';
import { begin } from '../state/live.ts';
import { Select } from '../state/select.ts';
import { store } from '../state/store.ts';
import { needsPerson } from '../text/flow-words.ts';
import { seesHouse } from '../text/role-words.ts';
import { askForProof } from './prove.ts';
import { parseRoute, type Route } from './routes.ts';
import { accountMenu } from './account.ts';
import { keyOf, loadView, titleOf, viewFor } from './views.ts';

const TABS = [
  ['#/home', 'Home', 'home'],
  ['#/nearby', 'Nearby', 'nearby'],
  ['#/flows', 'Flows', 'flows'],
  ['#/system', 'System', 'system'],
] as const;

export class App extends Element {
  static override properties = { route: { state: true }, failed: { state: true } };
  /** What is shown; it follows the address when the view has been loaded. */
  declare route: Route | undefined;
  declare failed: boolean;
  readonly #known = new Select(this, ({ session, connection, flows }) => [
    session,
    connection,
    [...flows.values()].filter(needsPerson).length,
  ]);

  constructor() {
    super();
    this.failed = false;
    setAsking({
      csrf: () => store.state.session?.csrf,
      prove: askForProof,
      lost: () => void begin(),
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('hashchange', this.#follow);
    void begin();
    this.#follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('hashchange', this.#follow);
  }

  readonly #follow = (): void => void this.#show();

  async #show(): Promise<void> {
    const wanted = parseRoute(location.hash);
    const before = this.route;
    try {
      await loadView(wanted.view);
      this.failed = false;
      this.route = wanted;
    } catch {
      this.failed = true;
      return;
    }
    document.title = `${titleOf(wanted)} · Latchbridge`;
    if (!before || before.view === wanted.view) return;
    window.scrollTo({ top: 0 });
    await this.updateComplete;
    this.querySelector<HTMLElement>('main')?.focus({ preventScroll: true });
  }

  override render(): TemplateResult {
    const [session, connection] = this.#known.value;
    if (!session) return this.#opening(connection === 'lost');
    if (session.state !== 'in' || session.scope) return this.#bare(session.state);
    return html`${this.#bar()}
      <div class="frame">
        ${this.#nav()}
        <main id="main" tabindex="-1">${this.#banner(connection)} ${this.#view()}</main>
      </div>
      <lb-toasts></lb-toasts>`;
  }

  #bar(): TemplateResult {
    const [session] = this.#known.value;
    return html`<button type="button" class="skip" @click=${() => this.querySelector('main')?.focus()}>
        Skip to the content
      </button>
      <header class="bar">
        <a class="brand" href="#/home">${icon('locked')}<span>Latchbridge</span></a>
        ${session?.demo === true ? html`<a class="demo-link" href="#/hands" aria-label="Demo: hands of the virtual locks"><span class="badge badge-accent">Demo</span></a>` : nothing}
        <span class="bar-space"></span>
        <lb-account></lb-account>
      </header>`;
  }

  #nav(): TemplateResult {
    const [session, , needed] = this.#known.value;
    const view = this.route?.view;
    const isHere = (href: string): boolean =>
      href === `#/${view}` || (view === 'lock' && href === '#/home') || (view === 'flow' && href === '#/flows');
    return html`<nav class="nav" aria-label="Main">
      ${TABS.filter(([href]) => href !== '#/nearby' || seesHouse(session?.who?.role)).map(
        ([href, text, picture]) =>
          html`<a href=${href} aria-current=${isHere(href) ? 'page' : nothing}>
            <span class="nav-icon">
              ${icon(picture)}
              ${
                href === '#/flows' && needed > 0
                  ? html`<span class="count" aria-hidden="true">${needed}</span>`
                  : nothing
              }
            </span>
            <span>${text}</span>
            ${href === '#/flows' && needed > 0 ? html`<span class="hidden">, ${needed} need you</span>` : nothing}
          </a>`,
      )}
    </nav>`;
  }

  #banner(connection: string): TemplateResult {
    const lost = connection === 'lost';
    return html`<div role="status" class="banner-place">
      ${
        lost
          ? html`<p class="banner">
              ${icon('offline')}<span
                >No connection to Latchbridge. What you see is from <lb-ago .at=${store.state.lostAt}></lb-ago>; trying
                again.</span
              >
            </p>`
          : nothing
      }
    </div>`;
  }

  #view(): unknown {
    if (this.failed) {
      return notice({
        tone: 'bad',
        title: 'This part of the page did not load.',
        text: 'Latchbridge may have been updated or is not reachable. Reload the page.',
        more: html`<button type="button" class="button" @click=${() => location.reload()}>Reload</button>`,
      });
    }
    return this.route ? keyed(keyOf(this.route), viewFor(this.route)) : nothing;
  }

  /** Without navigation: signing in, and somebody who was sent a link to one flow. */
  #bare(state: string): TemplateResult {
    const route = this.route;
    const scope = store.state.session?.scope;
    const shown: Route =
      state === 'in' && scope ? { view: 'flow', flow: scope.flow } : route?.view === 'link' ? route : { view: 'login' };
    void loadView(shown.view).then(() => this.requestUpdate());
    const [, connection] = this.#known.value;
    return html`<header class="bar bar-bare">
        <span class="brand">${icon('locked')}<span>Latchbridge</span></span>
        <span class="bar-space"></span>${accountMenu()}
      </header>
      <main id="main" class="bare" tabindex="-1">
        ${state === 'in' ? this.#banner(connection) : nothing} ${keyed(keyOf(shown), viewFor(shown))}
      </main>
      <lb-toasts></lb-toasts>`;
  }

  #opening(lost: boolean): TemplateResult {
    return html`<main class="starting" role="status">
      ${lost ? 'Latchbridge does not answer yet. Trying again …' : 'Latchbridge is starting …'}
    </main>`;
  }
}
define('lb-app', App);
