// Hands a file to the person: the browser's own download.

/** `name` is the file's; nothing of it comes from outside. */
export function save(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  // The download has begun by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** "2026-05-11-0930", for names of files. */
export function stamp(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', '-').replace(':', '');
}

/** false: this browser does not allow it here (no secure connection). */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
