function numbersOf(version: string): number[] {
  // Debian versions look like 5:0.8.0-1.pgdg+1: the epoch and the packaging revision do not count.
  const upstream = version.replace(/^\d+:/, '').replace(/[-+~].*$/, '');
  return upstream.split('.').map((part) => Number.parseInt(part, 10) || 0);
}

/** Negative when a is older than b, by the dotted numbers of the upstream version. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
