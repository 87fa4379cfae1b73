'use client';

import { Rocket } from 'lucide-react';
import { useState } from 'react';
import { Page } from '@/shell/page';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { CodeBlock } from '@/ui/code-block';
import { EmptyState } from '@/ui/empty-state';
import { ErrorState } from '@/ui/error-state';
import { FactList } from '@/ui/fact-list';
import {
  formatBytes,
  formatCompact,
  formatDecimal,
  formatDelta,
  formatDuration,
  formatShare,
} from '@/ui/format-number';
import { Kbd } from '@/ui/kbd';
import { ProgressBar } from '@/ui/progress-bar';
import { Segmented } from '@/ui/segmented';
import { SkeletonRows } from '@/ui/skeleton';
import { StatTile } from '@/ui/stat-tile';
import { StatusBadge } from '@/ui/status-badge';
import { Switch } from '@/ui/switch';
import { TextField } from '@/ui/text-field';
import { Time } from '@/ui/time';
import { toast } from '@/ui/toast';
import { SeriesCard } from './series-card';
import { TokensCard } from './tokens-card';

const exampleError = new TypeError('The model server does not answer. Start it, then try again.');
const statuses = ['requested', 'running', 'live', 'standby', 'paused', 'failed', 'retired'];

/** Every building block of the console on one page, in the theme of the moment. */
export function Gallery() {
  return (
    <Page title="Components" hint="The building blocks of every page. Switch the theme below your name, or with ⌘K.">
      <div className="grid gap-4 md:grid-cols-2">
        <TokensCard />
        <SeriesCard />
        <Controls />
        <Card title="Words and numbers" hint="One way of writing each, everywhere. No value is an en dash, never 0.">
          <div className="mb-4 flex flex-wrap gap-1.5">
            {statuses.map((status) => (
              <StatusBadge key={status} status={status} />
            ))}
            <Badge tone="warn">drifting</Badge>
          </div>
          <FactList
            facts={[
              ['nDCG@10', formatDecimal(0.8914)],
              ['change', formatDelta(-0.0062)],
              ['share', formatShare(0.1234)],
              ['sessions', formatCompact(1_234_567)],
              ['size', formatBytes(92_274_688)],
              ['took', formatDuration(125_300)],
              ['no value', formatDecimal(null)],
              ['when', <Time key="when" at={new Date('2026-01-01T12:00:00Z')} />],
            ]}
          />
        </Card>
        <Card title="Tiles">
          <div className="grid gap-3 sm:grid-cols-2">
            <StatTile
              label="Searches"
              value="12.4k"
              change={{ text: '8.1 %', isUp: true, isGood: true }}
              trend={[4, 6, 5, null, 8, 9, 12]}
            />
            <StatTile
              label="Zero results"
              value="2.3 %"
              change={{ text: '0.4 pp', isUp: true, isGood: false }}
              trend={[1, 1.4, 2, 1.8, 2.3]}
            />
          </div>
          <ProgressBar className="mt-4" share={0.62} label="Items embedded" />
        </Card>
        <Card title="Code">
          <CodeBlock label="Example" code={'curl -s "$URL/api/v1/ping"\n{"ping":"pong"}'} />
        </Card>
        <Card title="Nothing yet" isFlush>
          <EmptyState icon={Rocket} title="No rollouts yet" action={<Button kind="primary">Train a model</Button>}>
            A rollout takes a trained model to live, step by step, and back. The first one starts with fine-tuning.
          </EmptyState>
        </Card>
        <Card title="Trouble" isFlush>
          <ErrorState error={exampleError} onRetry={() => toast('Tried again')} />
        </Card>
        <Card title="On its way" isFlush>
          <SkeletonRows rows={4} />
        </Card>
      </div>
    </Page>
  );
}

function Controls() {
  const [isOn, setOn] = useState(true);
  const [side, setSide] = useState('day');
  return (
    <Card title="Controls" hint="All of them by keyboard; what may not be used says why.">
      <div className="flex flex-wrap items-center gap-2">
        <Button kind="primary">Primary</Button>
        <Button>Secondary</Button>
        <Button kind="quiet">Quiet</Button>
        <Button kind="danger">Roll back</Button>
        <Button isPending>Saving</Button>
        <Kbd>⌘K</Kbd>
      </div>
      <div className="mt-4 flex flex-wrap items-center gap-4">
        <Segmented
          label="Period"
          value={side}
          onChange={setSide}
          options={[
            { value: 'day', title: 'Day' },
            { value: 'week', title: 'Week' },
            { value: 'month', title: 'Month' },
          ]}
        />
        <Switch label="Live tail" isOn={isOn} onChange={setOn} />
      </div>
      <div className="mt-4 grid gap-3 sm:grid-cols-2">
        <TextField label="Name" placeholder="films" hint="Shown in lists." />
        <TextField label="Port" defaultValue="80a" fault="Give a whole number from 1 to 65535." />
      </div>
    </Card>
  );
}
