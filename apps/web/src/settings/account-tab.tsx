'use client';

import { useProject } from '@/shell/project';
import { useUser } from '@/shell/signed-in-user';
import { Card } from '@/ui/card';
import { FactList } from '@/ui/fact-list';
import { PasswordForm } from './password-form';
import { roleHints } from './role-words';
import { SignInList } from './sign-in-list';

export function AccountTab() {
  const user = useUser();
  const { slug, isOnly } = useProject();
  return (
    <div className="grid items-start gap-5 lg:grid-cols-2">
      <div className="space-y-5">
        <Card title="You">
          <FactList
            facts={[
              ['Name', user.name],
              ['Email', user.email],
              [isOnly ? 'Role' : `Role in ${slug}`, `${user.role}. ${roleHints[user.role]}`],
            ]}
          />
        </Card>
        <PasswordForm />
      </div>
      <SignInList />
    </div>
  );
}
