'use client';

import { usePathname, useSearchParams } from 'next/navigation';
import { useEffect } from 'react';
import { useProject } from './project';
import { projectCookie, projectParameter } from './project-names';

const yearS = 31_536_000;

/** Links between pages leave the project out. What else stands in the address stays as it is. */
function addToAddress(slug: string): void {
  const { pathname, search, hash } = window.location;
  const next = new URLSearchParams(search);
  next.set(projectParameter, slug);
  window.history.replaceState(null, '', `${pathname}?${next}${hash}`);
}

/** Keeps the project in every address, so that a link shows another person the same; another one loads the page anew. */
export function ProjectInAddress() {
  const { slug } = useProject();
  const path = usePathname();
  const asked = useSearchParams().get(projectParameter);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each page begins without it.
  useEffect(() => {
    if (asked === null) addToAddress(slug);
    else if (asked !== slug) window.location.reload();
  }, [asked, slug, path]);
  useEffect(() => {
    // biome-ignore lint/suspicious/noDocumentCookie: the cookie store is not to be had in every browser.
    document.cookie = `${projectCookie}=${slug}; path=/; max-age=${yearS}; samesite=lax`;
  }, [slug]);
  return null;
}
