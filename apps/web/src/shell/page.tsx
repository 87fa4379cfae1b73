import type { ReactNode } from 'react';

export interface PageProps {
  title: ReactNode;
  /** One sentence: what this page is for. */
  hint?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** Title row and content column that every page shares. */
export function Page({ title, hint, actions, children }: PageProps) {
  return (
    <div className="mx-auto w-full max-w-[1600px] px-4 py-4 sm:px-6 sm:py-5">
      <header className="mb-4 flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-64">
          <h1 className="font-semibold text-lg tracking-tight">{title}</h1>
          {hint !== undefined && <p className="text-ink-faint">{hint}</p>}
        </div>
        {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      {children}
    </div>
  );
}
