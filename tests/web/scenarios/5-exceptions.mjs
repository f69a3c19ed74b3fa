// « Anomalies »: lists that say what to do, verbs with a reason, undone or said not to be.
import { beAt, check, focusOn, tabTo, text } from '../tools.mjs';

const open = async ({ page, url }, list = '') => { await beAt(page, url); await page.goto(`${url}/#/anomalies${list ? `?liste=${list}` : ''}`); await page.locator('[role=tab]').first().waitFor(); };

export default [
  {
    share: true,
    name: 'exceptions: a quarantined pli is tried again with a reason, by keyboard alone',
    run: async (tools) => {
      const { page, api, shot, accessible } = tools;
      await open(tools);
      await page.locator('tbody th a').first().waitFor();
      await shot('anomalies');
      await accessible('the exceptions');
      await tabTo(page, 'tbody th a');
      await page.keyboard.press('Digit1');
      await focusOn(page, '#motif');
      await shot('anomalies-verbe');
      await accessible('a verb');
      await page.keyboard.press('Enter');
      await page.locator('dialog [role=alert]', { hasText: 'motif' }).waitFor();
      await page.keyboard.type('lecteur remplacé');
      await page.keyboard.press('Enter');
      await page.locator('#bilan', { hasText: '1 fait' }).waitFor();
      check((await text(page, '#bilan')).includes('Ne se défait pas'), 'said not to be undone');
      check(api.day.recovered[0].verb === 'un-quarantine' && api.day.recovered[0].reason === 'lecteur remplacé', JSON.stringify(api.day.recovered));
      await accessible('what was done');
    },
  },
  {
    name: 'exceptions: several at once, what is refused is said line by line; a hold is undone',
    run: async (tools) => {
      const { page, api, shot } = tools;
      await open(tools, 'documents');
      await page.locator('tbody th a').first().waitFor();
      await page.locator('tbody th a').first().focus();
      await page.keyboard.press('Digit1');
      await focusOn(page, '#motif');
      await page.keyboard.type('avis donné');
      await page.keyboard.press('Enter');
      await page.locator('#bilan button', { hasText: 'Défaire' }).waitFor();
      check([...api.day.documents.values()].every((row) => row.state !== 'HELD'), 'released');
      await page.locator('#bilan button', { hasText: 'Défaire' }).focus();
      await page.keyboard.press('Enter');
      await focusOn(page, '#motif');
      await page.keyboard.type('trop tôt');
      await page.keyboard.press('Enter');
      await page.locator('#bilan', { hasText: 'Mettre en attente' }).waitFor();
      check([...api.day.documents.values()].some((row) => row.state === 'HELD'), 'held again');
      await page.goto(`${tools.url}/#/anomalies?liste=quarantaine`);
      await page.locator('tbody th a').nth(1).waitFor();
      await page.locator('tbody th a').first().focus();
      await page.keyboard.press('Space');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Space');
      await page.locator('.acts', { hasText: '2 éléments choisis' }).waitFor();
      await page.keyboard.press('Digit1');
      await focusOn(page, '#motif');
      await page.keyboard.type('essai');
      await page.keyboard.press('Enter');
      await page.locator('#bilan', { hasText: '1 refusé' }).waitFor();
      check((await text(page, '#bilan table')).includes('changé d’état'), 'why it was refused');
      await shot('anomalies-bilan');
    },
  },
  {
    name: 'exceptions: rejects and unbalanced lots say what to do; empty lists say so',
    run: async (tools) => {
      const { page, api, shot, accessible } = tools;
      await open(tools, 'rejets');
      await page.locator('tbody', { hasText: 'Renumériser le pli' }).waitFor();
      await shot('anomalies-rejets');
      await accessible('the rejects');
      await page.locator('[role=tab][aria-selected=true]').focus();
      await page.keyboard.press('ArrowRight');
      await page.locator('tbody', { hasText: 'plis manquants' }).waitFor();
      await shot('anomalies-lots');
      await accessible('the lots');
      await page.goto(`${tools.url}/#/anomalies?liste=renumeriser`);
      await page.locator('.empty', { hasText: 'Rien à renumériser' }).waitFor();
      await accessible('an empty list');
      api.faults.away = true;
      await page.goto(`${tools.url}/#/anomalies?liste=renvoyes`);
      await page.locator('.failure').waitFor();
    },
  },
];
