/** A line without axes; null values leave a gap. Decoration beside a number: readers get the number. */
export function Sparkline({
  values,
  width = 96,
  height = 28,
}: {
  values: (number | null)[];
  width?: number;
  height?: number;
}) {
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return <svg aria-hidden width={width} height={height} />;
  const low = Math.min(...known);
  const span = Math.max(...known) - low || 1;
  const x = (index: number) => (index / Math.max(1, values.length - 1)) * (width - 2) + 1;
  const y = (value: number) => height - 2 - ((value - low) / span) * (height - 4);
  const steps = values.map((value, index) => {
    if (value === null) return '';
    const starts = index === 0 || values[index - 1] === null;
    return `${starts ? 'M' : 'L'}${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
  });
  return (
    <svg aria-hidden width={width} height={height} className="overflow-visible">
      <path d={steps.join('')} fill="none" stroke="var(--series-1)" strokeWidth={1.5} strokeLinejoin="round" />
    </svg>
  );
}
