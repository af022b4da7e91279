// docs/requirements.md is what the flows really do: it is made from runs on virtual locks, and compared.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FlowView } from '../../src/flow/words.ts';
import { requirements } from './ids.ts';
import { page } from './page.ts';
import { type Told, stories, tell } from './stories.ts';

const FILE = fileURLToPath(new URL('../../docs/requirements.md', import.meta.url));
/** `npm run requirements` writes it anew. */
const WRITE = process.env['LATCHBRIDGE_WRITE'] !== undefined;

const told: Told[] = [];
const ended = new Map<string, FlowView>();
beforeAll(async () => {
  for (const story of stories) {
    const { told: more, ended: view } = await tell(story);
    told.push(...more);
    ended.set(story.name, view);
  }
}, 120_000);

const honoured = (): Set<string> => new Set(told.flatMap(({ honours }) => honours));

describe('the flows of docs/requirements.md', () => {
  it('all come to a good end', () => {
    const bad = [...ended].filter(([, { state }]) => !state.startsWith('succeeded'));
    expect(bad.map(([name, { state, stop, step }]) => [name, state, step?.id, stop])).toEqual([]);
  });

  it('honour every requirement that is not about metal keys or upkeep', () => {
    const missing = requirements.filter(({ id, later }) => !later && !honoured().has(id));
    expect(missing.map(({ id, asks }) => `${id} ${asks}`)).toEqual([]);
  });

  it('honour nothing that nobody asked for', () => {
    const asked = new Set(requirements.map(({ id }) => id));
    expect([...honoured()].filter(id => !asked.has(id))).toEqual([]);
  });

  it('ask in at most twenty words where a voice speaks', () => {
    const spoken = [...ended.values()].flatMap(({ plan }) => plan.steps.flatMap(step => step.spoken ?? []));
    expect(spoken.filter(text => text.split(/\s+/).length > 20)).toEqual([]);
  });

  it('are what the document says', () => {
    const made = page(requirements, told);
    if (WRITE) writeFileSync(FILE, made);
    const written = existsSync(FILE) ? readFileSync(FILE, 'utf8') : '';
    expect(written === made, 'docs/requirements.md is not what the flows do: npm run requirements').toBe(true);
  });
});
