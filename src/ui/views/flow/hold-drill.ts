// The hold drill: a big count of the seconds, and the moment to let go, for eye, ear and hand at once.
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Prompt } from '../../api.d.ts';
import { define, Element } from '../../parts/element.ts';
import { toggle } from '../../parts/field.ts';
import { icon } from '../../parts/icon.ts';
import { announce } from '../../parts/toast.ts';
import { vars } from '../../parts/vars.ts';
import './answer.ts';
import { countAt, cueBetween, type Count, type Heard, type Hold, READY, spokenAt, windowText } from './drill.ts';
import { setSound, signalLetGo, signalTick, soundIsOn, wakeSound } from './signals.ts';

const LOOK_MS = 50;

export class HoldDrill extends Element {
  static override properties = {
    prompt: {},
    go: { type: Number },
    heard: {},
    goingBack: {},
    count: { state: true },
    sound: { state: true },
  };
  /** The question to press; gone while it is held. */
  declare prompt: Prompt | undefined;
  /** Which try it is, from 1. */
  declare go: number;
  /** The count as the daemon calls it, for who looks on. */
  declare heard: Heard | undefined;
  declare goingBack: string;
  declare count: Count;
  declare sound: boolean;
  #hold: Hold | undefined;
  #pressedAt = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.go = 1;
    this.goingBack = '';
    this.count = READY;
    this.sound = soundIsOn();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  /** Still counting, or calling to let go: nothing else should be shown meanwhile. */
  get running(): boolean {
    return this.count.phase === 'holding' || this.count.phase === 'release';
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const asked = this.prompt?.hold;
    if (changed.has('prompt') && asked) {
      // Another try, with its own seconds.
      this.#hold = asked;
      if (!this.running) this.count = READY;
    }
  }

  override render(): TemplateResult {
    const { phase, second, left, share } = this.#shown();
    return html`<div class="drill drill-${phase}">
      <p class="drill-word">${this.#word(phase, left)}</p>
      <div class="drill-ring" ${vars({ '--share': share })} aria-hidden="true">
        <span class="drill-number"
          >${phase === 'ready' ? (this.#hold?.letGo ?? '') : phase === 'release' ? '' : second}</span
        >
        ${phase === 'release' ? icon('check', 'large') : nothing}
        <span class="drill-unit">${this.#unit(phase)}</span>
      </div>
      ${phase === 'ready' && this.prompt ? this.#ready(this.prompt) : nothing}
    </div>`;
  }

  /** Our own count where we pressed; else what the daemon calls. */
  #shown(): Count {
    if (this.count.phase !== 'ready' || !this.heard) return this.count;
    const { second, letGo } = this.heard;
    return { phase: letGo ? 'release' : 'holding', second, left: 0, share: letGo ? 1 : 0.5 };
  }

  #unit(phase: Count['phase']): string {
    if (phase === 'ready') return 'seconds';
    return phase === 'release' ? '' : 'held';
  }

  #word(phase: Count['phase'], left: number): string {
    switch (phase) {
      case 'ready':
        return this.#hold ? `Hold for ${windowText(this.#hold)}. You are told when to let go.` : '';
      case 'holding':
        return left > 0 ? `Keep it pressed. ${left} to go` : 'Keep it pressed.';
      case 'release':
        return 'Let go now';
      case 'over':
        return 'Let go. Its radio is being watched …';
    }
  }

  #ready(prompt: Prompt): TemplateResult {
    return html`<lb-flow-answer
        .prompt=${prompt}
        .goingBack=${this.goingBack}
        @answering=${(event: CustomEvent<string>) => this.#answering(event.detail)}
        @refused=${() => this.#stop()}
      ></lb-flow-answer>
      ${toggle({
        label: 'Sound',
        name: 'drill-sound',
        on: this.sound,
        hint: 'Ticks each second, and three rising tones when you let go. It vibrates too, where the phone can.',
        changed: on => this.#setSound(on),
      })}`;
  }

  #setSound(on: boolean): void {
    this.sound = on;
    setSound(on);
    if (!on) return;
    wakeSound();
    signalTick(true);
  }

  #answering(value: string): void {
    if (value !== 'done' || !this.#hold) return;
    // The finger is on the button from now on, however long the way to the daemon is.
    this.#pressedAt = performance.now();
    if (this.sound) wakeSound();
    this.#look();
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  #look(): void {
    if (!this.#hold) return;
    const before = this.count;
    const now = countAt(this.#hold, performance.now() - this.#pressedAt);
    this.count = now;
    const cue = cueBetween(before, now);
    if (cue === 'tick') signalTick(this.sound);
    if (cue === 'let_go') signalLetGo(this.sound);
    const words = spokenAt(before, now);
    if (words !== undefined) announce(words);
    if (now.phase !== 'over') return;
    clearInterval(this.#timer);
    this.dispatchEvent(new CustomEvent('drilled', { bubbles: true }));
  }

  /** The answer did not get through: nobody counts. */
  #stop(): void {
    clearInterval(this.#timer);
    this.count = READY;
    announce('It did not count. Let go.');
  }
}
define('lb-hold-drill', HoldDrill);
