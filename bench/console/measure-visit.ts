import type { Browser } from 'playwright-core';

export interface Visit {
  /** First contentful paint, milliseconds from the start of navigation (W3C Paint Timing). */
  paintMs: number;
  /** Scripts as they travel: compressed. */
  scriptBytes: number;
  /** Largest answer of the API, as it travels. */
  answerBytes: number;
  calls: number;
}

interface Loaded {
  name: string;
  transferSize: number;
}

/** One visit with an empty cache, until the page is at rest. */
export async function measureVisit(browser: Browser, { url, state }: { url: string; state: string }): Promise<Visit> {
  const context = await browser.newContext({ storageState: state });
  try {
    const page = await context.newPage();
    await page.goto(url);
    await page.locator('main [aria-busy="true"]:not(button)').first().waitFor({ state: 'detached' });
    await page.waitForTimeout(300);
    return await page.evaluate(() => {
      const resources = performance.getEntriesByType('resource') as unknown as Loaded[];
      const scripts = resources.filter(({ name }) => name.includes('/_next/static/') && name.includes('.js'));
      const calls = resources.filter(({ name }) => name.includes('/api/trpc/'));
      return {
        paintMs: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
        scriptBytes: scripts.reduce((sum, { transferSize }) => sum + transferSize, 0),
        answerBytes: Math.max(0, ...calls.map(({ transferSize }) => transferSize)),
        calls: calls.length,
      };
    });
  } finally {
    await context.close();
  }
}
