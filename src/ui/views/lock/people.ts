// Who may open this door: codes, cards and fingerprints, and everything else that could still open it.
import { html, nothing, type TemplateResult } from 'lit';
import type { CredentialView, LockView, Opener } from '../../api.d.ts';
import { badge, notice } from '../../parts/bits.ts';
import { confirm } from '../../parts/dialog.ts';
import { define, Element } from '../../parts/element.ts';
import { icon } from '../../parts/icon.ts';
import { loaded } from '../../parts/loaded.ts';
import { attempt } from '../../parts/toast.ts';
import { post, put, remove, segment } from '../../state/api.ts';
import { hearEvents } from '../../state/live.ts';
import { Load } from '../../state/load.ts';
import { Select } from '../../state/select.ts';
import { mayManage } from '../../text/role-words.ts';
import { codeDialog, termsDialog } from './credential-dialog.ts';
import { freeSlot, type Kind, KIND_WORDS, STATE_LOOKS, timesText, titleOf } from './credentials.ts';
import { enrolDialog } from './enrol-dialog.ts';
import './functions.ts';

type Listed = { capacity: number } & Partial<Record<`${Kind}s`, readonly CredentialView[]>>;

export class LockPeople extends Element {
  static override properties = { lock: { attribute: false }, busy: { state: true } };
  declare lock: LockView;
  /** What is being asked of the lock now, by kind and slot. */
  declare busy: string;
  readonly #known = new Select(this, ({ session }) => [session]);
  readonly #lists: Readonly<Record<Kind, Load<Listed>>>;
  readonly #openers = new Load<{ openers: readonly Opener[] }>(this, () => `${this.#path}/openers`);
  #deaf: (() => void) | undefined;

  constructor() {
    super();
    this.busy = '';
    const list = (kind: Kind): Load<Listed> =>
      new Load<Listed>(this, () => (this.lock.abilities?.[`${kind}s`] ? `${this.#path}/${kind}s` : undefined));
    this.#lists = { code: list('code'), card: list('card'), finger: list('finger') };
  }

  get #path(): string {
    return `api/locks/${segment(this.lock.id)}`;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#deaf = hearEvents(event => {
      if ((event.kind !== 'codes' && event.kind !== 'tokens') || event.lock.id !== this.lock.id) return;
      void this.#lists[event.kind === 'codes' ? 'code' : event.token].again();
      void this.#openers.again();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#deaf?.();
  }

  override render(): TemplateResult {
    const kinds = (['code', 'card', 'finger'] as const).filter(kind => this.lock.abilities?.[`${kind}s`]);
    return html`<div class="view">
      ${
        kinds.length === 0
          ? notice({ text: 'This lock has no codes, cards or fingerprints that could be managed from here.' })
          : html`<div class="halves">${kinds.map(kind => this.#kind(kind))}</div>`
      }
      ${
        this.lock.abilities?.authorisations
          ? html`<lb-lock-authorisations .lock=${this.lock}></lb-lock-authorisations>`
          : nothing
      }
      <section class="card" aria-label="Who can still open this door">
        <div class="row-text">
          <h2>Who can still open this door</h2>
          <p class="row-more">Everything that Latchbridge knows of, also what it cannot take away.</p>
        </div>
        ${loaded(this.#openers, ({ openers }) => openersList(openers))}
      </section>
    </div>`;
  }

  #kind(kind: Kind): TemplateResult {
    const words = KIND_WORDS[kind];
    const manages = mayManage(this.#known.value[0]?.who?.role);
    return html`<section class="card" aria-label=${words.many}>
      <div class="card-head">
        <h2>${words.many}</h2>
        ${
          manages
            ? html`<button
                type="button"
                class="button"
                ?disabled=${this.busy !== ''}
                @click=${() => void this.#add(kind)}
              >
                ${icon('plus', 'small')}New ${words.one.toLowerCase()}
              </button>`
            : nothing
        }
      </div>
      ${loaded(this.#lists[kind], listed => this.#list(kind, listed, manages))}
    </section>`;
  }

  #list(kind: Kind, listed: Listed, manages: boolean): TemplateResult {
    const words = KIND_WORDS[kind];
    const all = listed[`${kind}s`] ?? [];
    return html`${
      all.length === 0
        ? html`<p class="lead">None so far. There is room for ${listed.capacity}.</p>`
        : html`<ul class="list" aria-label=${words.many}>
            ${all.map(each => this.#row(each, manages))}
          </ul>`
    }
    ${
      manages
        ? html`<div class="buttons">
            <button
              type="button"
              class="button button-quiet"
              ?disabled=${this.busy !== ''}
              @click=${() => void this.#work(`${kind}s`, () => post(`${this.#path}/${kind}s/refresh`), 'Compared with the lock.')}
            >
              ${icon('refresh', 'small')}${this.busy === `${kind}s` ? 'Asking the lock …' : 'Compare with the lock'}
            </button>
          </div>`
        : nothing
    }`;
  }

  #row(each: CredentialView, manages: boolean): TemplateResult {
    const look = STATE_LOOKS[each.state];
    const title = titleOf(each);
    const key = `${each.kind} ${each.slot}`;
    const isBusy = this.busy !== '';
    return html`<li class="row credential">
      ${icon(KIND_WORDS[each.kind].icon)}
      <span class="row-text">
        <span class="row-title">${title}</span>
        <span class="row-more">Slot ${each.slot} · ${timesText(each)}</span>
        <span class="badges">${badge(this.busy === key ? 'Asking the lock …' : look.word, look.tone)}</span>
      </span>
      ${
        manages
          ? html`<details class="menu">
              <summary class="button-icon" aria-label=${`Change ${title}`}>${icon('system')}</summary>
              <div class="menu-body" @click=${closeMenu}>
                <button type="button" class="button" ?disabled=${isBusy} @click=${() => void this.#change(each)}>
                  Change
                </button>
                ${
                  each.kind === 'code' && each.known
                    ? html`<button
                        type="button"
                        class="button"
                        ?disabled=${isBusy}
                        @click=${() => void this.#switch(each)}
                      >
                        ${each.state === 'disabled' ? 'Switch on' : 'Switch off'}
                      </button>`
                    : nothing
                }
                <button
                  type="button"
                  class="button button-danger"
                  ?disabled=${isBusy}
                  @click=${() => void this.#remove(each)}
                >
                  Remove
                </button>
              </div>
            </details>`
          : nothing
      }
    </li>`;
  }

  async #add(kind: Kind): Promise<void> {
    const listed = this.#lists[kind].value;
    const slot = freeSlot(listed?.[`${kind}s`] ?? [], listed?.capacity ?? 1);
    if (kind === 'code' && slot !== undefined && (await codeDialog(this.lock, slot))) await this.#again(kind);
    if (kind !== 'code')
      await attempt(async () => void ((await enrolDialog(this.lock, kind)) && (await this.#again(kind))));
  }

  async #change(each: CredentialView): Promise<void> {
    const changed = each.kind === 'code' ? codeDialog(this.lock, each.slot, each) : termsDialog(this.lock, each);
    if (await changed) await this.#again(each.kind);
  }

  #switch({ kind, slot, state }: CredentialView): Promise<void> {
    const enabled = state === 'disabled';
    const path = `${this.#path}/codes/${slot}`;
    return this.#work(
      `${kind} ${slot}`,
      () => put(path, { enabled }),
      enabled ? 'It opens again.' : 'It no longer opens.',
    );
  }

  async #remove(each: CredentialView): Promise<void> {
    const { kind, slot } = each;
    const text = `It is taken off the lock and opens nothing any more. The lock has to be in reach.`;
    if (!(await confirm({ title: `Remove ${titleOf(each)}?`, text, yes: 'Remove', danger: true }))) return;
    await this.#work(`${kind} ${slot}`, () => remove(`${this.#path}/${kind}s/${slot}`), 'It is off the lock.');
  }

  async #work(busy: string, work: () => Promise<unknown>, done: string): Promise<void> {
    this.busy = busy;
    await attempt(work, done);
    this.busy = '';
    await Promise.all(Object.values(this.#lists).map(list => list.again()));
    await this.#openers.again();
  }

  async #again(kind: Kind): Promise<void> {
    await this.#lists[kind].again();
    await this.#openers.again();
  }
}
define('lb-lock-people', LockPeople);

function closeMenu(event: Event): void {
  (event.currentTarget as HTMLElement).closest('details')?.removeAttribute('open');
}

function openersList(openers: readonly Opener[]): TemplateResult {
  if (openers.length === 0) return html`<p class="lead">Nothing but the metal key, if it has one.</p>`;
  return html`<ul class="list" aria-label="What can open this door">
    ${openers.map(
      each =>
        html`<li class="row">
          ${icon(each.known ? 'key' : 'warning')}
          <span class="row-text">
            <span>${each.text}</span>
            <span class="row-more">
              ${each.who === undefined ? nothing : html`${each.who}. `}${
                each.until === undefined ? nothing : html`Until <lb-ago .at=${each.until}></lb-ago>. `
              }${each.revocable ? 'Can be taken away from here.' : 'Cannot be taken away from here.'}
            </span>
          </span>
        </li>`,
    )}
  </ul>`;
}
