// docs/requirements.md from what the flows told.
import type { Asked } from './ids.ts';
import type { Told } from './stories.ts';

const GUIDES: Readonly<Record<string, string>> = {
  S0: 'Unpairing and pairing locks',
  S1: 'Resetting a smart key lock',
  S2: 'Rekeying a smart lock without the original key',
};
/** Enough to recognise the sentence. */
const MOST_TEXT = 280;
/** Places that are named for one requirement. */
const MOST_PLACES = 4;

export function page(asked: readonly Asked[], told: readonly Told[]): string {
  const open = asked.filter(({ id }) => !told.some(({ honours }) => honours.includes(id)));
  const lines = [
    '# What the guides ask for, and where it is honoured',
    '',
    'Made by `npm run requirements` from flows that were run on virtual locks; `npm test` compares. A line counts only when a',
    'plan that was run came to the step and showed the sentence. Where a step has several, the first is quoted.',
    '',
    `${asked.length - open.length} of ${asked.length} are honoured. Open: ${open.length}, all about metal keys and upkeep,`,
    'which flows for mechanical rekeying and maintenance will take.',
    '',
  ];
  for (const [guide, title] of Object.entries(GUIDES)) {
    lines.push(`## ${guide}. ${title}`, '');
    for (const one of asked.filter(({ id }) => id.startsWith(guide))) lines.push(...entry(one, told));
    lines.push('');
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

function entry({ id, asks }: Asked, told: readonly Told[]): string[] {
  const found = told.filter(({ honours }) => honours.includes(id));
  const [first] = found;
  if (!first) return [`- **${id}** ${asks}`, '  - open'];
  const places = [...new Set(found.map(({ where }) => where))];
  const more = places.length > MOST_PLACES ? ` and ${places.length - MOST_PLACES} more` : '';
  const where = places.slice(0, MOST_PLACES).map(place => `\`${place}\``);
  return [`- **${id}** ${asks}`, `  - ${where.join(', ')}${more}; in "${first.story}"`, `  - > ${quoted(first.text)}`];
}

function quoted(text: string): string {
  const plain = text.replace(/\s+/g, ' ').trim();
  return plain.length > MOST_TEXT ? `${plain.slice(0, MOST_TEXT - 1)}…` : plain;
}
