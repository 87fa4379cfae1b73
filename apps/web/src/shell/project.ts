'use client';

import type { ProjectEntry } from '@embedding-studio/core';
import { createContext, useContext } from 'react';

export interface ProjectFacts {
  /** Where this page is. */
  slug: string;
  /** All that are open to this person, this one among them. */
  entries: readonly ProjectEntry[];
  /** The installation has no other: nothing is said of projects. */
  isOnly: boolean;
}

export const ProjectContext = createContext<ProjectFacts | null>(null);

export function useProject(): ProjectFacts {
  const project = useContext(ProjectContext);
  if (project === null) throw new TypeError('useProject is for pages behind sign-in.');
  return project;
}
