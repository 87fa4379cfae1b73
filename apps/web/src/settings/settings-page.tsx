'use client';

import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { Page } from '@/shell/page';
import { Tabs } from '@/ui/tabs';
import { AboutTab } from './about-tab';
import { AccountTab } from './account-tab';
import { AuditTab } from './audit-tab';
import { KeysTab } from './keys-tab';
import { RetentionTab } from './retention-tab';
import { UsersTab } from './users-tab';

const names = ['users', 'keys', 'audit', 'retention', 'account', 'about'] as const;

export function SettingsPage() {
  const [tab, setTab] = useQueryState('tab', parseAsStringLiteral(names).withDefault('users'));
  return (
    <Page
      title="Settings"
      hint="Who may do what, which applications get in, what was done, and how long things are kept."
    >
      <Tabs
        label="Settings"
        value={tab}
        onChange={(next) => void setTab(next)}
        tabs={[
          { value: 'users', title: 'Users', content: <UsersTab /> },
          { value: 'keys', title: 'API keys', content: <KeysTab /> },
          { value: 'audit', title: 'Audit log', content: <AuditTab /> },
          { value: 'retention', title: 'Retention', content: <RetentionTab /> },
          { value: 'account', title: 'Account', content: <AccountTab /> },
          { value: 'about', title: 'About', content: <AboutTab /> },
        ]}
      />
    </Page>
  );
}
