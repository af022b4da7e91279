// Asks what the new lock shall be called, then begins the flow that pairs it.
import { html } from 'lit';
import type { Candidate, FlowView } from '../../api.d.ts';
import { showDialog } from '../../parts/dialog.ts';
import { field } from '../../parts/field.ts';
import { flowAt } from '../../shell/routes.ts';
import { post } from '../../state/api.ts';
import { withFlow } from '../../state/state.ts';
import { store } from '../../state/store.ts';
import { nameFrom } from './candidates.ts';

export async function pairDialog(candidate: Candidate): Promise<void> {
  const known = candidate.lock === undefined ? undefined : store.state.locks.get(candidate.lock);
  const units = [...new Set([...store.state.locks.values()].map(({ unit }) => unit.name))];
  let typed = known?.name ?? '';
  const flow = await showDialog<FlowView>({
    title: known ? `Pair ${known.name}` : `Pair this ${candidate.model}`,
    submit: 'Begin pairing',
    body: handle =>
      html`<p>
          ${
            known
              ? 'It keeps its name, its topics and its place. Stay at the lock until it is done.'
              : 'Stay at the lock until it is done; that takes a minute or two.'
          }
        </p>
        ${
          known
            ? ''
            : html`${field({
                label: 'Name',
                name: 'name',
                required: true,
                longest: 64,
                autofocus: true,
                value: typed,
                hint: hintOf(typed),
                changed: value => {
                  typed = value;
                  handle.again();
                },
              })}
              ${field({
                label: 'Home, flat or room it belongs to',
                name: 'unit',
                longest: 64,
                suggestions: units,
                hint: 'Locks of one place stand together. It may stay empty.',
              })}`
        }`,
    taken: fields => begin(candidate, known?.id, fields),
  });
  if (!flow) return;
  location.hash = flowAt(flow.id);
}

function hintOf(typed: string): string {
  const name = nameFrom(typed);
  if (typed === '' || name === typed) return 'For example front_door. It becomes part of MQTT topics.';
  return name === '' ? 'It needs letters or digits.' : `It will be ${name}.`;
}

function begin(
  candidate: Candidate,
  lock: string | undefined,
  fields: Readonly<Record<string, string>>,
): Promise<FlowView> {
  const { address } = candidate;
  const unit = (fields['unit'] ?? '').trim();
  const wanted =
    lock === undefined ? { name: nameFrom(fields['name'] ?? ''), ...(unit === '' ? {} : { unit }) } : { lock };
  const begun = post<FlowView>('api/flows', { type: 'repair', reason: 'new_lock', address, ...wanted });
  return store.take(begun, withFlow);
}
