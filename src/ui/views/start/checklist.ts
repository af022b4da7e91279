// The first steps: what there must be before locks can be used well, from what the daemon says about itself. Pure.
import type { Health } from '../../api.d.ts';

export interface Step {
  id: 'radio' | 'mqtt' | 'recovery_code' | 'lock' | 'matter';
  title: string;
  /** How it is now. */
  text: string;
  /** What to do about it. */
  fix?: string;
  done: boolean;
  /** It works without. */
  optional: boolean;
  link?: { href: string; text: string };
}

export const SKIP_KEY = 'latchbridge-first-steps-skipped';

export function checklist({ health, locks }: { health: Health; locks: number }): Step[] {
  const radio = partOf(health, 'radio');
  const steps: Step[] = [
    {
      id: 'radio',
      title: 'Bluetooth',
      optional: false,
      ...radio,
      link: { href: '#/system/radios', text: 'Look at it' },
    },
    {
      id: 'lock',
      title: 'A lock',
      text: locks > 0 ? `${locks} ${locks === 1 ? 'lock is' : 'locks are'} paired.` : 'None is paired yet.',
      done: locks > 0,
      optional: false,
      link: { href: '#/nearby', text: 'Look nearby' },
    },
    {
      id: 'recovery_code',
      title: 'Recovery code on paper',
      optional: false,
      ...partOf(health, 'recovery_code'),
      fix: 'Write it down and type it back once. It opens your keys when this computer is lost.',
      link: { href: '#/system/recovery', text: 'Write it down' },
    },
    {
      id: 'mqtt',
      title: 'Home Assistant or MQTT',
      optional: true,
      ...partOf(health, 'mqtt'),
      link: { href: '#/system/mqtt', text: 'Look at it' },
    },
  ];
  const matter = health.parts.find(({ name }) => name === 'matter');
  if (matter)
    steps.push({
      id: 'matter',
      title: 'Matter: Apple, Google and others',
      optional: true,
      ...partOf(health, 'matter'),
      link: { href: '#/system/matter', text: 'Show the code' },
    });
  return steps;
}

/** What is optional does not keep the list on the home view. */
export function isReady(steps: readonly Step[]): boolean {
  return steps.every(({ done, optional }) => done || optional);
}

function partOf(health: Health, name: string): { text: string; done: boolean; fix?: string } {
  const part = health.parts.find(each => each.name === name);
  if (!part) return { text: 'Not used here.', done: true };
  return { text: part.text, done: part.ok, ...(part.fix === undefined ? {} : { fix: part.fix }) };
}
