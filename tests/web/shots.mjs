// Photographs every screen over invented mail, on a working day at 14:02, into a folder: node tests/web/shots.mjs [FOLDER] [--only WORD,WORD]
// The pictures of docs/ are made by `make screenshots`.
import { spawnSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { root, web } from './fake_api/modules.mjs';
import { startApi } from './fake_api/server.mjs';
import { beAt } from './tools.mjs';

const folder = process.argv[2]?.startsWith('--') === false ? path.resolve(process.argv[2]) : path.join(root, 'docs/screens');
const only = (process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : '').split(',');
const bundle = path.join(root, 'build/web-bundle');
if (spawnSync(path.join(web, 'build.sh'), [bundle], { stdio: 'inherit' }).status !== 0) process.exit(1);

// The clock of this process and of the pages, moved: the same picture whenever it is taken.
const offset = Date.parse('2026-11-20T14:02:00+01:00') - Date.now();
const moveClock = (by) => {
  const Real = Date;
  globalThis.Date = class extends Real {
    constructor(...given) { super(...(given.length === 0 ? [Real.now() + by] : given)); }
    static now() { return Real.now() + by; }
  };
};
moveClock(offset);

const go = (hash, ready) => async ({ page, url }) => { await page.goto(`${url}/#/${hash}`); await page.locator(ready).first().waitFor(); };
const seen = async ({ page }) => { await page.locator('.viewer canvas').first().waitFor(); await page.waitForTimeout(300); };
const keying = async (tools, lesson) => {
  const { cases } = tools.api.desk;
  if (lesson) for (const [id, one] of cases) if (one.pli.lesson !== lesson) cases.delete(id);
  await go('codage', '.viewer canvas')(tools);
  await seen(tools);
};
// Seven people key what the day's counts say.
const manned = ({ api }) => {
  const stock = api.desk.stock.bind(api.desk);
  api.desk.stock = () => ({ ...stock(), waiting: 412, keying: 9, people: 7 });
};
const wall = async (tools) => {
  manned(tools);
  await go('pilotage', 'tbody th a')(tools);
  await tools.page.locator('.live[data-state="on"]').waitFor(); await tools.page.waitForTimeout(1_200);
};

const dark = { colorScheme: 'dark' };
const shots = {
  pilotage: { run: wall },
  'pilotage-file': { run: async (tools) => { await wall(tools); await tools.page.locator('tbody th a').nth(3).click(); await tools.page.locator('#details li a').first().waitFor(); } },
  'pilotage-salle': { settings: { viewport: { width: 1920, height: 1080 } }, run: async (tools) => {
    manned(tools);
    await go('pilotage?vue=salle', '.room tbody td')(tools); await tools.page.waitForTimeout(1_200); } },
  'pilotage-sombre': { settings: dark, run: wall },
  'pilotage-delais': { run: async (tools) => { await wall(tools); await tools.page.locator('#delais').scrollIntoViewIfNeeded(); await tools.page.evaluate(() => scrollTo(0, document.body.scrollHeight)); } },
  'pilotage-recette': { settings: { viewport: { width: 1280, height: 800 } }, run: async (tools) => { tools.api.environment = 'recette'; await wall(tools); } },
  'pilotage-200': { settings: { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 }, run: wall },
  'pilotage-panne': { run: async (tools) => { tools.api.faults.away = true; await go('pilotage', '.failure')(tools); } },
  codage: { run: (tools) => keying(tools) },
  'codage-type': { run: async (tools) => { await keying(tools, 'letter'); await tools.page.keyboard.type('rec'); } },
  'codage-decoupe': { run: async (tools) => { await keying(tools, 'cut'); for (const key of ['F2', 'PageDown', 'c']) await tools.page.keyboard.press(key); await tools.page.waitForTimeout(400); } },
  'codage-attente': { run: async (tools) => { await keying(tools); await tools.page.keyboard.press('F8'); await tools.page.locator('dialog[open]').waitFor(); } },
  'codage-bail-perdu': { run: async (tools) => {
    await keying(tools);
    const pli = await tools.page.locator('.pli b').first().innerText(), one = [...tools.api.desk.cases.values()].find((c) => c.pli.pli === pli);
    one.fence += 1;
    one.by = 'poste-7';
    await tools.page.keyboard.type('2941222');
    await tools.page.keyboard.press('Enter');
    await tools.page.locator('.banner.bad').waitFor({ timeout: 25_000 });
  } },
  'codage-sombre': { settings: dark, run: (tools) => keying(tools) },
  'codage-200': { settings: { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 }, run: (tools) => keying(tools) },
  recherche: { run: async (tools) => { await go('recherche?q=20261120-595-0003', 'tbody th a')(tools); await tools.page.locator('tbody th a').nth(1).focus(); await tools.page.keyboard.press('F2'); await tools.page.locator('aside img').waitFor(); } },
  pli: { run: async (tools) => { await go('recherche?q=20261120-595-0003', 'tbody th a')(tools); await tools.page.locator('tbody th a').nth(1).click(); await seen(tools); } },
  document: { run: async (tools) => { const row = [...tools.api.day.documents.values()].find((one) => one.type === 'AAT' && one.state === 'QUEUED'); await go(`document/${row.id}?champ=period_to`, '.zone.on')(tools); await seen(tools); } },
  corbeilles: { run: go('corbeilles', 'tbody th a') },
  corbeille: { run: async (tools) => { await go('corbeilles/595/CRA', 'ol.plain li a')(tools); await tools.page.locator('#prendre-suivant').click(); await seen(tools); } },
  anomalies: { run: go('anomalies', 'tbody th a') },
  'anomalies-verbe': { run: async (tools) => { await go('anomalies', 'tbody th a')(tools); await tools.page.locator('tbody th a').first().focus(); await tools.page.keyboard.press('1'); await tools.page.locator('dialog[open]').waitFor(); } },
  'anomalies-lots': { run: async (tools) => { await go('anomalies', 'tbody th a')(tools); await tools.page.getByText('Lots incomplets').click(); await tools.page.locator('tbody tr', { hasText: 'manquants' }).waitFor(); } },
  formation: { run: async (tools) => { await go('formation', '.viewer canvas')(tools); await seen(tools); } },
  reglages: { run: go('reglages', 'table') },
  connexion: { run: async (tools) => { tools.api.people.out = true; await go('', '#se-connecter')(tools); } },
  'session-terminee': { run: async (tools) => {
    tools.api.people.me = 'codeur';
    await keying(tools);
    await tools.page.locator('input[id^="champ-"]').first().fill('12345');
    tools.api.people.out = true;
    await tools.page.locator('dialog[open] #mot-de-passe').waitFor({ timeout: 90_000 });
  } },
  'mon-compte': { run: async (tools) => { tools.api.people.me = 'codeur'; await go('compte', '#mdp-actuel')(tools); } },
  comptes: { run: async (tools) => { tools.api.people.me = 'admin'; await go('comptes', '#nouveau-compte')(tools); } },
  'comptes-droits': { run: async (tools) => { tools.api.people.me = 'admin'; await go('comptes', '#droits-codeur')(tools); await tools.page.locator('#droits-codeur').click(); await tools.page.locator('dialog[open]').waitFor(); } },
  journal: { run: async (tools) => {
    tools.api.people.accounts.push({ ...tools.api.people.accounts[0], name: 'auditeur', roles: ['auditor'] });
    tools.api.people.me = 'auditeur';
    await go('journal', 'tbody tr')(tools);
  } },
  aide: { run: async (tools) => { await keying(tools); await tools.page.keyboard.press('F1'); await tools.page.locator('dialog[open]').waitFor(); } },
};

await mkdir(folder, { recursive: true });
const api = await startApi({ folder: bundle });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
let failed = 0;
for (const [name, { run, settings }] of Object.entries(shots).filter(([one]) => only.some((word) => one.includes(word)))) {
  api.state.reset();
  const context = await browser.newContext({ locale: 'fr-FR', timezoneId: 'Europe/Paris', viewport: { width: 1280, height: 800 }, ...settings });
  await context.addInitScript(`(${moveClock})(${offset})`);
  const page = await context.newPage();
  try {
    await beAt(page, api.url);
    await run({ page, api: api.state, url: api.url });
    await page.waitForTimeout(250);
    await page.screenshot({ path: path.join(folder, `${name}.png`) });
  } catch (error) {
    failed += 1;
    console.log(`FAIL ${name}: ${error.message.split('\n')[0]}`);
  }
  await context.close();
}
await browser.close();
api.stop();
console.log(`${Object.keys(shots).length - failed} screens in ${path.relative(process.cwd(), folder) || folder}`);
process.exit(failed === 0 ? 0 : 1);
