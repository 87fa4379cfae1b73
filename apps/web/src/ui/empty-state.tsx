import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

export interface EmptyStateProps {
  icon?: LucideIcon;
  title: string;
  /** What this place is for, and what fills it. */
  children: ReactNode;
  action?: ReactNode;
}

export function EmptyState({ icon: Icon, title, children, action }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center px-6 py-12 text-center">
      {Icon && <Icon className="mb-3 size-7 text-ink-faint" strokeWidth={1.5} aria-hidden />}
      <h3 className="font-medium text-sm">{title}</h3>
      <div className="mt-1 max-w-md text-ink-faint">{children}</div>
      {action && <div className="mt-4">{action}</div>}
    </div>
  );
}
