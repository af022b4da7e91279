// Where a connection comes from, as one name for limits.

/** Without the prefix of an IPv4 address in IPv6 dress. */
export function unwrapped(address: string | undefined): string {
  const plain = (address ?? '').toLowerCase();
  const [, v4] = /^(?:::|(?:0{1,4}:){5})ffff:(\d{1,3}(?:\.\d{1,3}){3})$/.exec(plain) ?? [];
  return v4 ?? plain;
}

/** Whether it is this machine. */
export function isLoopback(address: string | undefined): boolean {
  const plain = unwrapped(address);
  return plain === '::1' || /^127(\.\d{1,3}){3}$/.test(plain);
}

/** An IPv6 neighbour has as many addresses as it likes, but one network: its first 64 bits. */
export function sourceOf(address: string | undefined): string {
  const plain = unwrapped(address).replace(/%.*$/, '');
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.split('::');
  const first = head.split(':').filter(part => part !== '');
  const last = tail === undefined ? [] : tail.split(':').filter(part => part !== '');
  const gap = tail === undefined ? 0 : Math.max(0, 8 - first.length - last.length);
  const all = [...first, ...Array.from({ length: gap }, () => '0'), ...last];
  return `${all
    .slice(0, 4)
    .map(part => part.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
