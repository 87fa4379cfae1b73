'use client';

import { type KeyboardEvent, useRef, useState } from 'react';
import { classNames } from '@/ui/class-names';
import { Kbd } from '@/ui/kbd';
import { inputLook } from '@/ui/text-field';
import { type Completion, completeField, findWord, type RequestDescription } from './request-draft';

export interface BodyEditorProps {
  request: RequestDescription;
  value: string;
  onChange: (body: string) => void;
  onSend: () => void;
}

/** JSON with the request's fields offered while a name is typed: Tab takes the first, Ctrl-Enter sends. */
export function BodyEditor({ request, value, onChange, onSend }: BodyEditorProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const [caret, setCaret] = useState(0);
  const word = findWord(value, caret);
  const offered = word === null ? [] : completeField(request, value, word.word).slice(0, 8);
  const take = ({ text }: Completion) => {
    const from = word?.from ?? caret;
    onChange(value.slice(0, from) + text + value.slice(caret));
    const after = from + text.length;
    requestAnimationFrame(() => {
      area.current?.focus();
      area.current?.setSelectionRange(after, after);
      setCaret(after);
    });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const [best] = offered;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onSend();
    else if (event.key === 'Tab' && !event.shiftKey && best && word?.word !== '') take(best);
    else return;
    event.preventDefault();
  };
  return (
    <div>
      <textarea
        ref={area}
        aria-label="Body as JSON"
        spellCheck={false}
        className={classNames(inputLook, 'h-72 resize-y py-2 font-mono text-xs leading-5 xl:h-[50dvh]')}
        value={value}
        onChange={(event) => {
          onChange(event.target.value);
          setCaret(event.target.selectionStart);
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
        onKeyDown={onKeyDown}
      />
      <div className="mt-2 flex min-h-6 flex-wrap items-center gap-1">
        {offered.map((one) => (
          <button
            key={one.name}
            type="button"
            title={one.type}
            onClick={() => take(one)}
            className="h-6 rounded border px-2 font-mono text-2xs text-ink-soft hover:bg-hover"
          >
            {one.name}
            {one.isRequired && ' *'}
          </button>
        ))}
        <span className="ml-auto text-2xs text-ink-faint">
          <Kbd>Tab</Kbd> completes <Kbd>Ctrl ↵</Kbd> sends
        </span>
      </div>
    </div>
  );
}
