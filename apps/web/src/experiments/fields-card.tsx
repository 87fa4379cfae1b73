import type { ReactNode } from 'react';
import { Card } from '@/ui/card';

/** A part of the form: fields side by side as the width allows. */
export function FieldsCard({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card title={title}>
      <div className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">{children}</div>
    </Card>
  );
}
