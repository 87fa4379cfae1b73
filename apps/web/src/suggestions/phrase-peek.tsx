'use client';

import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useRefusal } from '@/shell/signed-in-user';
import { useTRPC } from '@/trpc/client';
import { Button } from '@/ui/button';
import { ConfirmDialog } from '@/ui/confirm-dialog';
import { errorText } from '@/ui/error-text';
import { FactList } from '@/ui/fact-list';
import { formatCount, formatDecimal, noValue } from '@/ui/format-number';
import { Peek } from '@/ui/peek';
import { toast } from '@/ui/toast';
import { Tooltip } from '@/ui/tooltip';
import { PhraseFieldInputs, usePhraseFields } from './phrase-fields';
import { type Phrase, useRefreshPhrases } from './use-phrases';

export interface PhrasePeekProps {
  phrase: Phrase;
  onClose: () => void;
  onPrevious?: () => void;
  onNext?: () => void;
}

/** One phrase: what it rests on, and what an operator may say about it. */
export function PhrasePeek({ phrase, ...peek }: PhrasePeekProps) {
  const trpc = useTRPC();
  const refresh = useRefreshPhrases();
  const refusal = useRefusal('engineer');
  const [isDeleting, setDeleting] = useState(false);
  const remove = useMutation(
    trpc.suggestion.deletePhrase.mutationOptions({
      onSuccess: () => {
        toast.success(`“${phrase.phrase}” is not suggested any more. Add it again to undo.`);
        peek.onClose();
        refresh();
      },
      onError: (error) => toast.error(errorText(error)),
    }),
  );
  const actions = (
    <Tooltip content={refusal}>
      <Button kind="danger" aria-disabled={refusal !== null} onClick={() => refusal === null && setDeleting(true)}>
        Never suggest
      </Button>
    </Tooltip>
  );
  return (
    <Peek title={phrase.phrase} hint={<code>{phrase.id}</code>} actions={actions} {...peek}>
      <div className="space-y-6">
        <FactList
          facts={[
            ['Compared as', <code key="key">{phrase.key}</code>],
            ['Given', formatDecimal(phrase.prob, 2)],
            ['Learned', formatDecimal(phrase.learned, 4)],
            ['People behind it', phrase.learned === null ? noValue : formatCount(phrase.people)],
          ]}
        />
        <ChangeForm phrase={phrase} refusal={refusal} />
      </div>
      <ConfirmDialog
        isOpen={isDeleting}
        onOpenChange={setDeleting}
        title="Never suggest this phrase?"
        confirm="Never suggest it"
        isDestructive
        isPending={remove.isPending}
        onConfirm={() => remove.mutate({ phraseId: phrase.id })}
      >
        <p>
          “{phrase.phrase}” is no longer offered to anybody, however many people type it. To undo this, add the phrase
          again.
        </p>
      </ConfirmDialog>
    </Peek>
  );
}

function ChangeForm({ phrase, refusal }: { phrase: Phrase; refusal: string | null }) {
  const trpc = useTRPC();
  const refresh = useRefreshPhrases();
  const given = usePhraseFields({
    prob: phrase.prob === null ? '' : String(phrase.prob),
    labels: phrase.labels.join(', '),
    domains: phrase.domains.join(', '),
  });
  const { prob, tags, isFaulty } = given;
  const change = useMutation(
    trpc.suggestion.changePhrase.mutationOptions({
      onSuccess: () => {
        toast.success('The phrase is changed.');
        refresh();
      },
      onError: (error) => toast.error(errorText(error)),
    }),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (refusal !== null || isFaulty) return;
    const label = compareTags(phrase.labels, tags.labels);
    const domain = compareTags(phrase.domains, tags.domains);
    change.mutate({
      phraseId: phrase.id,
      ...(prob !== null && { prob }),
      ...{
        addLabels: label.added,
        removeLabels: label.removed,
        addDomains: domain.added,
        removeDomains: domain.removed,
      },
    });
  };
  return (
    <form onSubmit={submit} className="space-y-4">
      <h3 className="font-semibold text-[13px]">Change it</h3>
      <PhraseFieldInputs
        state={given}
        probHint="0 to 1. Overrules what sessions teach; 0 keeps it at the end of every list."
        domainsHint="A request for a domain finds only phrases that have it. Learned domains come back."
      />
      <Tooltip content={refusal}>
        <Button type="submit" kind="primary" isPending={change.isPending} aria-disabled={refusal !== null || isFaulty}>
          Save
        </Button>
      </Tooltip>
    </form>
  );
}

function compareTags(before: string[], after: string[]): { added: string[]; removed: string[] } {
  return {
    added: after.filter((tag) => !before.includes(tag)),
    removed: before.filter((tag) => !after.includes(tag)),
  };
}
