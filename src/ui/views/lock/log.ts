// What happened at a lock: what was done from here, and what the lock itself has kept.
import { html, nothing, type TemplateResult } from 'lit';
import type { AuditRow, Happening, LockView } from '../../api.d.ts';
import { empty, notice } from '../../parts/bits.ts';
import { define, Element } from '../../parts/element.ts';
import { icon } from '../../parts/icon.ts';
import { loaded } from '../../parts/loaded.ts';
import { attempt } from '../../parts/toast.ts';
import { get, segment } from '../../state/api.ts';
import { hearEvents } from '../../state/live.ts';
import { Load } from '../../state/load.ts';
import { store } from '../../state/store.ts';
import { auditText, byWhom } from '../../text/audit-words.ts';
import { happeningText } from '../../text/lock-words.ts';
import { mayManage } from '../../text/role-words.ts';
import { momentText } from '../../text/time.ts';

const MOST = 50;

export class LockLog extends Element {
  static override properties = {
    lock: { attribute: false },
    records: { state: true },
    asking: { state: true },
  };
  declare lock: LockView;
  /** Of the lock's own memory, once somebody asked for it. */
  declare records: readonly Happening[] | undefined;
  declare asking: boolean;
  readonly #audit = new Load<{ lines: readonly AuditRow[] }>(this, () =>
    mayManage(store.state.session?.who?.role) ? `api/audit?lock=${segment(this.lock.id)}&most=${MOST}` : undefined,
  );
  #deaf: (() => void) | undefined;

  constructor() {
    super();
    this.asking = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#deaf = hearEvents(event => {
      if (event.kind !== 'happened' || event.lock.id !== this.lock.id) return;
      if (event.happening && this.records) this.records = [event.happening, ...this.records];
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#deaf?.();
  }

  override render(): TemplateResult {
    return html`<div class="halves">
      <section class="card" aria-label="The lock’s own memory">
        <div class="card-head">
          <h2>The lock’s own memory</h2>
          <button type="button" class="button" ?disabled=${this.asking} @click=${() => void this.#ask()}>
            ${icon('refresh', 'small')}${this.asking ? 'Asking …' : this.records ? 'Ask again' : 'Ask the lock'}
          </button>
        </div>
        ${this.#records()}
      </section>
      ${
        mayManage(store.state.session?.who?.role)
          ? html`<section class="card" aria-label="Done from here">
              <h2>Done from here</h2>
              ${loaded(this.#audit, ({ lines }) => this.#lines(lines))}
            </section>`
          : nothing
      }
    </div>`;
  }

  #records(): TemplateResult {
    if (this.lock.abilities?.log === false) return notice({ text: 'This lock keeps no memory of what happened.' });
    if (!this.records)
      return html`<p class="lead">
        Codes, cards and keys used at the door are kept in the lock. Asking for them takes some seconds.
      </p>`;
    if (this.records.length === 0) return html`<p class="lead">It remembers nothing.</p>`;
    return html`<ol class="list" aria-label="What the lock remembers, newest first">
      ${this.records.map(
        each =>
          html`<li class="row">
            <span class="row-text"
              ><span class="row-title">${happeningText(each)}</span
              ><span class="row-more">${momentText(each.at)}</span></span
            >
          </li>`,
      )}
    </ol>`;
  }

  #lines(lines: readonly AuditRow[]): TemplateResult {
    // That it was asked for says no more than how it ended.
    const told = lines.filter(({ what }) => what !== 'asked');
    if (told.length === 0) return empty({ picture: 'clock', title: 'Nothing yet', text: 'Nobody did anything here.' });
    return html`<ol class="list" aria-label="What was done, newest first">
      ${told.map(
        line =>
          html`<li class="row">
            <span class="row-text"
              ><span class="row-title">${auditText(line)}</span
              ><span class="row-more">${momentText(line.at)} · ${byWhom(line)}</span></span
            >
          </li>`,
      )}
    </ol>`;
  }

  async #ask(): Promise<void> {
    this.asking = true;
    await attempt(async () => {
      const { records } = await get<{ records: Happening[] }>(`api/locks/${segment(this.lock.id)}/log?most=${MOST}`);
      this.records = records;
    });
    this.asking = false;
  }
}
define('lb-lock-log', LockLog);
