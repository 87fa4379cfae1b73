'use client';

import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { useTRPC } from '@/trpc/client';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { errorText } from '@/ui/error-text';
import { inputLook } from '@/ui/text-field';
import { toast } from '@/ui/toast';
import { PhraseFieldInputs, usePhraseFields } from './phrase-fields';
import { useRefreshPhrases } from './use-phrases';

const phrasesMax = 1_000;

export function AddPhrases({ isOpen, onOpenChange }: { isOpen: boolean; onOpenChange: (open: boolean) => void }) {
  const trpc = useTRPC();
  const refresh = useRefreshPhrases();
  const id = useId();
  const [text, setText] = useState('');
  const given = usePhraseFields({ prob: '1', labels: '', domains: '' });
  const lines = [...new Set(text.split('\n').map((line) => line.trim()))].filter((line) => line !== '');
  const add = useMutation(
    trpc.suggestion.addPhrases.mutationOptions({
      onSuccess: ({ phraseIds }) => {
        toast.success(phraseIds.length === 1 ? 'One phrase is added.' : `${phraseIds.length} phrases are added.`);
        setText('');
        onOpenChange(false);
        refresh();
      },
      onError: (error) => toast.error(errorText(error)),
    }),
  );
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    const { prob, tags } = given;
    if (prob !== null) add.mutate({ phrases: lines.map((phrase) => ({ phrase, prob, ...tags })) });
  };
  const footer = (
    <>
      <Button onClick={() => onOpenChange(false)}>Cancel</Button>
      <Button
        kind="primary"
        isPending={add.isPending}
        disabled={lines.length === 0 || lines.length > phrasesMax || given.isFaulty || given.prob === null}
        onClick={() => submit()}
      >
        {lines.length > 1 ? `Add ${lines.length} phrases` : 'Add'}
      </Button>
    </>
  );
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title="Add phrases"
      hint="A phrase that exists gets what you give here instead of what it had."
      footer={footer}
    >
      <form onSubmit={submit} className="space-y-4">
        <div>
          <label htmlFor={id} className="mb-1 block font-medium text-xs">
            Phrases, one a line
          </label>
          <textarea
            id={id}
            rows={5}
            className={`${inputLook} h-auto py-1.5`}
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
          {lines.length > phrasesMax && <p className="mt-1 text-bad text-xs">At most {phrasesMax} at once.</p>}
        </div>
        <PhraseFieldInputs
          state={given}
          probHint="0 to 1: the higher, the earlier it is offered."
          domainsHint="With commas between."
        />
      </form>
    </Dialog>
  );
}
