'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { Play } from 'lucide-react';
import { useState } from 'react';
import { useTRPC } from '@/trpc/client';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { ErrorState } from '@/ui/error-state';
import { toast } from '@/ui/toast';
import { BodyEditor } from './body-editor';
import { RequestAnswer } from './request-answer';
import { type Draft, draftOf, type RequestDescription, readDraft } from './request-draft';
import { RequestFields } from './request-fields';
import { RequestPicker } from './request-picker';
import { Snippets } from './snippets';

const first = 'similaritySearch';

/** Any request of the public REST interface, with the rights of whoever is signed in. */
export function RequestConsole() {
  const trpc = useTRPC();
  const {
    data: requests,
    error,
    refetch,
  } = useQuery(trpc.request.listRestRequests.queryOptions(undefined, { staleTime: Number.POSITIVE_INFINITY }));
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  const initial = requests?.find(({ operationId }) => operationId === first) ?? requests?.[0];
  if (requests === undefined || initial === undefined) return null;
  return <Console requests={requests} initial={initial} />;
}

function Console({ requests, initial }: { requests: RequestDescription[]; initial: RequestDescription }) {
  const [draft, setDraft] = useState<Draft>(() => draftOf(initial));
  const request = requests.find(({ operationId }) => operationId === draft.operationId) ?? initial;
  const { mutate, data, isPending } = useMutation(
    useTRPC().request.runRestRequest.mutationOptions({ onError: (error) => toast.error(error.message) }),
  );
  const read = readDraft(request, draft);
  const send = () => {
    if (read.fault === null) mutate(read.request);
  };
  return (
    <div className="grid items-start gap-4 xl:grid-cols-2">
      <Card
        title={<RequestPicker requests={requests} value={request} onChange={(next) => setDraft(draftOf(next))} />}
        hint={request.summary}
        actions={
          <>
            <Snippets draft={draft} onChoose={setDraft} />
            <Button kind="primary" disabled={read.fault !== null} isPending={isPending} onClick={send}>
              <Play aria-hidden /> Send
            </Button>
          </>
        }
      >
        <RequestFields request={request} draft={draft} onChange={setDraft} />
        {request.method === 'POST' && (
          <BodyEditor
            request={request}
            value={draft.body}
            onChange={(body) => setDraft({ ...draft, body })}
            onSend={send}
          />
        )}
        {read.fault !== null && <p className="mt-2 text-bad text-xs">{read.fault}</p>}
      </Card>
      <RequestAnswer answer={data} isPending={isPending} />
    </div>
  );
}
