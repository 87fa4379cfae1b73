/** Groups of names that import each other in a circle (strongly connected, two or more, or one that imports itself). */
export function findCycles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const cycles: string[][] = [];
  const visit = (name: string) => {
    order.set(name, order.size);
    low.set(name, order.get(name) ?? 0);
    open.push(name);
    for (const next of graph.get(name) ?? []) {
      if (!order.has(next)) visit(next);
      // Only what is still open can lead back to here.
      if (open.includes(next)) low.set(name, Math.min(low.get(name) ?? 0, low.get(next) ?? 0));
    }
    if (low.get(name) !== order.get(name)) return;
    const group = open.splice(open.indexOf(name));
    if (group.length > 1 || graph.get(name)?.includes(name)) cycles.push(group.sort());
  };
  for (const name of graph.keys()) if (!order.has(name)) visit(name);
  return cycles;
}
