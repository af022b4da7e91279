// Sentences that stand with a plan: what a guide says that is not so here, what is not needed, and where help is.
import type { Plan } from '../plan.ts';
import type { Planning } from '../step.ts';
import { isPortable } from './planned.ts';

type Note = Plan['notes'][number];

export function procedureOf({ procedure }: Pick<Planning, 'procedure'>): Plan['procedure'] {
  const { id, title, facts, sourceTitles } = procedure;
  const sure = [facts.reset_physical, facts.reset_radio].some(fact => fact?.sure === 'seen');
  return { id, title, sure, sources: sourceTitles };
}

export function notesOf(about: Planning): Note[] {
  const { procedure, lock } = about;
  const known = procedure.id !== 'generic-unknown-lock';
  return [
    ...(isPortable(lock, procedure.form)
      ? [
          {
            text: 'Key boxes and padlocks have no left or right: nobody is asked for an orientation.',
            honours: ['S0-25'],
          },
        ]
      : []),
    {
      text: known
        ? `From the catalogue: ${procedure.title}. What is not sure in it is a question to you, never done by itself.`
        : 'This model is not in the catalogue: everything about it is a question to you, and nothing is destroyed by itself.',
      honours: ['S1-29', 'S1-35', 'S2-57'],
    },
    ...procedure.conflicts.map(text => ({ text, honours: [] })),
  ];
}

/** A guide asks for it of every lock; most models do not need it. */
export const NO_BATTERY_PULL: Note = {
  text: 'This model needs no pulling of batteries before it is unpaired; the guides’ way (open the compartment, take them out, wait some seconds, put them back) only refreshes the connection, and is a step where the lock does not respond.',
  honours: ['S0-07', 'S0-08', 'S0-09', 'S0-10', 'S0-11'],
};

/** Where things are, and who helps. */
export const DEVICE_NOTES: readonly Note[] = [
  {
    text: 'Start it from the page, the command line, Home Assistant or MQTT: the list there has only the locks that you may manage, and what erases stands apart at the very end.',
    honours: ['S0-12', 'S0-13', 'S0-14', 'S1-32'],
  },
  {
    text: 'What is not offered says why: another role, another state of the lock, or a lock that cannot do it. Sign in again if your role was changed.',
    honours: ['S0-39', 'S0-40'],
  },
  {
    text: 'When nothing helps, make the support bundle: model, steps tried with their results, and error messages are in it, and no secret. You send it yourself, to whom you like.',
    honours: ['S0-41', 'S0-47', 'S0-48', 'S0-49', 'S0-50', 'S0-51'],
  },
  {
    text: 'When a step is wrong for your lock, say so (flow comment): it is kept with the flow and goes into the support bundle, so that the catalogue can be mended.',
    honours: ['S2-62'],
  },
  {
    text: 'How long it takes is an estimate: some minutes when all goes well, longer where somebody has to fetch batteries.',
    honours: ['S1-03', 'S1-40', 'S2-63'],
  },
];
