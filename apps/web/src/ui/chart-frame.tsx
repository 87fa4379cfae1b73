'use client';

import { ChartLine, Table2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button } from './button';
import { Card } from './card';

export interface ChartFrameProps {
  title: ReactNode;
  /** What one reads from it, units included. */
  hint?: ReactNode;
  actions?: ReactNode;
  chart: ReactNode;
  /** The same numbers as a table. */
  table: ReactNode;
  /** Pixels; `auto`: as high as what it shows. */
  height?: number | 'auto';
  className?: string;
}

/** A chart and, behind it, the table of its numbers. */
export function ChartFrame({ title, hint, actions, chart, table, height = 240, className }: ChartFrameProps) {
  const [isTable, setTable] = useState(false);
  const toggle = (
    <Button kind="quiet" size="small" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
      {isTable ? <ChartLine aria-hidden /> : <Table2 aria-hidden />}
      {isTable ? 'Chart' : 'Table'}
    </Button>
  );
  const buttons = (
    <div className="flex items-center gap-1">
      {actions}
      {toggle}
    </div>
  );
  return (
    <Card title={title} hint={hint} actions={buttons} className={className}>
      {isTable ? (
        <div style={{ maxHeight: height === 'auto' ? undefined : height, overflow: 'auto' }}>{table}</div>
      ) : (
        <div style={{ height }}>{chart}</div>
      )}
    </Card>
  );
}
