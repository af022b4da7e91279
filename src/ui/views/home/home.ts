// Home: every lock, what it says, and what can be done with it.
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { FlowView } from '../../api.d.ts';
import { empty, notice, waiting } from '../../parts/bits.ts';
import { define, Element } from '../../parts/element.ts';
import { icon } from '../../parts/icon.ts';
import { flowAt } from '../../shell/routes.ts';
import { kept } from '../../shell/theme.ts';
import { Select } from '../../state/select.ts';
import { flowTitle, isClosed, needsPerson } from '../../text/flow-words.ts';
import { mayManage } from '../../text/role-words.ts';
import { checklist, isReady, SKIP_KEY } from '../start/checklist.ts';
import '../start/start.ts';
import { type Filter, FILTERS, firstOf, groupsOf, type Group } from './sorting.ts';
import './lock-card.ts';

/** Fewer are seen at a glance. */
const SEARCH_FROM = 7;
/** As many as a phone shows at first: more in one go would be felt. */
const AT_ONCE = 4;

export class Home extends Element {
  static override properties = { text: { state: true }, filter: { state: true }, room: { state: true } };
  declare text: string;
  declare filter: Filter;
  /** How many cards are drawn: some at once, the rest bit by bit, so that nothing stutters. */
  declare room: number;
  #growing = false;
  readonly #known = new Select(
    this,
    ({ locks, flows, suggestions, happenings, pending, refused, health, session, connection }) => [
      locks,
      flows,
      suggestions,
      happenings,
      pending,
      refused,
      health,
      session,
      connection,
    ],
  );

  constructor() {
    super();
    this.text = '';
    this.filter = 'all';
    this.room = AT_ONCE;
  }

  override updated(): void {
    if (this.#growing || this.room >= this.#known.value[0].size) return;
    this.#growing = true;
    setTimeout(() => {
      this.#growing = false;
      this.room += AT_ONCE;
    }, 16);
  }

  override render(): TemplateResult {
    const [locks, , , , , , , session, connection] = this.#known.value;
    if (connection === 'loading') return waiting();
    const skipped = kept(SKIP_KEY) === 'yes';
    if (locks.size === 0 && !skipped && mayManage(session?.who?.role))
      return html`<lb-start @skipped=${() => this.requestUpdate()}></lb-start>`;
    const groups = firstOf(groupsOf(locks.values(), this), this.room);
    return html`<div class="view">
      <div class="view-head">
        <h1>Home</h1>
        ${
          mayManage(session?.who?.role)
            ? html`<a class="button" href="#/nearby">${icon('plus')}Add a lock</a>`
            : nothing
        }
      </div>
      ${this.#steps()} ${this.#needed()} ${locks.size >= SEARCH_FROM ? this.#search() : nothing}
      ${locks.size === 0 ? this.#none() : groups.length === 0 ? this.#notFound() : this.#groups(groups)}
    </div>`;
  }

  #groups(groups: readonly Group[]): TemplateResult {
    const titled = groups.some(({ locks }) => locks.length > 1) || this.#known.value[0].size >= SEARCH_FROM;
    if (!titled)
      return html`<div class="lock-grid">
        ${this.#cards(
          groups.flatMap(({ locks }) => locks),
          false,
        )}
      </div>`;
    return html`${repeat(
      groups,
      group => group.unit,
      group =>
        html`<section class="lock-group" aria-label=${group.name}>
          <h2>${group.name}</h2>
          <div class="lock-grid">${this.#cards(group.locks, true)}</div>
        </section>`,
    )}`;
  }

  #cards(locks: Group['locks'], grouped: boolean): unknown {
    const [, flows, suggestions, happenings, pending, refused] = this.#known.value;
    const open = new Map<string, FlowView>();
    for (const flow of flows.values()) if (flow.lock !== undefined && !isClosed(flow.state)) open.set(flow.lock, flow);
    return repeat(
      locks,
      lock => lock.id,
      lock =>
        html`<lb-lock-card
          .lock=${lock}
          .grouped=${grouped}
          .pending=${pending.get(lock.id)}
          .refused=${refused.get(lock.id)}
          .happening=${happenings.get(lock.id)}
          .flow=${open.get(lock.id)}
          .suggestion=${suggestions.find(each => each.lock === lock.id)}
        ></lb-lock-card>`,
    );
  }

  #search(): TemplateResult {
    return html`<search class="search">
      <label class="search-field"
        ><span class="hidden">Search for a lock or unit</span>${icon('search')}<input
          type="search"
          placeholder="Lock or unit"
          .value=${this.text}
          @input=${(event: Event) => {
            this.text = (event.target as HTMLInputElement).value;
          }}
      /></label>
      <fieldset class="segments">
        <legend class="hidden">Show</legend>
        ${FILTERS.map(
          ([filter, label]) =>
            html`<label
              ><input
                type="radio"
                name="filter"
                value=${filter}
                .checked=${this.filter === filter}
                @change=${() => {
                  this.filter = filter;
                }}
              /><span>${label}</span></label
            >`,
        )}
      </fieldset>
    </search>`;
  }

  #steps(): TemplateResult | typeof nothing {
    const [locks, , , , , , health, session] = this.#known.value;
    if (!health || !mayManage(session?.who?.role)) return nothing;
    const steps = checklist({ health, locks: locks.size });
    if (isReady(steps)) return nothing;
    const left = steps.filter(({ done }) => !done).length;
    return html`<a class="card steps-card" href="#/start">
      ${icon('check')}
      <span class="row-text">
        <span class="row-title">First steps: ${steps.length - left} of ${steps.length} done</span>
        <span class="row-more">Next: ${steps.find(({ done }) => !done)?.title}</span>
      </span>
      ${icon('forward', 'small')}
    </a>`;
  }

  #needed(): unknown {
    const flows = [...this.#known.value[1].values()].filter(needsPerson);
    return flows.map(flow =>
      notice({
        tone: 'warn',
        title: flowTitle(flow),
        text: flow.prompts[0]?.text ?? flow.stop?.text ?? 'It needs somebody to go on.',
        more: html`<div class="buttons">
          <a class="button button-primary" href=${flowAt(flow.id)}>Go on</a>
        </div>`,
      }),
    );
  }

  #none(): TemplateResult {
    if (!mayManage(this.#known.value[7]?.who?.role)) {
      const text = 'None is yours to see now. Ask whoever let you in.';
      return empty({ picture: 'locked', title: 'No locks', text });
    }
    return empty({
      picture: 'locked',
      title: 'No locks yet',
      text: 'Stand near a lock that nobody owns, wake it with a touch, and look what is nearby.',
      more: html`<a class="button button-primary" href="#/nearby">Look nearby</a>`,
    });
  }

  #notFound(): TemplateResult {
    return empty({ picture: 'search', title: 'No lock is like that', text: 'Search for something else or show all.' });
  }
}
define('lb-home', Home);
