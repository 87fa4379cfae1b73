'use client';

import type { FineTuningDetail } from '@embedding-studio/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Copy, Play, Square } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { useRefusal } from '@/shell/signed-in-user';
import { useTRPC } from '@/trpc/client';
import { Button } from '@/ui/button';
import { ConfirmDialog } from '@/ui/confirm-dialog';
import { toast } from '@/ui/toast';
import { canResume, canStop } from './steps';

/** Stop, resume, clone. Stopping says what it affects and how it is undone. */
export function JobActions({ job, onChange }: { job: FineTuningDetail; onChange: () => void }) {
  const trpc = useTRPC();
  const cache = useQueryClient();
  const refusal = useRefusal('engineer');
  const [isAsking, setAsking] = useState(false);
  const settled = (word: string) => ({
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: trpc.fineTuning.pathKey() });
      toast.success(word);
      onChange();
    },
    onError: (error: { message: string }) => toast.error(error.message),
  });
  const stop = useMutation(trpc.fineTuning.stopFineTuning.mutationOptions(settled('Stopping after the current step')));
  const resume = useMutation(trpc.fineTuning.resumeFineTuning.mutationOptions(settled('Resumed from its checkpoint')));
  const gate = { disabled: refusal !== null, title: refusal ?? undefined };
  return (
    <>
      {canResume(job) && (
        <Button {...gate} isPending={resume.isPending} onClick={() => resume.mutate({ jobId: job.jobId })}>
          <Play /> Resume
        </Button>
      )}
      {canStop(job) && (
        <>
          <Button kind="danger" {...gate} isPending={stop.isPending} onClick={() => setAsking(true)}>
            <Square /> Stop
          </Button>
          <ConfirmDialog
            isOpen={isAsking}
            onOpenChange={setAsking}
            title="Stop this fine-tuning?"
            confirm="Stop fine-tuning"
            isDestructive
            onConfirm={() => {
              setAsking(false);
              stop.mutate({ jobId: job.jobId });
            }}
          >
            It ends after the step it is at, and keeps its checkpoint. What users search stays as it is. Resume goes on
            from the checkpoint.
          </ConfirmDialog>
        </>
      )}
      {refusal === null ? (
        <Button asChild>
          <Link href={`/fine-tuning?start=true&clone=${encodeURIComponent(job.jobId)}`}>
            <Copy /> Clone with changes
          </Link>
        </Button>
      ) : (
        <Button {...gate}>
          <Copy /> Clone with changes
        </Button>
      )}
    </>
  );
}
