// Clocks that run on between two looks at the daemon. Pure; `since` is when the number came, on the clock of `now`.

export interface Told {
  seconds: number;
  since: number;
}

export function secondsLeft({ seconds, since }: Told, now: number): number {
  return Math.max(0, Math.ceil(seconds - Math.max(0, now - since) / 1000));
}

export function secondsPast({ seconds, since }: Told, now: number): number {
  return Math.max(0, Math.floor(seconds + Math.max(0, now - since) / 1000));
}

/** 0:42, 3:05, 1:02:07 */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const two = (number: number): string => String(number).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** In words, for screen readers. */
export function clockWords(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const minutes = Math.floor(whole / 60);
  const rest = whole % 60;
  const words = [
    ...(minutes > 0 ? [`${minutes} minute${minutes === 1 ? '' : 's'}`] : []),
    ...(rest > 0 || minutes === 0 ? [`${rest} second${rest === 1 ? '' : 's'}`] : []),
  ];
  return words.join(' ');
}

/** The moments at which a clock that runs down is read out: nobody wants to hear each second. */
const READ_OUT = [600, 300, 120, 60, 30, 10];
export function readOut(before: number, now: number): number | undefined {
  return READ_OUT.find(mark => before > mark && now <= mark);
}

export type Urgency = 'calm' | 'soon' | 'now';
export function urgencyOf(left: number): Urgency {
  if (left <= 30) return 'now';
  return left <= 120 ? 'soon' : 'calm';
}
