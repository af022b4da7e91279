// For who cannot look at the screen: ticks and a cue by sound and by vibration; and a screen that stays lit.
const KEY = 'latchbridge.sound';

export function soundIsOn(): boolean {
  try {
    return localStorage.getItem(KEY) === 'on';
  } catch {
    return false;
  }
}

export function setSound(on: boolean): void {
  try {
    localStorage.setItem(KEY, on ? 'on' : 'off');
  } catch {
    // Then it holds until the page is left.
  }
}

let audio: AudioContext | undefined;

/** To be called where a person presses: browsers allow sound only from then on. */
export function wakeSound(): void {
  audio ??= new AudioContext();
  void audio.resume();
}

function beep(hertz: number, ms: number, afterMs = 0): void {
  if (!audio || audio.state !== 'running') return;
  const from = audio.currentTime + afterMs / 1000;
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.frequency.value = hertz;
  // Without the ramps it clicks.
  volume.gain.setValueAtTime(0, from);
  volume.gain.linearRampToValueAtTime(0.25, from + 0.01);
  volume.gain.linearRampToValueAtTime(0, from + ms / 1000);
  tone.connect(volume).connect(audio.destination);
  tone.start(from);
  tone.stop(from + ms / 1000 + 0.02);
}

export function signalTick(sound: boolean): void {
  navigator.vibrate?.(40);
  if (sound) beep(660, 70);
}

/** Unlike any tick: three rising tones, three long pulses. */
export function signalLetGo(sound: boolean): void {
  navigator.vibrate?.([220, 90, 220, 90, 220]);
  if (!sound) return;
  beep(880, 140);
  beep(1175, 140, 170);
  beep(1568, 320, 340);
}

/** Keeps the screen lit while wanted; a page that was hidden asks again when it is seen. */
export class Light {
  #wanted = false;
  #lock: WakeLockSentinel | undefined;
  #asking = false;

  want(on: boolean): void {
    this.#wanted = on;
    if (on) void this.#take();
    else void this.#drop();
  }

  readonly seen = (): void => {
    if (!document.hidden && this.#wanted) void this.#take();
  };

  async #take(): Promise<void> {
    if (this.#asking || (this.#lock && !this.#lock.released) || !('wakeLock' in navigator)) return;
    this.#asking = true;
    // A device that saves its battery may say no; then it goes dark as ever.
    this.#lock = await navigator.wakeLock.request('screen').catch(() => undefined);
    this.#asking = false;
    if (!this.#wanted) await this.#drop();
  }

  async #drop(): Promise<void> {
    const lock = this.#lock;
    this.#lock = undefined;
    await lock?.release().catch(() => undefined);
  }
}
