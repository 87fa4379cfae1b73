import type { ReactNode } from 'react';
import { Logo } from '@/shell/logo';

/** The card in the middle that sign-in, set-up and invitations share. */
export function Frame({ title, hint, children }: { title: string; hint: ReactNode; children: ReactNode }) {
  return (
    <main className="grid min-h-dvh place-items-center p-4">
      <div className="w-full max-w-sm">
        <div className="mb-5 flex items-center gap-2 font-semibold text-sm">
          <Logo /> Embedding Studio
        </div>
        <div className="rounded-xl border bg-surface p-6">
          <h1 className="font-semibold text-lg tracking-tight">{title}</h1>
          <p className="mt-1 mb-5 text-ink-faint">{hint}</p>
          {children}
        </div>
      </div>
    </main>
  );
}
