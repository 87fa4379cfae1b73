/** Both groups become one, whose root is the smaller place. */
export function joinGroups(parent: number[], left: number, right: number): void {
  const leftRoot = findRoot(parent, left);
  const rightRoot = findRoot(parent, right);
  parent[Math.max(leftRoot, rightRoot)] = Math.min(leftRoot, rightRoot);
}

export function findRoot(parent: number[], start: number): number {
  let node = start;
  while (parent[node] !== node) {
    const above = parent[node] ?? node;
    parent[node] = parent[above] ?? above;
    node = parent[node] ?? node;
  }
  return node;
}
