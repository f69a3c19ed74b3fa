// The operators' application in Debian's Chromium: its size, its rules, its screens by keyboard with axe, its screenshots.
// Usage: node run.mjs [--only WORDS] [--shots FOLDER] [--bundle FOLDER] [--fast] [--share]
//   --only: scenarios whose name holds these words; --fast: neither type check nor size; --bundle: built already;
//   --share: one walk through each screen, in less than 3 minutes, for `make test`.
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { root, web } from './fake_api/modules.mjs';
import { startApi } from './fake_api/server.mjs';
import { checkSizes } from './sizes.mjs';
import { deskPapers } from './fake_api/papers.mjs';
import { figure, tellFigures } from './figures.mjs';
import { headed } from './headed.mjs';
import { answerTimes, doubtful, startSystem, systemPapers } from './system.mjs';
import { systemScenarios } from './system_scenarios.mjs';
import { check, signIn } from './tools.mjs';

const option = (name, otherwise) => { const at = process.argv.indexOf(`--${name}`); return at > 0 ? process.argv[at + 1] : otherwise; };
const only = option('only', '');
const shots = option('shots', path.join(root, 'build/web-shots'));
const folder = option('bundle', path.join(root, 'build/web-bundle'));
const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const sharing = process.argv.includes('--share');
let passed = 0, failed = 0;
const say = (ok, name, more = '') => { if (ok) passed += 1; else failed += 1; console.log(`${ok ? 'ok  ' : 'FAIL'} ${name}${more}`); };

if (!process.argv.includes('--bundle') && spawnSync(path.join(web, 'build.sh'), [folder], { stdio: 'inherit' }).status !== 0) process.exit(1);
if (!process.argv.includes('--fast')) {
  const types = spawnSync('node', [path.join(web, 'node_modules/svelte-check/bin/svelte-check'), '--tsconfig', 'tsconfig.json', '--fail-on-warnings', '--output', 'human'], { cwd: web, encoding: 'utf8' });
  say(types.status === 0, 'the types hold and Svelte finds no accessibility warning', types.status === 0 ? '' : `\n${types.stdout}`);
  for (const one of await checkSizes(folder)) {
    say(one.ok, one.name);
    if (one.figure) figure(...one.figure);
  }
}

// --- rules, without a browser
const here = path.dirname(new URL(import.meta.url).pathname);
for (const file of (await readdir(path.join(here, 'unit'))).sort()) {
  for (const [name, run] of Object.entries((await import(path.join(here, 'unit', file))).default)) {
    if (!name.includes(only)) continue;
    try {
      await run();
      say(true, name);
    } catch (error) {
      say(false, name, `\n     ${error.message}`);
    }
  }
}

// --- screens
const scenarios = [];
for (const file of (await readdir(path.join(here, 'scenarios'))).sort()) scenarios.push(...(await import(path.join(here, 'scenarios', file))).default);
await mkdir(shots, { recursive: true });
const api = await startApi({ folder });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

// RGAA 4.1 is WCAG 2.1 AA; what axe can see of it must be clean.
async function accessible(page, where) {
  await page.evaluate(axeSource);
  const found = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] }));
  const violations = found.violations.map((v) => `${v.id}: ${v.help}\n    ${v.nodes.slice(0, 4).map((n) => `${n.target.join(' ')} ${n.failureSummary?.split('\n').slice(1, 3).join(' ')}`).join('\n    ')}`);
  if (violations.length > 0) throw new Error(`accessibility of ${where}:\n  ${violations.join('\n  ')}`);
}

async function walk(scenario, { url, known, more = {} }) {
  const begin = Date.now();
  const context = await browser.newContext({ locale: 'fr-FR', timezoneId: 'Europe/Paris', viewport: { width: 1280, height: 800 }, ...scenario.settings });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const errors = [];
  page.on('pageerror', (error) => errors.push(`error in the page: ${error.message}`));
  page.on('console', (message) => {
    // A refused request of a scenario that asks for one is not the page's fault.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) errors.push(message.text());
  });
  const shot = (name) => page.screenshot({ path: path.join(shots, `${name}.png`) });
  try {
    await scenario.run({ page, context, browser, url, folder, shot, accessible: (where) => accessible(page, where), note: (line) => console.log(`     ${line}`), figure, ...more });
    check(errors.length === 0, errors.join('\n'));
    known?.();
    say(true, scenario.name, ` (${Date.now() - begin} ms)`);
  } catch (error) {
    await shot(`failed-${failed + 1}`).catch(() => {});
    say(false, scenario.name, `\n     ${error.message.split('\n').slice(0, 14).join('\n     ')}`);
  }
  await context.close();
}

for (const scenario of scenarios.filter((one) => one.name.includes(only) && (!sharing || one.share))) {
  api.state.reset();
  api.state.violations.length = 0;
  const known = () => check(api.state.violations.length === 0, `against openapi.json:\n${api.state.violations.slice(0, 6).join('\n')}`);
  await walk(scenario, { url: api.url, known, more: { api: api.state } });
}

// --- fifty plis in a window
if (!sharing && 'headed'.includes(only)) {
  api.state.reset();
  await headed({ url: api.url, papers: deskPapers(api.state), say });
}
api.stop();

// --- the same application on a running system
if (!sharing && ('system'.includes(only) || only.startsWith('system'))) {
  const system = await startSystem().catch((error) => { say(false, `system: ${error.message}`); return null; });
  if (system) {
    console.log(`     ${system.plis} invented plis read and routed${system.search ? '' : '; this gateway does not serve /search yet'}${system.keying ? '' : '; this gateway does not serve /keying yet'}`);
    for (const scenario of systemScenarios.filter((one) => one.name.includes(only))) {
      if (scenario.needs && !system[scenario.needs]) console.log(`skip ${scenario.name}: not served yet`);
      else await walk({ ...scenario, run: async (tools) => { await signIn(tools.page, system.url, scenario.as ?? 'superviseur', system.password); await scenario.run(tools); } }, { url: system.url, more: { truth: system.truth, headers: system.headers } });
    }
    if (system.keying) await headed({ url: system.url, papers: systemPapers(system), enter: (page) => signIn(page, system.url, 'superviseur', system.password), say, plis: await doubtful(system, 32), cold: 6, name: 'system: doubtful plis in a window with a French keyboard' });
    await answerTimes(system.url);
    await system.stop();
  }
}
await browser.close();
tellFigures();
console.log(`${passed} of ${passed + failed} passed; screenshots in ${path.relative(root, shots)}`);
process.exit(failed === 0 ? 0 : 1);
