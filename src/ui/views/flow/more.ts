// What can be done to a flow at any time: pause, stop, hand over, go on elsewhere, say that a step is wrong, call for help.
import { html, nothing, type TemplateResult } from 'lit';
import type { FlowView } from '../../api.d.ts';
import { confirm, showDialog } from '../../parts/dialog.ts';
import { field } from '../../parts/field.ts';
import { icon, type IconName } from '../../parts/icon.ts';
import { personText } from '../../text/audit-words.ts';
import { attempt, toast } from '../../parts/toast.ts';
import { store } from '../../state/store.ts';
import { mayManage } from '../../text/role-words.ts';
import { answer, comment, drafts, handOver, steer } from './acting.ts';
import { passOn } from './pass-on.ts';

/** What stopping would mean now, for the question before it. */
export function stoppingText(view: FlowView): string {
  if (view.pivotAt === undefined) return `${view.atStake} What this flow has begun is taken back.`;
  return `${view.atStake} It cannot be undone any more: stopping leaves the door like that until somebody goes on.`;
}

export function more(view: FlowView): TemplateResult {
  const stands = view.state === 'paused' || view.state === 'planned' || view.state === 'needs_attention';
  const manages = mayManage(store.state.session?.who?.role);
  return html`<section class="flow-more" aria-label="More">
    <div class="flow-more-buttons">
      ${stands ? nothing : item('pause', 'Pause', () => attempt(() => steer(view.id, 'pause')))}
      ${item('phone', 'Go on elsewhere', () => passOn(view))}
      ${manages ? item('person', 'Hand over', () => handing(view)) : nothing}
      ${item('info', 'A step is wrong for my lock', () => commenting(view))}
      ${view.prompts.length > 0 ? item('warning', 'I cannot get out', () => lockedIn(view)) : nothing}
      ${item('close', 'Stop this flow', () => stopping(view))}
    </div>
  </section>`;
}

function item(picture: IconName, text: string, act: () => unknown): TemplateResult {
  return html`<button type="button" class="button button-quiet" @click=${() => void act()}>
    ${icon(picture, 'small')}${text}
  </button>`;
}

async function stopping(view: FlowView): Promise<void> {
  const yes = await confirm({ title: 'Stop this flow?', text: stoppingText(view), yes: 'Stop', danger: true });
  if (yes) await attempt(() => steer(view.id, 'cancel'));
}

/** Whoever is shut in ends it, whatever is being asked. */
async function lockedIn(view: FlowView): Promise<void> {
  const [prompt] = view.prompts;
  const text =
    'The flow stops at once and nothing more is sent to the lock. The thumb-turn and the inside handle work as ever.';
  if (prompt && (await confirm({ title: 'You cannot get out?', text, yes: 'Stop everything', danger: true }))) {
    await attempt(() => answer(view.id, { prompt: prompt.id, answer: 'locked_in' }));
  }
}

function handing(view: FlowView): Promise<unknown> {
  return showDialog({
    title: 'Hand over',
    submit: 'Hand over',
    body: () =>
      html`<p>It is in the hands of ${personText(view.holder)} now. The other person goes on where it stands.</p>
        ${field({ label: 'To whom', name: 'to', required: true, autofocus: true, longest: 64 })}`,
    taken: async fields => {
      await handOver(view.id, fields['to'] ?? '');
      toast('Handed over.', 'good');
      return true;
    },
  });
}

function commenting(view: FlowView): Promise<unknown> {
  const about = `comment-${view.step?.id ?? 'flow'}`;
  const title = view.step?.title;
  return showDialog({
    title: 'What is wrong?',
    submit: 'Keep it',
    body: () =>
      html`<p>
          ${title === undefined ? 'It' : `About “${title}”. It`} is kept with the flow and goes into the support bundle,
          so that the instructions for your model can be mended.
        </p>
        <div class="field">
          <label for="comment-text">In your own words</label>
          <textarea
            id="comment-text"
            name="text"
            rows="4"
            maxlength="300"
            required
            .value=${drafts.read(view.id, about)}
            @input=${(event: Event) => drafts.write(view.id, about, (event.target as HTMLTextAreaElement).value)}
          ></textarea>
        </div>`,
    taken: async fields => {
      await comment(view.id, fields['text'] ?? '');
      drafts.write(view.id, about, '');
      toast('Kept. Thank you.', 'good');
      return true;
    },
  });
}
