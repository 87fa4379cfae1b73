'use client';

import { type ReactNode, useId, useState } from 'react';
import { Button } from './button';
import { Dialog } from './dialog';
import { inputLook } from './text-field';

export interface ConfirmDialogProps {
  isOpen: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  /** What it affects, and how to undo it. */
  children: ReactNode;
  confirm: string;
  isDestructive?: boolean;
  isPending?: boolean;
  /** Has to be typed before the button works; for what cannot be undone. */
  typed?: string;
  onConfirm: () => void;
}

export function ConfirmDialog(props: ConfirmDialogProps) {
  const { isOpen, onOpenChange, title, children, confirm, isDestructive, isPending, typed, onConfirm } = props;
  const [text, setText] = useState('');
  const id = useId();
  const footer = (
    <>
      <Button onClick={() => onOpenChange(false)}>Keep as it is</Button>
      <Button
        kind={isDestructive ? 'danger' : 'primary'}
        isPending={isPending}
        disabled={typed !== undefined && text !== typed}
        onClick={onConfirm}
      >
        {confirm}
      </Button>
    </>
  );
  return (
    <Dialog isOpen={isOpen} onOpenChange={onOpenChange} title={title} footer={footer}>
      <div className="space-y-3 text-ink-soft">
        {children}
        {typed !== undefined && (
          <div>
            <label htmlFor={id} className="mb-1 block text-xs">
              Type <b className="font-mono text-ink">{typed}</b> to go on
            </label>
            <input id={id} className={inputLook} value={text} onChange={(event) => setText(event.target.value)} />
          </div>
        )}
      </div>
    </Dialog>
  );
}
