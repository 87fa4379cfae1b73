'use client';

import { KeyRound } from 'lucide-react';
import { Button } from '@/ui/button';
import { CodeBlock } from '@/ui/code-block';
import { Dialog } from '@/ui/dialog';

export interface SecretDialogProps {
  /** Null: closed. */
  secret: string | null;
  title: string;
  hint: string;
  label: string;
  onClose: () => void;
}

/** Shows what is never shown again. */
export function SecretDialog({ secret, title, hint, label, onClose }: SecretDialogProps) {
  const footer = (
    <Button kind="primary" onClick={onClose}>
      I have kept it
    </Button>
  );
  return (
    <Dialog isOpen={secret !== null} onOpenChange={(open) => !open && onClose()} title={title} footer={footer} isWide>
      <p className="mb-3 flex items-start gap-2 rounded-md bg-warn-soft px-3 py-2 text-warn">
        <KeyRound className="mt-0.5 size-4 shrink-0" aria-hidden /> {hint}
      </p>
      {secret !== null && <CodeBlock code={secret} label={label} />}
    </Dialog>
  );
}
