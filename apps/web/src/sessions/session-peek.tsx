'use client';

import type { SessionRow } from '@embedding-studio/core';
import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/trpc/client';
import { Peek } from '@/ui/peek';
import { QueryView } from '@/ui/query-view';
import { formatAbsolute } from '@/ui/time';
import { MarkButton } from './mark-button';
import { PeekContent } from './peek-content';

export interface SessionPeekProps {
  sessionId: string;
  /** The list that j and k move along. */
  rows: readonly SessionRow[];
  onOpen(sessionId: string): void;
  onClose(): void;
}

export function SessionPeek({ sessionId, rows, onOpen, onClose }: SessionPeekProps) {
  const trpc = useTRPC();
  const query = useQuery(trpc.session.getSessionTimeline.queryOptions({ sessionId }));
  const session = query.data;
  const at = rows.findIndex((row) => row.sessionId === sessionId);
  const mover = (to: SessionRow | undefined) =>
    to === undefined || at === -1 ? undefined : () => onOpen(to.sessionId);
  return (
    <Peek
      title={session === undefined ? 'Session' : session.query || '(no text)'}
      hint={session === undefined ? sessionId : formatAbsolute(session.at)}
      onClose={onClose}
      onPrevious={mover(rows[at - 1])}
      onNext={mover(rows[at + 1])}
      actions={session && <MarkButton session={session} />}
    >
      <QueryView query={query}>{(found) => <PeekContent session={found} onOpen={onOpen} />}</QueryView>
    </Peek>
  );
}
