import { CopyButton } from './copy-button';

export function CodeBlock({ code, label }: { code: string; label: string }) {
  return (
    <div className="relative rounded-md border bg-sunken">
      <div className="absolute top-1 right-1">
        <CopyButton text={code} />
      </div>
      <pre
        className="overflow-x-auto p-3 pr-20 font-mono text-xs leading-5"
        tabIndex={0}
        role="region"
        aria-label={label}
      >
        {code}
      </pre>
    </div>
  );
}
