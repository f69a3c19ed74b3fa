// The application out of the gateway itself, its C++ over an invented hub: headers, compression, stream, real page images, and every
// screen that this gateway serves. Skipped, and said, when it is not built.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { root } from '../fake_api/modules.mjs';
import { check, signIn, focusOn, focusVisible, sideways, tabTo, text } from '../tools.mjs';

const program = path.join(process.env.PLEIADE_BIN ?? path.join(root, 'build/dev/bin'), 'fake_gateway');

// One gateway with mail, one whose hub is away; they end with their standard input, which this process holds.
const started = new Map();
const held = []; // what nobody holds is collected, its standard input closed, and its gateway gone in the middle of a run
function gateway(...more) {
  const key = more.join(' ');
  if (!started.has(key)) {
    started.set(key, new Promise((done, fail) => {
      const child = spawn(program, ['--config', path.join(root, 'deploy/config'), ...more], { stdio: ['pipe', 'pipe', 'inherit'] });
      child.once('exit', (code) => fail(new Error(`the gateway ended with ${code}`)));
      child.stdout.once('data', (bytes) => done(bytes.toString().trim()));
      held.push(child);
      child.unref();
      child.stdin.unref();
      child.stdout.unref();
    }));
  }
  return started.get(key);
}
const scenario = (name, run, settings = {}, ...more) => ({
  name: `gateway: ${name}`, settings, share: /^serves|^from the wall|away/.test(name),
  run: async (tools) => {
    if (!existsSync(program)) { tools.note(`skipped: ${program} is not built`); return; }
    const url = await gateway(...more);
    if (!more.includes('--away')) await signIn(tools.page, url, 'demo', 'demonstration');
    await run({ ...tools, url });
  },
});

// The document with volets that every invented morning has; its second page was scanned upside down.
async function openVolets({ page, url }) {
  const list = await (await page.request.get(`${url}/api/v1/documents?type=AAT&limit=200`)).json();
  const found = list.documents.find((one) => one.pli === '0001');
  await page.goto(`${url}/#/document/${found.id}`);
  await page.locator('.viewer canvas').waitFor();
  return found.id;
}
const wall = async ({ page, url }) => { await page.goto(url); await page.locator('tbody th a').first().waitFor(); };

export default [
  scenario('serves the application compressed, under its content security policy, live', async ({ page, url, shot, accessible }) => {
    const answers = [];
    page.on('response', (response) => answers.push(response));
    await page.goto(url);
    await page.locator('#etape-files .figure').waitFor();
    await page.locator('.live[data-state="on"]').waitFor();
    for (const id of ['plis', 'documents', 'pages']) check((await text(page, `#equation-${id} .difference`)).includes('écart 0'), `the equation of ${id}`);
    const before = await text(page, '#etape-acquittes .figure');
    await page.waitForFunction((old) => document.querySelector('#etape-acquittes .figure').innerText !== old, before);
    const scripts = answers.filter((response) => response.url().endsWith('.js'));
    check(scripts.length > 0, 'scripts were loaded');
    for (const one of scripts) check((await one.allHeaders())['content-encoding'] === 'gzip', `${one.url()} is not compressed`);
    check((await answers[0].allHeaders())['content-security-policy'].includes("script-src 'self'"), 'the policy');
    await shot('passerelle-pilotage');
    await accessible('the wall');
  }),
  scenario('from the wall to a document and back, by keyboard alone', async (tools) => {
    const { page, shot, accessible } = tools;
    await wall(tools);
    await page.keyboard.press('Tab');
    check(await page.evaluate(() => document.activeElement.classList.contains('skip')), 'the skip link comes first');
    await page.keyboard.press('Enter');
    check(await page.evaluate(() => document.activeElement.id === 'contenu'), 'the skip link goes to the content');
    await tabTo(page, 'tbody th a');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    check(await page.evaluate(() => document.activeElement.closest('tr').rowIndex) === 3, 'arrows move between lines');
    check(await focusVisible(page), 'the focus is seen');
    await page.keyboard.press('Enter');
    await page.locator('#details li a').first().waitFor();
    await tabTo(page, '#details li a');
    await page.keyboard.press('Enter');
    await page.locator('.viewer canvas').waitFor();
    await page.locator('.zone').first().waitFor();
    check((await page.title()).endsWith('Pléiade') && !(await page.title()).startsWith('Pilotage'), 'the title follows');
    await shot('passerelle-document');
    await accessible('a document');
    await page.goBack();
    await page.locator('tbody th a').first().waitFor();
    await page.locator('#details').waitFor();
  }),
  scenario('a document: pages, boxes, fields, zoom, by keyboard alone', async (tools) => {
    const { page, url } = tools;
    const id = await openVolets(tools);
    await tabTo(page, '.fields button');
    await page.locator('.zone.on').waitFor();
    check((await text(page, '#page-numero')).includes('2'), 'picking a field shows its page');
    check(page.url().includes('champ=') && page.url().includes('page=2'), 'the address follows');
    for (let i = 0; i < 4; i += 1) await page.keyboard.press('ArrowDown');
    const picked = await page.evaluate(() => document.activeElement.dataset.pick);
    await page.locator(`.zone.on[data-key="${picked}"]`).waitFor();
    // Scanned upside down: the box must stand where the value is once the page is turned upright.
    const place = await page.evaluate(() => { const sheet = document.querySelector('.sheet').getBoundingClientRect(), zone = document.querySelector('.zone.on').getBoundingClientRect(); return (zone.top - sheet.top) / sheet.height; });
    check(place > 0 && place < 0.5, `the box is turned with the page: ${place}`);
    await page.keyboard.press('F2');
    await focusOn(page, '.stage');
    const wide = () => page.evaluate(() => document.querySelector('.sheet').clientWidth);
    const small = await wide();
    for (let i = 0; i < 3; i += 1) await page.keyboard.press('+');
    check(await wide() > small * 1.5, '+ enlarges');
    const top = await page.evaluate(() => document.querySelector('.stage').scrollTop);
    await page.keyboard.press('ArrowDown');
    await page.waitForFunction((old) => document.querySelector('.stage').scrollTop !== old, top);
    await page.keyboard.press('r');
    await page.keyboard.press('0');
    check(await page.evaluate(() => { const sheet = document.querySelector('.sheet'); return sheet.clientWidth > sheet.clientHeight; }), 'R turns the page');
    await page.keyboard.press('F2');
    await focusOn(page, '.fields button');
    await page.keyboard.press('PageDown');
    await page.waitForFunction(() => document.querySelector('#page-numero').textContent.includes('3 / 3'));
    await page.keyboard.press('PageUp');
    await page.keyboard.press('PageUp');
    await page.waitForFunction(() => document.querySelector('#page-numero').textContent.includes('1 / 3'));
    await page.goto(`${url}/#/document/${id}?page=2&champ=period_to`);
    await page.reload();
    await page.locator('.zone.on[data-key="period_to"]').waitFor();
  }),
  scenario('a click on a box picks its field', async (tools) => {
    const { page } = tools;
    await openVolets(tools);
    await page.keyboard.press('PageDown');
    await page.waitForFunction(() => document.querySelector('#page-numero').textContent.includes('2 / 3') && document.querySelector('.viewer canvas'));
    await page.waitForTimeout(500);  // laid out, and still
    const zone = await page.locator('.zone[data-key="period_from"]').boundingBox();
    await page.mouse.click(zone.x + zone.width / 2, zone.y + zone.height / 2);
    await page.locator('[data-pick="period_from"][aria-pressed="true"]').waitFor();
    await focusOn(page, '[data-pick="period_from"]');
  }),
  scenario('a document that waits for a person says why', async ({ page, url, accessible }) => {
    const list = await (await page.request.get(`${url}/api/v1/documents?state=TO_KEY&limit=50`)).json();
    await page.goto(`${url}/#/document/${list.documents.find((one) => one.type === 'CM_ATMP').id}`);
    await page.locator('.viewer canvas').waitFor();
    check((await text(page, '.panel')).includes('d’une personne'), 'the decision is said');
    check((await text(page, '.fields')).includes('à saisir'), 'the missing field is shown');
    await page.locator('a.button', { hasText: 'Coder ce document' }).waitFor();
    await accessible('a document to key');
  }),
  scenario('filters, order and help; the focus comes back', async (tools) => {
    const { page, url } = tools;
    await page.goto(`${url}/#/pilotage?caisse=594`);
    await page.locator('tbody tr').first().waitFor();
    check((await page.locator('tbody th .muted').allInnerTexts()).every((one) => one === '594'), 'only that caisse');
    await page.goto(`${url}/#/pilotage?file=indemnites`);
    await page.waitForFunction(() => [...document.querySelectorAll('tbody th a')].every((one) => one.innerText === 'Indemnités journalières'));
    await page.goto(`${url}/#/pilotage?file=rien`);
    await page.locator('.empty', { hasText: 'Aucune file ne correspond' }).waitFor();
    await page.goto(`${url}/#/pilotage`);
    await page.locator('thead button', { hasText: 'En attente' }).focus();
    await page.keyboard.press('Enter');
    check(page.url().includes('tri=attente'), page.url());
    await page.locator('th[aria-sort]').waitFor();
    await tabTo(page, 'tbody th a');
    await page.keyboard.press('F1');
    await page.locator('dialog[open]').waitFor();
    await page.keyboard.press('Escape');
    await focusOn(page, 'tbody th a');
  }),
  scenario('a hub that is away is said with what to do', async ({ page, url, shot, accessible }) => {
    await page.goto(url);
    await page.locator('#se-connecter').waitFor();
    await page.locator('#identifiant').fill('demo');
    await page.locator('#mot-de-passe').fill('demonstration');
    await page.keyboard.press('Enter');
    await page.locator('[role=alert]').waitFor();
    check((await text(page, '[role=alert]')).includes('hub'), 'the failure names the hub');
    await shot('passerelle-panne');
    await accessible('the failure');
  }, {}, '--away'),
  scenario('an unknown document is an error with a way out', async ({ page, url }) => {
    await page.goto(`${url}/#/document/0000-1`);
    await page.locator('.failure h1').waitFor();
    check((await text(page, '.failure')).includes('Aucun document ne porte cet identifiant'), 'the sentence is French');
    await page.locator('nav a', { hasText: 'Recherche' }).waitFor();
  }),
  scenario('dark, and at 200 % nothing is cut sideways', async (tools) => {
    const { page, accessible } = tools;
    await wall(tools);
    await accessible('the wall, dark');
    await openVolets(tools);
    await page.keyboard.press('PageDown');
    await page.locator('.zone').first().waitFor();
    await accessible('a document, dark');
    await page.setViewportSize({ width: 640, height: 400 });
    check(await sideways(page) <= 0, 'a document scrolls sideways');
    await accessible('a document at 200 %');
    await wall(tools);
    check(await sideways(page) <= 0, 'the wall scrolls sideways');
  }, { colorScheme: 'dark' }),
];
