// What a person does, with the keyboard alone unless a scenario says otherwise.

// Presses Tab until `selector` has the focus, as somebody without a mouse does.
async function tabTo(page, selector, most = 60) {
  for (let i = 0; i < most; i += 1) {
    if (await page.evaluate((s) => document.activeElement?.matches(s), selector)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${selector} cannot be reached with Tab`);
}
const focusVisible = (page) => page.evaluate(() => {
  const style = getComputedStyle(document.activeElement);
  return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
});
const text = (page, selector) => page.locator(selector).first().innerText();


// The document with volets that every invented morning has.
async function openVolets({ page, url }) {
  const list = await (await page.request.get(`${url}/api/v1/documents?type=AAT&limit=200`)).json();
  const found = list.documents.find((d) => d.pli === '0001');
  await page.goto(`${url}/#/document/${found.id}`);
  await page.locator('.stage svg').waitFor();
  return found.id;
}

export const scenarios = [
  {
    name: 'the chain shows live counts and both equations',
    run: async ({ page, url, check, shot, accessible }) => {
      await page.goto(url);
      await page.locator('#etape-services .figure').waitFor();
      await page.locator('#direct[data-state="on"]').waitFor();
      for (const id of ['plis', 'documents', 'pages']) check((await text(page, `#equation-${id} .difference`)).includes('écart 0'), `equation ${id}`);
      const before = await text(page, '#etape-services .figure');
      await page.waitForFunction((old) => document.querySelector('#etape-services .figure').innerText !== old, before, { timeout: 15_000 });
      await page.locator('#journal a').first().waitFor();
      await shot('1-chaine');
      await accessible('the chain');
    },
  },
  {
    name: 'from the chain to a document and back, by keyboard alone',
    run: async ({ page, url, check, shot, accessible }) => {
      await page.goto(url);
      await page.locator('#etape-files .figure').waitFor();
      await page.keyboard.press('Tab');
      check(await page.evaluate(() => document.activeElement.classList.contains('skip')), 'the skip link comes first');
      await page.keyboard.press('Enter');
      check(await page.evaluate(() => document.activeElement.id === 'contenu'), 'the skip link goes to the content');
      await tabTo(page, '#etape-files a');
      check(await focusVisible(page), 'the focus is seen');
      await page.keyboard.press('Enter');
      await page.locator('tbody tr').first().waitFor();
      await shot('2-files');
      await accessible('the queues');
      await tabTo(page, 'tbody th a');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      check(await page.evaluate(() => document.activeElement.closest('tr').rowIndex === 3), 'arrows move between rows');
      check(await focusVisible(page), 'the focus is seen on a row');
      await page.keyboard.press('Enter');
      await page.locator('h1', { hasText: '–' }).waitFor();
      await page.locator('tbody tr').first().waitFor();
      await shot('3-documents');
      await accessible('the documents of a queue');
      await tabTo(page, 'tbody th a');
      await page.keyboard.press('Enter');
      await page.locator('.stage svg').waitFor();
      check((await page.title()).endsWith('Pléiade'), 'the title follows');
      await page.keyboard.press('Escape');
      await page.locator('tbody tr').first().waitFor();
      await page.keyboard.press('Escape');
      await page.locator('h1', { hasText: 'Files' }).waitFor();
    },
  },
  {
    name: 'a document: pages, boxes, fields, zoom, by keyboard alone',
    run: async (tools) => {
      const { page, url, check, shot, accessible } = tools;
      const id = await openVolets(tools);
      await tabTo(page, '.fields button');
      await page.locator('.box.on').waitFor();
      check((await text(page, '#page-numero')).includes('2'), 'picking a field shows its page');
      check(page.url().includes('champ=') && page.url().includes('page=2'), 'the address follows');
      for (let i = 0; i < 5; i += 1) await page.keyboard.press('ArrowDown');
      const picked = await page.evaluate(() => document.activeElement.dataset.pick);
      check(await page.locator(`.box.on[data-key="${picked}"]`).count() === 1, 'the box follows the field');
      // The second volet was scanned upside down: its box must stand where the value is once turned upright.
      const place = await page.evaluate(() => {
        const area = document.querySelector('.box.on rect.area');
        return { y: area.y.baseVal.value, height: area.ownerSVGElement.viewBox.baseVal.height };
      });
      check(place.y < place.height / 2, `the box is turned with the page: ${JSON.stringify(place)}`);
      await shot('4-document');
      await accessible('a document');
      await page.keyboard.press('F2');
      check(await page.evaluate(() => document.activeElement.classList.contains('stage')), 'F2 goes to the image');
      const small = await page.evaluate(() => document.querySelector('.stage svg').clientWidth);
      await page.keyboard.press('+');
      await page.keyboard.press('+');
      await page.keyboard.press('+');
      check(await page.evaluate(() => document.querySelector('.stage svg').clientWidth) > small * 1.5, '+ enlarges');
      await shot('5-document-zoom');
      const top = await page.evaluate(() => document.querySelector('.stage').scrollTop);
      await page.keyboard.press('ArrowDown');
      check(await page.evaluate(() => document.querySelector('.stage').scrollTop) !== top, 'arrows move the image');
      await page.keyboard.press('r');
      await page.keyboard.press('0');
      check(await page.evaluate(() => { const b = document.querySelector('.stage svg').viewBox.baseVal; return b.width > b.height; }), 'R turns the page');
      await page.keyboard.press('F2');
      check(await page.evaluate(() => document.activeElement.matches('.fields button')), 'F2 comes back');
      await page.keyboard.press('PageDown');
      await page.waitForFunction(() => document.querySelector('#page-numero').textContent.includes('3 / 3'));
      await page.keyboard.press('PageUp');
      await page.keyboard.press('PageUp');
      await page.waitForFunction(() => document.querySelector('#page-numero').textContent.includes('1 / 3'));
      await page.goto(`${url}/#/document/${id}?page=2&champ=period_to`);
      await page.reload();
      await page.locator('.box.on[data-key="period_to"]').waitFor();
    },
  },
  {
    name: 'a click on a box picks its field',
    run: async (tools) => {
      const { page, check } = tools;
      await openVolets(tools);
      await page.keyboard.press('PageDown');
      await page.locator('.box[data-key="period_from"] rect.area').click();
      check(await page.locator('[data-pick="period_from"][aria-pressed="true"]').count() === 1, 'the field is picked');
      check(await page.evaluate(() => document.activeElement.dataset.pick) === 'period_from', 'the focus goes to the field');
    },
  },
  {
    name: 'a document that waits for a person says why',
    run: async ({ page, url, check, shot, accessible }) => {
      await page.goto(`${url}/#/documents?state=TO_KEY`);
      await page.locator('tbody tr').first().waitFor();
      await page.locator('tbody a', { hasText: 'Certificat médical' }).first().focus();
      await page.keyboard.press('Enter');
      await page.locator('.stage svg').waitFor();
      check((await text(page, '.doc-head')).includes('à vérifier par une personne'), 'keying is said');
      check((await text(page, '.fields')).includes('à saisir'), 'the missing field is shown');
      await shot('6-a-coder');
      await accessible('a document to key');
    },
  },
  {
    name: 'F1 shows the keys of the screen and gives the focus back',
    run: async ({ page, url, check, shot, accessible }) => {
      await page.goto(`${url}/#/files`);
      await page.locator('tbody tr').first().waitFor();
      await tabTo(page, 'tbody th a');
      await page.keyboard.press('F1');
      await page.locator('dialog[open]').waitFor();
      await shot('7-aide');
      await accessible('the help');
      await page.keyboard.press('Escape');
      check(await page.evaluate(() => document.activeElement.matches('tbody th a')), 'the focus comes back');
    },
  },
  {
    name: 'filters and sorting live in the address',
    run: async ({ page, url, check, shot }) => {
      await page.goto(`${url}/#/files?caisse=594`);
      await page.locator('tbody tr').first().waitFor();
      check(await page.locator('tbody tr').count() === 1, 'only that caisse');
      await page.locator('#f-caisse').selectOption('');
      await page.locator('#f-service').fill('indemnites');
      check(await page.locator('tbody tr').count() === 3, 'names are found without accents');
      await page.locator('#f-service').fill('rien de tel');
      await page.locator('.empty', { hasText: 'Aucune file ne correspond' }).waitFor();
      await shot('8-vide');
      await page.locator('#f-service').fill('');
      await page.locator('thead button', { hasText: 'En attente' }).focus();
      await page.keyboard.press('Enter');
      await page.keyboard.press('Enter');
      check(page.url().includes('tri=attente%3Adesc'), page.url());
      check(await page.locator('th[aria-sort="descending"]').count() === 1, 'the order is said');
    },
  },
  {
    name: 'a hub that is away, and what does not exist, are said with what to do',
    away: true,
    run: async ({ page, url, check, shot, accessible }) => {
      await page.goto(url);
      await page.locator('.failure').waitFor();
      check((await text(page, '.failure')).includes('hub'), 'the failure names the hub');
      await page.locator('#alerte', { hasText: 'hub ne répond pas' }).waitFor();
      check((await text(page, '.failure')).includes('Numéro de suivi'), 'the trace id is given');
      await shot('9-hub-absent');
      await accessible('the failure');
    },
  },
  {
    name: 'an unknown document is an error with a way out',
    run: async ({ page, url, check }) => {
      await page.goto(`${url}/#/document/0000-1`);
      await page.locator('.failure').waitFor();
      check((await text(page, '.failure')).includes('Aucun document ne porte cet identifiant'), 'the sentence is French');
    },
  },
  {
    name: 'dark scheme',
    settings: { colorScheme: 'dark' },
    run: async (tools) => {
      await tools.page.goto(tools.url);
      await tools.page.locator('#etape-services .figure').waitFor();
      await tools.shot('10-chaine-sombre');
      await tools.accessible('the chain, dark');
      await tools.page.goto(`${tools.url}/#/files`);
      await tools.page.locator('tbody tr').first().waitFor();
      await tools.accessible('the queues, dark');
      await openVolets(tools);
      await tools.page.keyboard.press('PageDown');
      await tools.page.locator('.box').first().waitFor();
      await tools.shot('11-document-sombre');
      await tools.accessible('a document, dark');
    },
  },
  {
    // 200 % of 1280x800 is a window of 640x400 at double density.
    name: 'at 200 % nothing is cut and the page does not scroll sideways',
    settings: { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 },
    run: async (tools) => {
      const { page, url, check, shot, accessible } = tools;
      const sideways = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      await page.goto(url);
      await page.locator('#etape-services .figure').waitFor();
      check(await sideways() <= 0, `the chain scrolls sideways by ${await sideways()} px`);
      await shot('12-chaine-200');
      await accessible('the chain at 200 %');
      await page.goto(`${url}/#/files`);
      await page.locator('tbody tr').first().waitFor();
      check(await sideways() <= 0, 'the queues scroll sideways');
      await openVolets(tools);
      check(await sideways() <= 0, 'a document scrolls sideways');
      await shot('13-document-200');
      await accessible('a document at 200 %');
    },
  },
];
