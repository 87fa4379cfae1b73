'use client';

import type { TaskKind, WorkerRole } from '@embedding-studio/contracts';
import { useMutation } from '@tanstack/react-query';
import { Pause, Play } from 'lucide-react';
import { useState } from 'react';
import { useRefusal } from '@/shell/signed-in-user';
import { useTRPCClient } from '@/trpc/client';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { TextField } from '@/ui/text-field';
import { toast } from '@/ui/toast';
import { Tooltip } from '@/ui/tooltip';

export interface PauseControlProps {
  target: { kind: TaskKind } | { role: WorkerRole };
  name: string;
  isPaused: boolean;
  running: number;
  isSmall?: boolean;
}

const stays = { duration: Number.POSITIVE_INFINITY };

/** Pauses with a reason, resumes at once. */
export function PauseControl({ target, name, isPaused, running, isSmall }: PauseControlProps) {
  const client = useTRPCClient();
  const refusal = useRefusal('engineer');
  const [isAsking, setAsking] = useState(false);
  const resume = useMutation({
    mutationFn: () => client.queue.resumeQueues.mutate(target),
    onSuccess: () => toast.success(`${name} goes on.`),
    onError: (error) => toast.error(error.message, stays),
  });
  const word = isPaused ? 'Resume' : 'Pause';
  const press = () => {
    if (refusal !== null) return;
    if (isPaused) resume.mutate();
    else setAsking(true);
  };
  return (
    <>
      <Tooltip
        content={refusal ?? (isPaused ? 'Lets workers take its jobs again' : 'Workers start nothing of it any more')}
      >
        <Button
          size={isSmall ? 'icon' : 'small'}
          kind="quiet"
          aria-label={`${word} ${name}`}
          aria-disabled={refusal !== null}
          isPending={resume.isPending}
          onClick={press}
        >
          {isPaused ? <Play /> : <Pause />}
          {!isSmall && word}
        </Button>
      </Tooltip>
      <PauseDialog target={target} name={name} running={running} isOpen={isAsking} onOpenChange={setAsking} />
    </>
  );
}

interface PauseDialogProps extends Pick<PauseControlProps, 'target' | 'name' | 'running'> {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}

function PauseDialog({ target, name, running, isOpen, onOpenChange }: PauseDialogProps) {
  const client = useTRPCClient();
  const [reason, setReason] = useState('');
  const pause = useMutation({
    mutationFn: () => client.queue.pauseQueues.mutate({ ...target, reason }),
    onSuccess: () => {
      toast.success(`${name} is paused.`);
      setReason('');
      onOpenChange(false);
    },
    onError: (error) => toast.error(error.message, stays),
  });
  const footer = (
    <>
      <Button onClick={() => onOpenChange(false)}>Keep it going</Button>
      <Button
        kind="primary"
        disabled={reason.trim().length < 3}
        isPending={pause.isPending}
        onClick={() => pause.mutate()}
      >
        Pause
      </Button>
    </>
  );
  return (
    <Dialog isOpen={isOpen} onOpenChange={onOpenChange} title={`Pause ${name}?`} footer={footer}>
      <div className="grid gap-3">
        <p className="text-ink-soft">
          Workers start none of its jobs until you resume it; new jobs wait and none is lost.
          {running > 0 && ` ${running} running ${running === 1 ? 'job goes' : 'jobs go'} on to the end.`}
        </p>
        <TextField
          label="Reason"
          hint="Everybody sees it beside the queue."
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          maxLength={300}
        />
      </div>
    </Dialog>
  );
}
