import { afterEach, describe, expect, inject, it } from 'vitest';
import { tell } from './harness/ask.ts';
import { type OpenConsole, openConsole } from './harness/open-console.ts';

let opened: OpenConsole | null = null;
const open = async (...options: Parameters<typeof openConsole>) => {
  opened = await openConsole(...options);
  return opened;
};
afterEach(async () => {
  await opened?.close();
});

const mark = Date.now().toString(36);

describe('an experiment', () => {
  it('is set up, started, given less traffic and stopped', async () => {
    const { page, visit, findFaults, shoot, errors } = await open();
    await visit('/experiments?create=true');
    await page.getByRole('button', { name: 'Store the draft' }).click();
    await page
      .getByRole('textbox', { name: 'Name', exact: true, disabled: false })
      .and(page.locator('[aria-invalid]'))
      .waitFor();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill(`Words only ${mark}`);
    await page.getByLabel('Layer', { exact: true }).fill(`e2e-${mark}`);
    await page.getByLabel('Arm 2').getByLabel('Finds by').selectOption('lexical');
    expect(await findFaults()).toEqual([]);
    await shoot('experiment-form');
    await page.getByRole('button', { name: 'Store the draft' }).click();
    await page.waitForURL(/\/experiments\/exp_/);

    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Start' }).click();
    await page.getByRole('heading', { level: 1 }).getByText('running').waitFor();
    const slider = page.getByRole('slider', { name: /Takes part now/ });
    await slider.press('ArrowLeft');
    await page.getByText('Traffic is 99 % now.').first().waitFor();

    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('heading', { level: 1 }).getByText('stopped').waitFor();
    expect(await findFaults()).toEqual([]);
    await visit('/experiments?state=stopped');
    await page.getByRole('link', { name: `Words only ${mark}` }).waitFor();
    expect(await findFaults()).toEqual([]);
    await shoot('experiments');
    expect(errors).toEqual([]);
  });

  it('says whether its figures hold before it says what they are', async () => {
    const { page, visit, findFaults, shoot, errors } = await open();
    const definition = {
      ...{ name: `Read out ${mark}`, kind: 'ab', layer: `read-${mark}`, unitsMin: 1 },
      arms: [{ name: 'control' }, { name: 'words', treatment: { vectorWeight: 0 } }],
      guardrails: [{ metric: 'zero-result-rate', lossMax: 0.05 }],
    };
    const { id } = await tell<{ id: string }>(inject('world'), 'experiment.createExperiment', definition);
    await tell(inject('world'), 'experiment.startExperiment', { experimentId: id });
    await tell(inject('world'), 'experiment.takeReadout', { experimentId: id });
    await tell(inject('world'), 'experiment.stopExperiment', { experimentId: id });
    await visit(`/experiments/${id}`);
    await page.getByTestId('verdict').waitFor();
    const titles = await page.getByRole('main').getByRole('heading', { level: 2 }).allInnerTexts();
    expect(titles.slice(0, 3)).toEqual(['Health', 'Verdict', 'Results']);
    await page
      .getByRole('region', { name: 'Primary metric' })
      .getByRole('img', { name: /Satisfied CTR of words/ })
      .waitFor();
    expect(await findFaults()).toEqual([]);
    await shoot('experiment');
    await visit(`/experiments/${id}?readout=rdo_gone`);
    await page.getByText(/has no read-out rdo_gone/).waitFor();
    await page.getByRole('button', { name: 'Back to the newest' }).click();
    await page.getByTestId('verdict').waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.locator('html').evaluate((element) => element.scrollWidth)).toBeLessThanOrEqual(390);
    expect(errors).toEqual([]);
  });
});
