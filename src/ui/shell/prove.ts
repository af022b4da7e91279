// Asks for the password again before something that cannot be undone. Several requests at once wait for one dialog.
import { html } from 'lit';
import { showDialog } from '../parts/dialog.ts';
import { field } from '../parts/field.ts';
import { post } from '../state/api.ts';
import { store } from '../state/store.ts';

let asked: Promise<boolean> | undefined;

/** false: the person would rather not. */
export function askForProof(): Promise<boolean> {
  asked ??= ask().finally(() => {
    asked = undefined;
  });
  return asked;
}

async function ask(): Promise<boolean> {
  const proved = await showDialog<boolean>({
    title: 'Your password, please',
    submit: 'Go on',
    body: () =>
      html`<p>This cannot be undone by itself, so Latchbridge makes sure that it is you.</p>
        <input
          type="text"
          name="username"
          autocomplete="username"
          .value=${store.state.session?.who?.name ?? ''}
          hidden
        />
        ${field({
          label: 'Password',
          name: 'password',
          type: 'password',
          autocomplete: 'current-password',
          required: true,
          autofocus: true,
          hint: 'It then holds for five minutes.',
        })}`,
    taken: async fields => {
      await post('api/session/prove', { password: fields['password'] ?? '' }, { plain: true });
      return true;
    },
  });
  return proved === true;
}
