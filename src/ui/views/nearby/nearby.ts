// Nearby: the locks that can be heard now, how well, and which of them can be paired.
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Candidate, Nearby as Heard } from '../../api.d.ts';
import { badge, empty, notice, waiting } from '../../parts/bits.ts';
import '../../parts/countdown.ts';
import { define, Element } from '../../parts/element.ts';
import { icon } from '../../parts/icon.ts';
import '../../parts/signal.ts';
import { announce, attempt } from '../../parts/toast.ts';
import { lockAt } from '../../shell/routes.ts';
import { get, post } from '../../state/api.ts';
import { wordsOf } from '../../state/refusal.ts';
import { Select } from '../../state/select.ts';
import { listen } from '../../state/source.ts';
import { KINDS } from '../../text/lock-words.ts';
import { mayManage } from '../../text/role-words.ts';
import { inOrder, modelText, STALE_MS, stateLook } from './candidates.ts';
import { pairDialog } from './pair-dialog.ts';

/** While the stream does not run. */
const POLL_MS = 3000;
const WINDOW_S = 120;

export class Nearby extends Element {
  static override properties = { heard: { state: true }, problem: { state: true } };
  declare heard: Heard | undefined;
  declare problem: string;
  readonly #known = new Select(this, ({ session, locks, health }) => [session, locks, health]);
  readonly #seen = new Map<string, number>();
  #end: (() => void) | undefined;

  constructor() {
    super();
    this.problem = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    let running = false;
    void this.#load();
    const deaf = listen('api/nearby/stream', {
      kinds: ['nearby'],
      heard: (_kind, data) => this.#take(data as Heard | undefined),
      standing: now => {
        running = now;
      },
    });
    const timer = setInterval(() => void (!running && !document.hidden && this.#load()), POLL_MS);
    this.#end = () => {
      clearInterval(timer);
      deaf();
    };
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end?.();
  }

  async #load(): Promise<void> {
    try {
      this.#take(await get<Heard>('api/nearby'));
      this.problem = '';
    } catch (thrown) {
      this.problem = wordsOf(thrown);
    }
  }

  #take(heard: Heard | undefined): void {
    if (!heard) return;
    const ready = heard.nearby.filter(({ state }) => state === 'pairable').length;
    const before = this.heard?.nearby.filter(({ state }) => state === 'pairable').length ?? 0;
    if (ready > before) announce(`${ready} ${ready === 1 ? 'lock is' : 'locks are'} ready to pair.`);
    this.heard = heard;
  }

  override render(): TemplateResult {
    const [session] = this.#known.value;
    const manages = mayManage(session?.who?.role);
    return html`<div class="view">
      <div class="stack stack-tight">
        <h1>Nearby</h1>
        <p class="lead">Locks that Latchbridge hears now. Wake a lock with a touch of its keypad or by turning it.</p>
      </div>
      ${this.#radio()} ${this.problem === '' ? nothing : notice({ tone: 'bad', text: this.problem })}
      ${this.heard ? this.#list(this.heard, manages) : this.problem === '' ? waiting('Listening …') : nothing}
      ${this.heard && manages ? this.#window(this.heard) : nothing}
    </div>`;
  }

  #radio(): TemplateResult | typeof nothing {
    const radio = this.#known.value[2]?.parts.find(({ name }) => name === 'radio');
    if (!radio || radio.ok) return nothing;
    return notice({ tone: 'bad', title: radio.text, text: radio.fix ?? 'Without Bluetooth no lock can be heard.' });
  }

  #list({ nearby }: Heard, manages: boolean): TemplateResult {
    if (nearby.length === 0)
      return empty({
        picture: 'nearby',
        title: 'Nothing is heard',
        text: 'Locks sleep to save their batteries. Wake yours, and bring the Bluetooth adapter within a few metres.',
      });
    return html`<ul class="card-list" aria-label="Locks nearby">
      ${repeat(
        inOrder(nearby, this.#seen),
        ({ address }) => address,
        candidate => this.#item(candidate, manages),
      )}
    </ul>`;
  }

  #item(candidate: Candidate, manages: boolean): TemplateResult {
    const look = stateLook(candidate);
    const lock = candidate.lock === undefined ? undefined : this.#known.value[1].get(candidate.lock);
    const isStale = Date.now() - candidate.heardAt > STALE_MS;
    const title = lock?.name ?? candidate.name ?? candidate.model;
    return html`<li class="card candidate" aria-label=${title}>
      <div class="card-head">
        <div class="row-text">
          <h2>${title}</h2>
          <span class="row-more">${KINDS[candidate.kind]}, ${modelText(candidate)}</span>
        </div>
        ${badge(look.word, look.tone)}
      </div>
      <lb-signal target .rssi=${candidate.rssi}></lb-signal>
      <p class="row-more">
        ${isStale ? 'Silent since' : 'Heard'} <lb-ago .at=${candidate.heardAt}></lb-ago>
        <span class="mono">${candidate.address}</span>
      </p>
      ${candidate.state === 'ours' && candidate.advice === undefined ? nothing : html`<p>${look.why}</p>`}
      <div class="buttons">
        ${lock ? html`<a class="button" href=${lockAt(lock.name)}>Show ${lock.name}</a>` : nothing}
        ${
          candidate.state === 'pairable' && manages
            ? html`<button
                type="button"
                class="button button-primary"
                aria-label=${`Pair ${title}`}
                @click=${() => void pairDialog(candidate)}
              >
                ${icon('plus')}Pair
              </button>`
            : nothing
        }
      </div>
    </li>`;
  }

  #window({ open, until }: Heard): TemplateResult {
    const isOpen = open && until !== undefined && until > Date.now();
    return html`<section class="card" aria-label="Pairing window">
      <div class="row-text">
        <h2>Pairing window</h2>
        <p class="row-more">
          While it is open, a single lock that offers itself is paired by itself, and named after its model.
        </p>
      </div>
      ${
        isOpen
          ? html`<p role="status">
                ${icon('clock', 'small')} Open for
                <lb-countdown .until=${until} @over=${() => void this.#load()}></lb-countdown>
              </p>
              <div class="buttons">
                <button type="button" class="button" @click=${() => this.#permit(0)}>Close it now</button>
              </div>`
          : html`<div class="buttons">
              <button type="button" class="button" @click=${() => this.#permit(WINDOW_S)}>Open it for 2 minutes</button>
            </div>`
      }
    </section>`;
  }

  #permit(seconds: number): void {
    void attempt(async () => {
      await post('api/permit_join', { seconds });
      await this.#load();
    });
  }
}
define('lb-nearby', Nearby);
