// Who did what, newest first, and whether the chain of lines is whole.
import { html, nothing, type TemplateResult } from 'lit';
import type { AuditFound, AuditRow } from '../../api.d.ts';
import { notice, waiting } from '../../parts/bits.ts';
import { define, Element } from '../../parts/element.ts';
import { choice } from '../../parts/field.ts';
import { attempt } from '../../parts/toast.ts';
import { get, segment } from '../../state/api.ts';
import { wordsOf } from '../../state/refusal.ts';
import { Select } from '../../state/select.ts';
import { auditText, byWhom } from '../../text/audit-words.ts';
import { momentText } from '../../text/time.ts';

const PAGE = 50;

export class Audit extends Element {
  static override properties = {
    lines: { state: true },
    wanted: { state: true },
    chain: { state: true },
    problem: { state: true },
    whole: { state: true },
    checking: { state: true },
  };
  declare lines: readonly AuditRow[] | undefined;
  /** A lock's id, or empty. */
  declare wanted: string;
  declare chain: AuditFound | undefined;
  declare problem: string;
  /** There are no older lines. */
  declare whole: boolean;
  declare checking: boolean;
  readonly #known = new Select(this, ({ locks }) => [locks]);

  constructor() {
    super();
    this.wanted = '';
    this.problem = '';
    this.whole = false;
    this.checking = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  override render(): TemplateResult {
    const [locks] = this.#known.value;
    const options = [...locks.values()].map(({ id, name }) => [id, name] as const);
    return html`<div class="stack">
      <section class="card" aria-label="Chain">
        <div class="row-text">
          <h2>Is it whole?</h2>
          <p class="row-more">Each line seals the one before it: what was changed or cut out later shows.</p>
        </div>
        <div role="status">
          ${this.chain ? notice({ tone: this.chain.ok ? 'good' : 'bad', text: this.chain.text }) : nothing}
        </div>
        <div class="buttons">
          <button type="button" class="button" ?disabled=${this.checking} @click=${() => void this.#check()}>
            ${this.checking ? 'Checking …' : 'Check the chain'}
          </button>
        </div>
      </section>
      <section class="card" aria-label="Lines">
        ${choice({
          label: 'Of which lock',
          name: 'audit-lock',
          value: this.wanted,
          options: [['', 'All'], ...options],
          changed: wanted => {
            this.wanted = wanted;
            this.lines = undefined;
            void this.#load();
          },
        })}
        ${this.problem === '' ? nothing : notice({ tone: 'bad', text: this.problem })} ${this.#list()}
      </section>
    </div>`;
  }

  #list(): TemplateResult | typeof nothing {
    if (!this.lines) return this.problem === '' ? waiting() : nothing;
    const [locks] = this.#known.value;
    return html`<ol class="list" aria-label="What was done, newest first">
        ${this.lines.map(line => {
          const lock =
            line.lock === undefined ? undefined : (locks.get(line.lock)?.name ?? `a removed lock (${line.lock})`);
          return html`<li class="row">
            <span class="row-text">
              <span class="row-title">${auditText(line)}</span>
              <span class="row-more"
                >${momentText(line.at)} · ${byWhom(line)}${lock === undefined ? nothing : ` · ${lock}`}</span
              >
            </span>
            <span class="hint number" title="Number of the line">${line.number}</span>
          </li>`;
        })}
      </ol>
      ${this.lines.length === 0 ? html`<p class="lead">Nothing yet.</p>` : nothing}
      ${
        this.whole || this.lines.length === 0
          ? nothing
          : html`<div class="buttons">
              <button type="button" class="button" @click=${() => void this.#load(this.lines?.at(-1)?.number)}>
                Older lines
              </button>
            </div>`
      }`;
  }

  async #load(before?: number): Promise<void> {
    const lock = this.wanted === '' ? '' : `&lock=${segment(this.wanted)}`;
    const from = before === undefined ? '' : `&before=${before}`;
    try {
      const { lines } = await get<{ lines: AuditRow[] }>(`api/audit?most=${PAGE}${lock}${from}`);
      this.lines = before === undefined ? lines : [...(this.lines ?? []), ...lines];
      this.whole = lines.length < PAGE;
      this.problem = '';
    } catch (thrown) {
      this.problem = wordsOf(thrown);
    }
  }

  async #check(): Promise<void> {
    this.checking = true;
    await attempt(async () => {
      this.chain = await get<AuditFound>('api/audit/check');
    });
    this.checking = false;
  }
}
define('lb-audit', Audit);
