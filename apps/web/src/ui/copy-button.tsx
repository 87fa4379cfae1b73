'use client';

import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { Button } from './button';
import { toast } from './toast';

export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  const [isDone, setDone] = useState(false);
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      setDone(true);
      setTimeout(() => setDone(false), 1_500);
    } catch {
      toast.error('The browser did not allow copying. Select the text and copy it by hand.');
    }
  }
  return (
    <Button kind="quiet" size="small" onClick={() => void copy()}>
      {isDone ? <Check aria-hidden /> : <Copy aria-hidden />} {isDone ? 'Copied' : label}
    </Button>
  );
}
