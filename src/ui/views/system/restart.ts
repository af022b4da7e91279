// Restarting Latchbridge from the page: who starts it again and what comes of it is said before the yes.
import { html, nothing } from 'lit';
import type { RestartView } from '../../api.d.ts';
import { notice } from '../../parts/bits.ts';
import { showDialog } from '../../parts/dialog.ts';
import { attempt, toast } from '../../parts/toast.ts';
import { get, post } from '../../state/api.ts';
import { store } from '../../state/store.ts';

export async function restart(): Promise<void> {
  await attempt(async () => {
    const view = await get<RestartView>('api/restart');
    const begun = await showDialog<{ text: string }>({
      ...headOf(view),
      body: () =>
        html`${notice({ tone: view.again ? 'accent' : 'warn', text: view.text })}
        ${
          view.kept_by === 'demo'
            ? nothing
            : html`<ul class="bullets">
                ${view.effects.map(text => html`<li>${text}</li>`)}
              </ul>`
        }`,
      taken: () => post<{ text: string }>('api/restart', view.again ? {} : { by_hand: true }),
    });
    if (!begun) return;
    toast(begun.text);
    sayWhenBack();
  });
}

function headOf({ kept_by: keptBy, again }: RestartView): { title: string; submit?: string; danger?: boolean } {
  if (keptBy === 'demo') return { title: 'Restarting a demo' };
  if (again) return { title: 'Restart Latchbridge?', submit: 'Restart now' };
  return { title: 'End Latchbridge?', submit: 'End it; I start it again', danger: true };
}

/** The banner says that it is away; that it is back is easily missed. */
export function sayWhenBack(): void {
  let wasLost = false;
  const deaf = store.hear(() => {
    const { connection } = store.state;
    if (connection === 'lost') wasLost = true;
    if (!wasLost || connection !== 'live') return;
    deaf();
    toast('Latchbridge is back.', 'good');
  });
}
