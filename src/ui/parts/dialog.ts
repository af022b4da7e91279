// Modal dialogs on the browser's own <dialog>: focus stays inside, Escape closes, and the answer is a promise.
import { html, nothing, render, type TemplateResult } from 'lit';
import { wordsOf } from '../state/refusal.ts';
import { icon } from './icon.ts';

export interface DialogHandle<T> {
  close(value?: T): void;
  /** Draws it anew after something changed. */
  again(): void;
}
export interface DialogShape<T> {
  title: string;
  body: (handle: DialogHandle<T>) => TemplateResult;
  /** What the form's button says; without it there is only a close button. */
  submit?: string;
  danger?: boolean;
  /** Is given the fields by name; what it returns closes the dialog, what it throws is shown in it. */
  taken?: (fields: Readonly<Record<string, string>>, handle: DialogHandle<T>) => Promise<T> | T;
  cancel?: string;
}

let count = 0;

/** Undefined when the person closed it. */
export function showDialog<T>(shape: DialogShape<T>): Promise<T | undefined> {
  const before = document.activeElement;
  const element = document.createElement('dialog');
  count += 1;
  const id = `dialog-${count}`;
  element.className = 'dialog';
  element.setAttribute('aria-labelledby', id);
  document.body.append(element);
  return new Promise(resolve => {
    let answer: T | undefined;
    let problem = '';
    let busy = false;
    const handle: DialogHandle<T> = {
      close: value => {
        answer = value;
        element.close();
      },
      again: () => draw(),
    };
    const submitted = async (event: SubmitEvent): Promise<void> => {
      event.preventDefault();
      if (busy || !shape.taken) return;
      busy = true;
      problem = '';
      draw();
      try {
        handle.close(await shape.taken(fieldsOf(event.target as HTMLFormElement), handle));
      } catch (thrown) {
        problem = wordsOf(thrown);
      }
      busy = false;
      draw();
    };
    const draw = (): void => {
      render(
        html`<form class="dialog-form" @submit=${submitted}>
          <header class="dialog-head">
            <h2 id=${id}>${shape.title}</h2>
            <button type="button" class="button-icon" aria-label="Close" @click=${() => handle.close()}>
              ${icon('close')}
            </button>
          </header>
          <div class="dialog-body">${shape.body(handle)}</div>
          <footer class="dialog-foot">
            <div role="alert" class="dialog-problem" ?hidden=${problem === ''}>${problem}</div>
            <button type="button" class="button" @click=${() => handle.close()}>
              ${shape.cancel ?? (shape.submit === undefined ? 'Close' : 'Cancel')}
            </button>
            ${
              shape.submit === undefined
                ? nothing
                : html`<button
                    type="submit"
                    class="button ${shape.danger === true ? 'button-danger' : 'button-primary'}"
                    ?disabled=${busy}
                  >
                    ${busy ? 'One moment …' : shape.submit}
                  </button>`
            }
          </footer>
        </form>`,
        element,
      );
    };
    draw();
    // Whoever goes elsewhere is done with it.
    const left = (): void => element.close();
    window.addEventListener('hashchange', left, { once: true });
    element.addEventListener('close', () => {
      window.removeEventListener('hashchange', left);
      element.remove();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
      resolve(answer);
    });
    element.showModal();
    element.querySelector<HTMLElement>('[autofocus], .dialog-body input, .dialog-body select')?.focus();
  });
}

/** Yes or no. */
export async function confirm(shape: { title: string; text: string; yes: string; danger?: boolean }): Promise<boolean> {
  const { title, text, yes, danger } = shape;
  const answer = await showDialog<boolean>({
    title,
    submit: yes,
    danger: danger === true,
    body: () => html`<p>${text}</p>`,
    taken: () => true,
  });
  return answer === true;
}

export function fieldsOf(form: HTMLFormElement): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') fields[name] = value;
  return fields;
}
