// « Recherche », a pli's story, a document, by keyboard.
import { beAt, check, focusOn, tabTo, text } from '../tools.mjs';

const open = async ({ page, url }, query = '') => { await beAt(page, url); await page.goto(`${url}/#/recherche${query}`); await page.locator('#q').waitFor(); };

export default [
  {
    share: true,
    name: 'search: by lot, then to the pli, the document and back, by keyboard alone',
    run: async (tools) => {
      const { page, shot, accessible } = tools;
      await open(tools);
      await focusOn(page, '#q');
      await shot('recherche-vide');
      await accessible('an empty search');
      await page.keyboard.type('20261120-595-0003');
      check((await text(page, '#q-compris')).includes('lot 20261120-595-0003'), 'what was understood is said');
      await page.keyboard.press('Enter');
      await focusOn(page, 'tbody th a');
      check(page.url().includes('q=20261120-595-0003'), page.url());
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('F2');
      await page.locator('aside img').waitFor();
      await shot('recherche');
      await accessible('results');
      await page.keyboard.press('Enter');
      await page.locator('.panel h1', { hasText: 'Pli' }).waitFor();
      await page.locator('.viewer canvas').waitFor();
      await page.locator('li', { hasText: 'Reçu et enregistré' }).waitFor();
      await page.waitForTimeout(400);
      await shot('pli');
      await accessible('a pli');
      await tabTo(page, '.docs a');
      await page.keyboard.press('Enter');
      await page.locator('.fields button').first().waitFor();
      await page.locator('.viewer canvas').waitFor();
      await tabTo(page, '.fields button');
      await page.keyboard.press('ArrowDown');
      await page.locator('.zone.on').waitFor();
      check(page.url().includes('champ='), 'the field is in the address');
      await page.waitForTimeout(400);
      await shot('document');
      await accessible('a document');
      await page.keyboard.press('F2');
      check(await page.evaluate(() => document.activeElement.classList.contains('stage')), 'F2 goes to the image');
      const small = await page.evaluate(() => document.querySelector('.sheet').clientWidth);
      for (let i = 0; i < 3; i += 1) await page.keyboard.press('+');
      check(await page.evaluate(() => document.querySelector('.sheet').clientWidth) > small * 1.5, '+ enlarges');
      await page.keyboard.press('r');
      await page.keyboard.press('0');
      check(await page.evaluate(() => { const s = document.querySelector('.sheet'); return s.clientWidth > s.clientHeight; }), 'R turns the page');
      await page.keyboard.press('F2');
      check(await page.evaluate(() => document.activeElement.matches('.fields button')), 'F2 comes back');
      await page.keyboard.press('Escape');
      await page.locator('.panel h1', { hasText: 'Pli' }).waitFor();
    },
  },
  {
    name: 'search: completions, criteria, saved searches, more results',
    run: async (tools) => {
      const { page } = tools;
      await open(tools);
      await page.locator('#q').focus();
      await page.keyboard.type('ser');
      await page.locator('[role=option]', { hasText: 'service:' }).waitFor();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.keyboard.type('tr');
      await page.locator('[role=option]', { hasText: 'service:TRANSPORT' }).waitFor();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      check((await page.locator('#q').inputValue()) === 'service:TRANSPORT ', await page.locator('#q').inputValue());
      await page.keyboard.press('Enter');
      await focusOn(page, 'tbody th a');
      await page.locator('button', { hasText: 'Garder cette recherche' }).focus();
      await page.keyboard.press('Enter');
      await page.reload();
      await page.locator('.views button').first().waitFor();
      await page.locator('#q').fill('etat:en-file');
      await page.keyboard.press('Enter');
      await page.locator('.more button').waitFor();
      const before = await page.locator('tbody tr').count();
      await page.locator('.more button').focus();
      await page.keyboard.press('Enter');
      await page.waitForFunction((old) => document.querySelectorAll('tbody tr').length > old, before);
    },
  },
  {
    share: true,
    name: 'search: a NIR is asked in the body alone, audited, in no address and no storage',
    run: async (tools) => {
      const { page, api, shot, accessible } = tools;
      await open(tools);
      await page.locator('#q').focus();
      await page.keyboard.type('2 55 08 14 168 025 38');
      await page.locator('#q-compris b.warn', { hasText: 'audit' }).waitFor();
      await shot('recherche-nir');
      await accessible('a search by NIR');
      await page.keyboard.press('Enter');
      await focusOn(page, 'tbody th a');
      const nir = '168025';
      check(!page.url().replace(/%20|\s/g, '').includes(nir), 'not in the address');
      check(!api.seen.join(' ').includes('25508'), 'not in any requested address');
      check(await page.evaluate((digits) => ![...Object.values({ ...localStorage }), ...Object.values({ ...sessionStorage })].join(' ').replace(/ /g, '').includes(digits), nir), 'not in the browser');
      check(await page.evaluate(() => !document.title.includes('168')), 'not in the title');
    },
  },
  {
    name: 'search: nothing found, a failure, a pli that does not exist',
    run: async (tools) => {
      const { page, api, url, accessible, shot } = tools;
      await open(tools, '?q=lot:20991231-595-9999');
      await page.locator('#rien').waitFor();
      check((await text(page, '#rien')).includes('lot 20991231-595-9999'), 'what was searched is said');
      await accessible('nothing found');
      await page.goto(`${url}/#/pli/${'f'.repeat(32)}`);
      await page.locator('.failure', { hasText: 'Pli inconnu' }).waitFor();
      await shot('pli-inconnu');
      await accessible('an unknown pli');
      await page.goto(`${url}/#/document/0000-1`);
      await page.locator('.failure', { hasText: 'Document inconnu' }).waitFor();
      api.faults.away = true;
      await page.goto(`${url}/#/recherche?q=lot:20261120-595-0001`);
      await page.locator('.failure', { hasText: 'Hub injoignable' }).waitFor();
    },
  },
  {
    name: 'a document: dark, and at 200 %',
    settings: { colorScheme: 'dark' },
    run: async (tools) => {
      const { page, api, url, shot, accessible } = tools;
      const row = [...api.day.documents.values()].find((one) => one.type === 'AAT');
      await page.goto(`${url}/#/document/${row.id}`);
      await page.locator('.viewer canvas').waitFor();
      await page.waitForTimeout(500);
      await shot('document-sombre');
      await accessible('a document, dark');
      await page.setViewportSize({ width: 640, height: 400 });
      check(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth) <= 0, 'no sideways scrolling');
      await accessible('a document at 200 %');
    },
  },
];
