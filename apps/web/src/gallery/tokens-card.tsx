import { Card } from '@/ui/card';

const tokens = ['canvas', 'surface', 'raised', 'sunken', 'hover', 'selected', 'line', 'accent', 'good', 'warn', 'bad'];

export function TokensCard() {
  return (
    <Card title="Colours" hint="Named for what they are for; each has a value for light and one for dark.">
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(6rem,1fr))] gap-2">
        {tokens.map((token) => (
          <li key={token}>
            <div className="h-10 rounded-md border" style={{ background: `var(--${token})` }} />
            <span className="text-2xs text-ink-faint">{token}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
