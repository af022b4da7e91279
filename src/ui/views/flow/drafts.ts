// What was typed and not sent yet outlives a reload of this tab. Secrets are never kept.

type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export class Drafts {
  readonly #shelf: Shelf | undefined;

  /** Without a shelf, such as in a browser that forbids it, nothing is kept. */
  constructor(shelf: Shelf | undefined) {
    this.#shelf = shelf;
  }

  read(flow: string, about: string): string {
    try {
      return this.#shelf?.getItem(keyOf(flow, about)) ?? '';
    } catch {
      return '';
    }
  }

  write(flow: string, about: string, text: string): void {
    try {
      if (text === '') this.#shelf?.removeItem(keyOf(flow, about));
      else this.#shelf?.setItem(keyOf(flow, about), text);
    } catch {
      // Full or forbidden: then it does not outlive a reload.
    }
  }
}

function keyOf(flow: string, about: string): string {
  return `latchbridge.draft.${flow}.${about}`;
}
