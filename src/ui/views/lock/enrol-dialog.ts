// Putting a card or a fingerprint on a lock: first whose it is, then step by step what to do at the lock, as the lock says it.
import { html, nothing, type TemplateResult } from 'lit';
import type { EnrolNews, LockView } from '../../api.d.ts';
import { notice } from '../../parts/bits.ts';
import { showDialog } from '../../parts/dialog.ts';
import { field } from '../../parts/field.ts';
import { icon } from '../../parts/icon.ts';
import { announce } from '../../parts/toast.ts';
import { post, segment } from '../../state/api.ts';
import { hearEvents } from '../../state/live.ts';
import { Refusal, wordsOf } from '../../state/refusal.ts';
import { takeTerms, terms } from './credential-dialog.ts';
import { KIND_WORDS } from './credentials.ts';

type TokenKind = 'card' | 'finger';
const SECONDS = 60;

/** true: it is on the lock. */
export async function enrolDialog(lock: LockView, kind: TokenKind): Promise<boolean> {
  const word = KIND_WORDS[kind].one.toLowerCase();
  const wish = await showDialog<object>({
    title: `New ${word}`,
    submit: 'Go on at the lock',
    body: () =>
      html`<p>You need to be at the lock, with ${kind === 'card' ? 'the card' : 'the finger'} at hand.</p>
        ${field({ label: 'Whose is it?', name: 'person', longest: 64, autofocus: true })} ${terms(lock, kind)}
        ${
          kind === 'card'
            ? field({
                label: 'Number of the card, if you know it',
                name: 'number',
                inputmode: 'numeric',
                pattern: '[0-9]{1,20}',
                hint: 'Then nobody has to hold it to the lock.',
              })
            : nothing
        }`,
    taken: ({ number = '', ...fields }) => ({ ...takeTerms(fields), ...(number === '' ? {} : { number }) }),
  });
  if (!wish) return false;
  return 'number' in wish ? addNumber(lock, wish) : atTheLock(lock, kind, wish);
}

async function addNumber(lock: LockView, wish: object): Promise<boolean> {
  await post(`api/locks/${segment(lock.id)}/cards`, wish);
  return true;
}

async function atTheLock(lock: LockView, kind: TokenKind, wish: object): Promise<boolean> {
  const gone = new AbortController();
  let news: EnrolNews | undefined;
  let problem = '';
  let again: () => void = () => undefined;
  let close: (done?: boolean) => void = () => undefined;
  const deaf = hearEvents(event => {
    if (event.kind !== 'enrol' || event.lock.id !== lock.id) return;
    news = event.enrol;
    announce(news.text);
    navigator.vibrate?.(30);
    again();
  });
  const shown = showDialog<boolean>({
    title: `At ${lock.name}`,
    cancel: 'Stop',
    body: handle => {
      again = () => handle.again();
      close = done => handle.close(done);
      return problem === '' ? stepOf(kind, news) : notice({ tone: 'bad', text: problem });
    },
  });
  const work = post(
    `api/locks/${segment(lock.id)}/${kind}s/enrol`,
    { ...wish, seconds: SECONDS },
    { signal: gone.signal },
  );
  work.then(
    () => close(true),
    (thrown: unknown) => {
      if (gone.signal.aborted) return;
      problem = thrown instanceof Refusal || thrown instanceof Error ? wordsOf(thrown) : '';
      again();
    },
  );
  const done = await shown;
  deaf();
  gone.abort();
  return done === true;
}

function stepOf(kind: TokenKind, news: EnrolNews | undefined): TemplateResult {
  const text = news?.text ?? 'Connecting to the lock …';
  return html`<div class="enrol">
    <span class="bolt-icon">${icon(KIND_WORDS[kind].icon, 'large')}</span>
    <p class="enrol-text" role="status">${text}</p>
    ${
      news?.step !== undefined && news.of !== undefined
        ? html`<p class="hint">${news.step} of ${news.of}</p>
            <progress aria-label="Presses taken" max=${news.of} value=${news.step}></progress>`
        : nothing
    }
  </div>`;
}
