import { CopyButton } from '@/ui/copy-button';
import { formatCount } from '@/ui/format-number';

/** JSON to read and to copy; says when it is not the whole. */
export function JsonBlock({ json, label }: { json: { text: string; length: number }; label: string }) {
  const isCut = json.text.length < json.length;
  return (
    <div className="relative">
      <div className="absolute top-1 right-1 rounded-md bg-sunken">
        <CopyButton text={json.text} />
      </div>
      <pre
        role="region"
        tabIndex={0}
        aria-label={label}
        className="max-h-72 overflow-auto rounded-md bg-sunken p-3 font-mono text-2xs"
      >
        {json.text}
      </pre>
      {isCut && (
        <p className="mt-1 text-ink-faint text-xs">
          The first {formatCount(json.text.length)} of {formatCount(json.length)} characters.
        </p>
      )}
    </div>
  );
}
