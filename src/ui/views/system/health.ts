// How the parts of the daemon are, and what the doctor finds.
import { html, nothing, type TemplateResult } from 'lit';
import type { Examination, Health as HealthView } from '../../api.d.ts';
import { badge, notice } from '../../parts/bits.ts';
import { define, Element } from '../../parts/element.ts';
import { icon } from '../../parts/icon.ts';
import { loaded } from '../../parts/loaded.ts';
import { loadSlow } from '../../state/live.ts';
import { Load } from '../../state/load.ts';
import { partName, VERDICTS } from '../../text/health-words.ts';

export class Health extends Element {
  readonly #health = new Load<HealthView>(this, () => 'api/health');
  readonly #doctor = new Load<Examination>(this, () => 'api/doctor');

  override render(): TemplateResult {
    return html`<div class="stack">
      <section class="card" aria-label="Parts">
        <div class="card-head">
          <h2>Parts</h2>
          <button type="button" class="button" @click=${() => void this.#again()}>
            ${icon('refresh', 'small')}Look again
          </button>
        </div>
        ${loaded(this.#health, health => this.#parts(health))}
      </section>
      <section class="card" aria-label="The doctor">
        <div class="row-text">
          <h2>The doctor</h2>
          <p class="row-more">Looks at this computer: what Latchbridge needs, and what would be better.</p>
        </div>
        ${loaded(
          this.#doctor,
          ({ checks }) =>
            html`<ul class="list">
              ${checks.map(({ name, verdict, text, fix }) => {
                const { word, tone } = VERDICTS[verdict];
                return finding({ name, text, fix, word, tone });
              })}
            </ul>`,
        )}
      </section>
    </div>`;
  }

  #parts({ ready, parts, startedAt }: HealthView): TemplateResult {
    const sorted = parts.toSorted((a, b) => Number(a.ok) - Number(b.ok));
    return html`${notice({
        tone: ready ? 'good' : 'bad',
        text: ready ? 'Commands are taken.' : 'Commands are not taken now.',
        more: html`<p class="hint">Started <lb-ago .at=${startedAt}></lb-ago>.</p>`,
      })}
      <ul class="list">
        ${sorted.map(({ name, ok, text, fix }) => {
          return finding({ name: partName(name), text, fix, word: ok ? 'Good' : 'To do', tone: ok ? 'good' : 'warn' });
        })}
      </ul>`;
  }

  async #again(): Promise<void> {
    await Promise.all([this.#health.again(), this.#doctor.again(), loadSlow()]);
  }
}
define('lb-health', Health);

interface Finding {
  name: string;
  text: string;
  fix: string | undefined;
  word: string;
  tone: 'good' | 'warn' | 'bad';
}

function finding({ name, text, fix, word, tone }: Finding): TemplateResult {
  return html`<li class="finding">
    <span class="row-title">${partName(name)}</span>
    ${badge(word, tone, tone === 'good' ? 'check' : 'warning')}
    <span class="row-more">${text}</span>
    ${fix === undefined ? nothing : html`<span>${fix}</span>`}
  </li>`;
}
