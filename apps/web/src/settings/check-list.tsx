'use client';

export interface CheckListProps<Value extends string> {
  legend: string;
  hint?: string;
  options: { value: Value; title: string; hint?: string }[];
  chosen: readonly Value[];
  onChange: (chosen: Value[]) => void;
}

export function CheckList<Value extends string>({ legend, hint, options, chosen, onChange }: CheckListProps<Value>) {
  const flip = (value: Value) =>
    onChange(chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value]);
  return (
    <fieldset>
      <legend className="mb-1 font-medium text-xs">
        {legend} {hint && <span className="font-normal text-ink-faint">{hint}</span>}
      </legend>
      <div className="max-h-40 divide-y overflow-y-auto rounded-md border">
        {options.map((option) => (
          <label key={option.value} className="flex cursor-pointer items-center gap-2.5 px-3 py-1.5 hover:bg-hover">
            <input
              type="checkbox"
              checked={chosen.includes(option.value)}
              onChange={() => flip(option.value)}
              className="accent-(--accent)"
            />
            <span className="shrink-0 font-medium">{option.title}</span>
            <span className="ml-auto truncate text-ink-faint text-xs">{option.hint}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
