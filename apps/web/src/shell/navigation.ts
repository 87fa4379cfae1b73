import type { Permission } from '@embedding-studio/contracts';
import {
  Activity,
  Boxes,
  ChartSpline,
  Component,
  Database,
  FlaskConical,
  Gauge,
  Layers,
  type LucideIcon,
  Map as MapIcon,
  MessagesSquare,
  Plug,
  Rocket,
  Search,
  Settings,
  Sparkles,
  Split,
  Workflow,
} from 'lucide-react';

export interface Destination {
  href: string;
  title: string;
  icon: LucideIcon;
  /** More words under which ⌘K finds it. */
  keywords: string;
  /** What it takes to see it; absent: everyone who is signed in. */
  permission?: Permission;
}

export interface Section {
  title: string;
  destinations: Destination[];
}

/** All pages, in the order of the loop. */
export const sections: Section[] = [
  {
    title: 'Search',
    destinations: [
      { href: '/overview', title: 'Overview', icon: Gauge, keywords: 'health metrics home' },
      {
        href: '/analytics',
        title: 'Analytics',
        icon: ChartSpline,
        keywords: 'metrics queries losers zero results ctr',
      },
      { href: '/search', title: 'Playground', icon: Search, keywords: 'query compare explain judge' },
      { href: '/collections', title: 'Collections', icon: Layers, keywords: 'index vectors live rollback' },
      { href: '/map', title: 'Embedding map', icon: MapIcon, keywords: 'projection scatter cluster' },
    ],
  },
  {
    title: 'Learn',
    destinations: [
      { href: '/sessions', title: 'Sessions', icon: Activity, keywords: 'clicks events clickstream batches' },
      { href: '/fine-tuning', title: 'Fine-tuning', icon: Sparkles, keywords: 'train jobs' },
      { href: '/runs', title: 'Runs', icon: FlaskConical, keywords: 'experiments mlflow metrics' },
      { href: '/models', title: 'Models', icon: Boxes, keywords: 'lineage versions' },
      { href: '/deployments', title: 'Deployments', icon: Rocket, keywords: 'rollouts gate switch rollback' },
      {
        ...{ href: '/experiments', title: 'A/B & interleaving', icon: Split },
        keywords: 'experiments test arms traffic canary shadow verdict',
      },
    ],
  },
  {
    title: 'Feed',
    destinations: [
      { href: '/data-sources', title: 'Data sources', icon: Database, keywords: 'ingest sync s3 postgres http' },
      { href: '/suggestions', title: 'Suggestions', icon: MessagesSquare, keywords: 'autocomplete phrases categories' },
      { href: '/plugins', title: 'Plugins', icon: Plug, keywords: 'rankers processors methods' },
    ],
  },
  {
    title: 'Operate',
    destinations: [
      { href: '/queues', title: 'Queues & workers', icon: Workflow, keywords: 'jobs tasks retry' },
      { href: '/settings', title: 'Settings', icon: Settings, keywords: 'users keys audit retention' },
      { href: '/gallery', title: 'Components', icon: Component, keywords: 'design tokens gallery' },
    ],
  },
];

export const destinations: Destination[] = sections.flatMap((section) => section.destinations);
