// « Pilotage », at the desk and across the room.
import { check, focusOn, focusVisible, sideways, tabTo, text } from '../tools.mjs';

const open = async ({ page, url }, query = '') => {
  await page.goto(`${url}/#/pilotage${query}`);
  await page.locator('#etape-files .figure').waitFor();
};

export default [
  {
    share: true,
    name: 'wall: stock and equations, live',
    run: async (tools) => {
      const { page, shot, accessible } = tools;
      await open(tools);
      const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0);
      tools.note(`first paint after ${paint.toFixed(0)} ms`);
      tools.figure('first paint of the wall', `${paint.toFixed(0)} ms`, '1 s');
      check(paint > 0, 'something was painted');
      await page.locator('.live[data-state="on"]').waitFor();
      for (const one of ['plis', 'documents', 'pages']) check((await text(page, `#equation-${one} .difference`)).includes('écart 0'), `equation ${one}`);
      const before = await text(page, '#etape-acquittes .figure');
      await page.waitForFunction((old) => document.querySelector('#etape-acquittes .figure').innerText !== old, before);
      await page.locator('#journal a').first().waitFor();
      await shot('pilotage');
      await accessible('the wall');
      await page.locator('#equation-documents summary').focus();
      await page.keyboard.press('Enter');
      check((await text(page, '#equation-documents')).includes('créés ='), 'the sum is shown');
    },
  },
  {
    name: 'wall: a difference that is not zero is the loudest thing',
    run: async (tools) => {
      const { page, api, accessible } = tools;
      const status = api.day.status.bind(api.day);
      api.day.status = () => ({ ...status(), difference: { plis: 0, documents: 3, pages: 0 } });
      await open(tools);
      check((await text(page, '#equation-documents .difference')).includes('✗ écart 3'), 'the difference is said');
      await accessible('a difference');
      await page.goto(`${tools.url}/#/pilotage?vue=salle`);
      await page.locator('.state.bad', { hasText: 'documents 3' }).waitFor();
    },
  },
  {
    share: true,
    name: 'wall: queues by keyboard alone, first breach first, details and back',
    run: async (tools) => {
      const { page, shot, accessible } = tools;
      await open(tools);
      await page.keyboard.press('Tab');
      check(await page.evaluate(() => document.activeElement.classList.contains('skip')), 'the skip link comes first');
      await page.keyboard.press('Enter');
      check(await page.evaluate(() => document.activeElement.id === 'contenu'), 'the skip link goes to the content');
      check((await text(page, 'tbody th')).includes('Invalidité'), 'what is late comes first');
      await tabTo(page, 'tbody th a');
      check(await focusVisible(page), 'the focus is seen');
      for (let i = 0; i < 3; i += 1) await page.keyboard.press('ArrowDown');
      check(await page.evaluate(() => document.activeElement.closest('tr').rowIndex) === 4, 'arrows move between lines');
      await page.keyboard.press('Enter');
      await page.locator('#details li a').first().waitFor();
      check((await text(page, '#details')).includes('sorties −'), 'the formula is shown');
      await shot('pilotage-details');
      await accessible('details of a queue');
      await page.keyboard.press('Escape');
      await page.locator('#details').waitFor({ state: 'detached' });
      check(await page.evaluate(() => document.activeElement.closest('tr')?.rowIndex) === 4, 'the focus comes back to its line');
      await page.keyboard.press('F2');
      await page.locator('#details').waitFor();
      await page.keyboard.press('F2');
      await page.locator('#details').waitFor({ state: 'detached' });
    },
  },
  {
    name: 'wall: filters and order live in the address; lines do not move under the cursor',
    run: async (tools) => {
      const { page, api } = tools;
      await open(tools, '?caisse=594');
      await page.waitForFunction(() => document.querySelectorAll('.left > .table-box tbody tr').length === 2);
      await page.locator('#f-caisse').selectOption('');
      await page.locator('tbody th a').first().focus();
      await page.keyboard.press('/');
      await focusOn(page, '#f-file');
      await page.keyboard.type('indemnites');
      await page.waitForFunction(() => document.querySelectorAll('.left > .table-box tbody tr').length === 3);
      check(page.url().includes('file=indemnites'), page.url());
      await page.locator('#f-file').fill('rien de tel');
      await page.locator('.empty', { hasText: 'Aucune file ne correspond' }).waitFor();
      await page.locator('#f-file').fill('');
      await page.locator('thead button', { hasText: 'En attente' }).focus();
      await page.keyboard.press('Enter');
      check(page.url().includes('tri=attente'), page.url());
      check(await page.locator('th[aria-sort="ascending"]').count() === 1, 'the order is said');
      const first = await text(page, 'tbody th a');
      const status = api.day.status.bind(api.day);
      api.day.status = () => { const s = status(); s.queues.forEach((queue, i) => { queue.depth = i * 100; }); return s; };
      await page.locator('#reclasser').waitFor();
      check(await text(page, 'tbody th a') === first, 'the line stays');
      await page.locator('#reclasser').focus();
      await page.keyboard.press('Enter');
      await page.waitForFunction((old) => document.querySelector('tbody th a').innerText !== old, first);
    },
  },
  {
    share: true,
    name: 'wall: hours before it was opened, punctuality, delays, the keying with the people present',
    run: async (tools) => {
      const { page, api, shot, accessible } = tools;
      await open(tools);
      await page.locator('#delais tbody tr').first().waitFor();
      const { figuresOf } = await import('../fake_api/figures.mjs');
      const figures = figuresOf(api.day.status()), first = figures.queues.find((one) => one.service === 'INVAL');
      const line = page.locator('.left > .table-box tbody tr', { hasText: 'Invalidité' });
      check((await line.innerText()).includes(`${Math.round(100 * first.taken_day0 / first.taken || 0)}`) || first.taken === 0, 'the share of J');
      await page.waitForFunction(() => document.querySelector('#etape-recus .rate').innerText.startsWith('52'));
      check((await text(page, '#etape-coder .rate')).includes('6,1 plis/min'), 'a rate says what it counts');
      check(await page.locator('.left > .table-box tbody path.line').count() > 3, 'the hours before are drawn');
      check((await text(page, '#vidage-codage')).includes('Vidage du codage'), 'the forecast of the keying');
      const slowest = await page.locator('#delais tbody tr').first().locator('svg').getAttribute('aria-label');
      check(slowest.includes('1er décile') && slowest.includes('médiane') && slowest.includes('9e décile'), slowest);
      await page.locator('#f-priorite').selectOption('P3');
      await page.waitForFunction(() => [...document.querySelectorAll('#delais tbody th')].every((one) => !one.innerText.includes('arrêt de travail')));
      await page.locator('#f-priorite').selectOption('');
      await page.locator('#f-delai').selectOption('closed');
      await page.locator('#f-periode').selectOption('24h');
      await page.waitForFunction(() => document.querySelector('thead').innerText.includes('24 heures'));
      check(page.url().includes('periode=24h'), page.url());
      check(api.seen.some((one) => one.includes('history=1440')), 'a day is asked for');
      await tabTo(page, '.right details summary');
      await page.keyboard.press('Enter');
      check(await page.locator('.right details[open] tbody tr').count() >= 10, 'the curve is a table too');
      await shot('pilotage-historique');
      await accessible('history and delays');
    },
  },
  {
    name: 'wall: which environment this is stands on every screen',
    run: async (tools) => {
      const { page, api, accessible } = tools;
      api.environment = 'recette';
      await open(tools);
      check((await text(page, '#environnement')).toLowerCase().includes('recette'), 'recette');
      await accessible('the band');
      await page.goto(`${tools.url}/#/recherche`);
      await page.locator('#q').waitFor();
      check(await page.locator('#environnement').count() === 1, 'on another screen');
      await page.goto(`${tools.url}/#/pilotage?vue=salle`);
      await page.locator('.env.recette').waitFor();
      api.environment = 'production';
      await page.reload();
      await page.locator('.env.production').waitFor();
    },
  },
  {
    name: 'wall: across the room',
    settings: { viewport: { width: 1920, height: 1080 } },
    run: async (tools) => {
      const { page, shot, accessible } = tools;
      await open(tools, '?vue=salle');
      check(await page.locator('.bar').count() === 0, 'no menu');
      check(await page.evaluate(() => parseFloat(getComputedStyle(document.querySelector('.large .figure')).fontSize)) >= 60, 'figures are read from afar');
      await page.locator('td.figure').first().waitFor();
      check(await sideways(page) <= 0, `the room scrolls sideways by ${await sideways(page)} px`);
      await page.waitForTimeout(1_200);
      await shot('pilotage-salle');
      await accessible('the room');
    },
  },
  {
    name: 'wall: an empty day says what to do, every queue empty too',
    run: async (tools) => {
      const { page, api, shot, accessible } = tools;
      const empty = api.day.status();
      for (const part of ['plis', 'documents', 'pages']) for (const name of Object.keys(empty[part])) if (typeof empty[part][name] === 'number') empty[part][name] = 0;
      empty.documents.in_flight = {};
      empty.queues = [];
      api.day.status = () => empty;
      await open(tools);
      check((await text(page, '#vide')).includes('inbox/'), 'the folder is named');
      check((await text(page, '.body .empty')).includes('Toutes les files sont vides'), 'no queue');
      await shot('pilotage-vide');
      await accessible('an empty day');
    },
  },
  {
    share: true,
    name: 'wall: a hub that is away is said, and the page comes back by itself',
    run: async (tools) => {
      const { page, api, shot, accessible } = tools;
      api.faults.away = true;
      await page.goto(`${tools.url}/`);
      await page.locator('.failure').waitFor();
      check((await text(page, '.failure')).includes('Numéro de suivi'), 'the trace id is given');
      await shot('panne');
      await accessible('a failure');
      api.faults.away = false;
      await page.locator('.failure button').focus();
      await page.keyboard.press('Enter');
      await page.locator('#etape-files .figure').waitFor();
    },
  },
  {
    name: 'wall: a cut network is said after 3 s, figures grey after 10 s, and it resumes where it was',
    run: async (tools) => {
      const { page, api, context, shot } = tools;
      await open(tools);
      await page.locator('.live[data-state="on"]').waitFor();
      await page.locator('#journal a').first().waitFor();
      for (const stream of api.streams) stream.destroy();
      await context.setOffline(true);
      await page.locator('#alerte', { hasText: 'coupée' }).waitFor({ timeout: 60_000 });
      await page.locator('main.stale').waitFor({ timeout: 60_000 });
      check((await text(page, '.live')).includes('données de'), 'the age of the figures is said');
      await shot('pilotage-coupure');
      const seen = api.day.seq;
      api.seen.length = 0;
      await context.setOffline(false);
      await page.locator('.live[data-state="on"]').waitFor({ timeout: 60_000 });
      check(await page.locator('#alerte').count() === 0, 'the alarm leaves');
      await page.waitForFunction((past) => [...document.querySelectorAll('#journal li')].length > 0 && past > 0, seen);
    },
  },
  {
    share: true,
    name: 'wall: dark, and at 200 % without sideways scrolling',
    settings: { colorScheme: 'dark', viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 },
    run: async (tools) => {
      const { page, shot, accessible } = tools;
      await open(tools);
      await page.locator('.table-box tbody tr').first().waitFor();
      check(await sideways(page) <= 0, `the wall scrolls sideways by ${await sideways(page)} px`);
      await shot('pilotage-200');
      await accessible('the wall, dark, at 200 %');
    },
  },
  {
    name: 'wall: dark at the desk',
    settings: { colorScheme: 'dark' },
    run: async (tools) => {
      await open(tools);
      await tools.page.locator('tbody tr').first().waitFor();
      await tools.page.waitForTimeout(1_500);
      await tools.shot('pilotage-sombre');
      await tools.accessible('the wall, dark');
    },
  },
  {
    name: 'F1 shows the keys of the screen and gives the focus back',
    run: async (tools) => {
      const { page, shot, accessible } = tools;
      await open(tools);
      await tabTo(page, 'tbody th a');
      await page.keyboard.press('F1');
      await page.locator('dialog[open]').waitFor();
      await shot('aide');
      await accessible('the help');
      await page.keyboard.press('Escape');
      await page.locator('dialog').waitFor({ state: 'detached' });
      check(await page.evaluate(() => document.activeElement.matches('tbody th a')), 'the focus comes back');
    },
  },
];
