// Backups: one now, one to take along, and a restore that first says what would change.
import { html, nothing, type TemplateResult } from 'lit';
import type { RestoreCheck } from '../../api.d.ts';
import { facts, notice } from '../../parts/bits.ts';
import { showDialog } from '../../parts/dialog.ts';
import { define, Element } from '../../parts/element.ts';
import { field } from '../../parts/field.ts';
import { icon } from '../../parts/icon.ts';
import { save, stamp } from '../../parts/save.ts';
import { attempt, toast } from '../../parts/toast.ts';
import { get, post } from '../../state/api.ts';
import { Refusal } from '../../state/refusal.ts';
import { Select } from '../../state/select.ts';
import { exactText } from '../../text/time.ts';

const WORD = 'RESTORE';

export class Backup extends Element {
  static override properties = { busy: { state: true }, check: { state: true } };
  declare busy: 'no' | 'making' | 'taking' | 'checking' | 'restoring';
  /** What a restore with the chosen file would do. */
  declare check: RestoreCheck | undefined;
  readonly #known = new Select(this, ({ session }) => [session]);

  constructor() {
    super();
    this.busy = 'no';
  }

  override render(): TemplateResult {
    const isOwner = this.#known.value[0]?.who?.role === 'owner';
    return html`<div class="stack">
      <section class="card" aria-label="Backup">
        <h2>Backup</h2>
        <p>
          One is made every hour and before anything is erased. It stays on this computer; take one along to another
          disk.
        </p>
        <div class="buttons">
          <button type="button" class="button" ?disabled=${this.busy !== 'no'} @click=${() => void this.#make()}>
            ${this.busy === 'making' ? 'Making it …' : 'Make one now'}
          </button>
          ${
            isOwner
              ? html`<button
                  type="button"
                  class="button button-primary"
                  ?disabled=${this.busy !== 'no'}
                  @click=${() => void this.#take()}
                >
                  ${icon('download', 'small')}${this.busy === 'taking' ? 'Preparing …' : 'Take one along'}
                </button>`
              : nothing
          }
        </div>
        <p class="hint">The file holds everything; the keys in it are sealed and open with the recovery code only.</p>
      </section>
      ${isOwner ? this.#restore() : nothing}
    </div>`;
  }

  #restore(): TemplateResult {
    return html`<section class="card" aria-label="Restore">
      <h2>Restore</h2>
      <p>Choose a backup. You first see what would change; nothing happens before you say so.</p>
      <label class="button file">
        ${icon('upload', 'small')}${this.busy === 'checking' ? 'Looking at it …' : 'Choose a backup'}
        <input type="file" ?disabled=${this.busy !== 'no'} @change=${(event: Event) => void this.#look(event)} />
      </label>
      <div role="status">${this.check ? this.#checked(this.check) : nothing}</div>
    </section>`;
  }

  #checked(check: RestoreCheck): TemplateResult {
    return html`<div class="stack">
      ${notice({ tone: check.ok ? 'accent' : 'bad', text: check.text })}
      ${facts([
        ['Made', check.made === undefined ? undefined : exactText(check.made)],
        ['Format', String(check.version)],
        ['Locks in it', check.locks.length === 0 ? 'None' : check.locks.join(', ')],
      ])}
      ${
        check.differences.length === 0
          ? html`<p>It would change nothing.</p>`
          : html`<div class="stack stack-tight">
              <h3>What would change</h3>
              <ul class="bullets">
                ${check.differences.map(text => html`<li>${text}</li>`)}
              </ul>
            </div>`
      }
      ${
        check.needs_recovery_code
          ? notice({
              tone: 'warn',
              text: 'Its keys are sealed for another computer: have the paper with the recovery code at hand.',
            })
          : nothing
      }
      ${
        check.ok
          ? html`<div class="buttons">
              <button
                type="button"
                class="button button-danger"
                ?disabled=${this.busy !== 'no'}
                @click=${() => void this.#begin(check)}
              >
                Restore this …
              </button>
            </div>`
          : nothing
      }
    </div>`;
  }

  async #make(): Promise<void> {
    this.busy = 'making';
    await attempt(async () => {
      const { path, second } = await post<{ path: string; second?: string }>('api/backup');
      toast(`Made: ${path}${second === undefined ? '' : `, and ${second}`}`, 'good');
    });
    this.busy = 'no';
  }

  async #take(): Promise<void> {
    this.busy = 'taking';
    await attempt(async () => {
      save(await get<Blob>('api/backup/file', { blob: true }), `latchbridge-${stamp(Date.now())}.db`);
    });
    this.busy = 'no';
  }

  async #look(event: Event): Promise<void> {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    if (!file) return;
    this.busy = 'checking';
    this.check = undefined;
    await attempt(async () => {
      this.check = await post<RestoreCheck>('api/restore/check', undefined, { file });
    });
    input.value = '';
    this.busy = 'no';
  }

  async #begin({ restore, needs_recovery_code: paper }: RestoreCheck): Promise<void> {
    const begun = await showDialog<boolean>({
      title: 'Restore this backup?',
      submit: 'Restore',
      danger: true,
      body: () =>
        html`<p>
            Everything goes back to the state of the backup, and Latchbridge starts anew. Codes that were set since then
            stay on the locks and are unknown here.
          </p>
          ${paper ? notice({ tone: 'warn', text: 'Afterwards you are asked for the recovery code.' }) : nothing}
          ${field({ label: `Type ${WORD} to go on`, name: 'confirm', required: true, autofocus: true })}`,
      taken: async ({ confirm }) => {
        if (confirm?.trim() !== WORD)
          throw new Refusal({
            status: 0,
            code: 'invalid',
            reason: 'form',
            title: '',
            detail: `Type ${WORD}, in capitals.`,
            acted: 'no',
          });
        await post('api/restore', { restore, confirm: WORD });
        return true;
      },
    });
    if (begun !== true) return;
    this.check = undefined;
    toast('Latchbridge starts anew with the backup. This page comes back by itself, and you sign in again.', 'good');
  }
}
define('lb-backup', Backup);
