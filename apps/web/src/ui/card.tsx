import type { ComponentProps, ReactNode } from 'react';
import { classNames } from './class-names';

export interface CardProps extends Omit<ComponentProps<'section'>, 'title'> {
  title?: ReactNode;
  /** One line below the title: what the reader sees here. */
  hint?: ReactNode;
  actions?: ReactNode;
  /** No padding around the content: for tables. */
  isFlush?: boolean;
}

export function Card({ title, hint, actions, isFlush, className, children, ...rest }: CardProps) {
  return (
    <section className={classNames('min-w-0 rounded-lg border bg-surface', className)} {...rest}>
      {title !== undefined && (
        <header className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-b px-4 py-2">
          <div className="min-w-0 flex-1 basis-44">
            <h2 className="font-semibold text-[13px]">{title}</h2>
            {hint !== undefined && <p className="text-ink-faint text-xs">{hint}</p>}
          </div>
          {actions}
        </header>
      )}
      <div className={isFlush ? '' : 'p-4'}>{children}</div>
    </section>
  );
}
