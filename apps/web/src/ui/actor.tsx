/** Who did something; a long id is shortened, whole on hover. */
export function Actor({ name }: { name: string }) {
  const [kind = '', ...rest] = name.split(':');
  const id = rest.join(':');
  const short = id.length > 14 ? `${id.slice(0, 10)}…` : id;
  return <span title={name}>{id === '' ? kind : `${kind} ${short}`}</span>;
}
