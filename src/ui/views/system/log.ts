// The log as it is written: by level and part, with a pause to read it.
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { LogLine } from '../../api.d.ts';
import { notice, waiting } from '../../parts/bits.ts';
import { define, Element } from '../../parts/element.ts';
import { choice } from '../../parts/field.ts';
import { icon } from '../../parts/icon.ts';
import { get } from '../../state/api.ts';
import { isMissing, wordsOf } from '../../state/refusal.ts';
import { listen } from '../../state/source.ts';
import { clockText } from '../../text/time.ts';

const LEVELS = [
  ['debug', 'Everything'],
  ['info', 'Usual'],
  ['warn', 'Warnings and errors'],
  ['error', 'Errors'],
] as const;
/** More is a file's job. */
const MOST = 400;
/** Lines may come in bursts; they are drawn together. */
const DRAW_MS = 250;

export class LiveLog extends Element {
  static override properties = {
    lines: { state: true },
    level: { state: true },
    wanted: { state: true },
    paused: { state: true },
    waiting: { state: true },
    problem: { state: true },
  };
  /** Newest first. */
  declare lines: readonly LogLine[] | undefined;
  declare level: string;
  declare wanted: string;
  declare paused: boolean;
  /** Lines that came during the pause. */
  declare waiting: number;
  declare problem: string;
  #fresh: LogLine[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #deaf: (() => void) | undefined;

  constructor() {
    super();
    this.level = 'info';
    this.wanted = '';
    this.paused = false;
    this.waiting = 0;
    this.problem = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end();
  }

  override render(): TemplateResult {
    const parts = [...new Set((this.lines ?? []).flatMap(({ part }) => part ?? []))].toSorted();
    const shown = (this.lines ?? []).filter(({ part }) => this.wanted === '' || part === this.wanted);
    return html`<div class="stack">
      <div class="log-head">
        ${choice({
          label: 'Level',
          name: 'log-level',
          value: this.level,
          options: LEVELS,
          changed: level => {
            this.level = level;
            void this.#begin();
          },
        })}
        ${choice({
          label: 'Part',
          name: 'log-part',
          value: this.wanted,
          options: [['', 'All'], ...parts.map(part => [part, part] as const)],
          changed: part => {
            this.wanted = part;
          },
        })}
        <button
          type="button"
          class="button"
          aria-pressed=${this.paused ? 'true' : 'false'}
          @click=${() => this.#pause()}
        >
          ${icon(this.paused ? 'play' : 'pause', 'small')}${this.paused ? `Go on (${this.waiting} new)` : 'Pause'}
        </button>
      </div>
      ${this.problem === '' ? nothing : notice({ tone: 'warn', text: this.problem })}
      ${this.lines === undefined && this.problem === '' ? waiting() : nothing}
      ${
        this.lines === undefined
          ? nothing
          : html`<ol class="card log" aria-label="Log, newest first" tabindex="0">
              ${repeat(
                shown,
                ({ number }) => number,
                line =>
                  html`<li class="log-line log-${line.level}">
                    <time datetime=${new Date(line.at).toISOString()}>${clockText(line.at)}</time>
                    <span class="log-level">${line.level}</span>
                    <span class="log-part">${line.part ?? ''}</span>
                    <span class="log-text">${line.text}</span>
                  </li>`,
              )}
              ${shown.length === 0 ? html`<li class="lead">Nothing of that kind so far.</li>` : nothing}
            </ol>`
      }
    </div>`;
  }

  async #begin(): Promise<void> {
    this.#end();
    const { level } = this;
    try {
      const { lines } = await get<{ lines: LogLine[] }>(`api/logs?level=${level}&most=200`);
      if (level !== this.level || !this.isConnected) return;
      this.lines = lines.toSorted((a, b) => b.number - a.number);
      this.problem = '';
    } catch (thrown) {
      this.problem = isMissing(thrown) ? 'This version of Latchbridge does not show its log here.' : wordsOf(thrown);
      return;
    }
    this.#deaf = listen(`api/logs/stream?level=${level}`, {
      kinds: ['log'],
      heard: (_kind, data) => this.#take(data as LogLine | undefined),
    });
  }

  #take(line: LogLine | undefined): void {
    if (!line) return;
    this.#fresh.push(line);
    this.#timer ??= setTimeout(() => this.#draw(), DRAW_MS);
  }

  #draw(): void {
    this.#timer = undefined;
    if (this.paused) {
      this.waiting = this.#fresh.length;
      return;
    }
    const known = new Set(this.lines?.map(({ number }) => number));
    const fresh = this.#fresh.filter(({ number }) => !known.has(number)).toReversed();
    this.#fresh = [];
    this.lines = [...fresh, ...(this.lines ?? [])].slice(0, MOST);
  }

  #pause(): void {
    this.paused = !this.paused;
    this.waiting = 0;
    if (!this.paused) this.#draw();
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#fresh = [];
    this.#deaf?.();
    this.#deaf = undefined;
  }
}
define('lb-live-log', LiveLog);
