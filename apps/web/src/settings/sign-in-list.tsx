'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Monitor } from 'lucide-react';
import { authClient } from '@/sign-in/auth-client';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { errorText } from '@/ui/error-text';
import { noValue } from '@/ui/format-number';
import { QueryView } from '@/ui/query-view';
import { SkeletonRows } from '@/ui/skeleton';
import { Time } from '@/ui/time';
import { toast } from '@/ui/toast';
import { deviceName } from './device-name';

interface Refusal {
  message?: string;
}

async function answerOf<T>(asked: Promise<{ data: T | null; error: Refusal | null }>): Promise<T> {
  const { data, error } = await asked;
  if (error !== null || data === null) throw new TypeError(error?.message ?? 'The console did not answer. Try again.');
  return data;
}

const queryKey = ['sign-ins'];

export function SignInList() {
  const queries = useQueryClient();
  const query = useQuery({
    queryKey,
    queryFn: async () => {
      const [all, own] = await Promise.all([answerOf(authClient.listSessions()), answerOf(authClient.getSession())]);
      return all.map((session) => ({ ...session, isOwn: session.token === own.session.token }));
    },
  });
  const revoke = useMutation({
    mutationFn: (token: string | null) =>
      token === null ? answerOf(authClient.revokeOtherSessions()) : answerOf(authClient.revokeSession({ token })),
    onSuccess: () => {
      toast.success('Signed out there.');
      void queries.invalidateQueries({ queryKey });
    },
    onError: (error) => toast.error(errorText(error)),
  });
  const others = query.data?.some(({ isOwn }) => !isOwn) === true;
  const all = (
    <Button size="small" disabled={!others} isPending={revoke.isPending} onClick={() => revoke.mutate(null)}>
      Sign out elsewhere
    </Button>
  );
  return (
    <Card title="Where you are signed in" hint="Sign out what you do not know." actions={all} isFlush>
      <QueryView query={query} skeleton={<SkeletonRows rows={3} />}>
        {(sessions) => (
          <ul className="divide-y">
            {sessions.map(({ id, token, userAgent, ipAddress, updatedAt, isOwn }) => (
              <li key={id} className="flex items-center gap-3 px-4 py-2.5">
                <Monitor className="size-4 shrink-0 text-ink-faint" aria-hidden />
                <div className="min-w-0 flex-1">
                  <div className="truncate font-medium">{deviceName(userAgent ?? '')}</div>
                  <div className="text-ink-faint text-xs">
                    {ipAddress || noValue} · <Time at={updatedAt} />
                  </div>
                </div>
                {isOwn ? (
                  <Badge tone="good">this one</Badge>
                ) : (
                  <Button size="small" kind="quiet" onClick={() => revoke.mutate(token)}>
                    Sign out
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </QueryView>
    </Card>
  );
}
