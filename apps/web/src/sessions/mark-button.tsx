'use client';

import type { SessionTimeline } from '@embedding-studio/core';
import { useRefusal } from '@/shell/signed-in-user';
import { Button } from '@/ui/button';
import { useMark } from './use-mark';

const hint = 'Nothing in the list answered: the session then speaks against what it showed. Can be taken back.';

export function MarkButton({ session }: { session: SessionTimeline }) {
  const { sessionId, isIrrelevant } = session;
  const { mark, unmark } = useMark(sessionId);
  const refusal = useRefusal('engineer');
  const change = isIrrelevant ? unmark : mark;
  return (
    <Button
      isPending={change.isPending}
      disabled={refusal !== null}
      title={refusal ?? (isIrrelevant ? undefined : hint)}
      onClick={() => change.mutate({ sessionId })}
    >
      {isIrrelevant ? 'Take the mark back' : 'Mark irrelevant'}
    </Button>
  );
}
