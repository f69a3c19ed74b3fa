// Walks the page of a gateway by keyboard only, in Debian's Chromium, with an accessibility check and a screenshot of each
// screen. Usage: node run.mjs [--gateway PROGRAM] [--shots FOLDER]
//   --gateway: default build/dev/bin/fake_gateway of this tree; PLEIADE_BIN gives another folder.
import { spawn } from 'node:child_process';
import { mkdtemp, mkdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { scenarios } from './scenarios.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return at > 0 ? process.argv[at + 1] : otherwise;
};
const bin = process.env.PLEIADE_BIN ?? path.join(root, 'build/dev/bin');
const program = option('gateway', path.join(bin, 'fake_gateway'));
const shots = option('shots', path.join(root, 'build/web-shots'));
const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

function startGateway(...more) {
  const child = spawn(program, ['--config', path.join(root, 'deploy/config'), ...more], { stdio: ['pipe', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`${program} ended with ${code}`)));
    child.stdout.once('data', (text) => resolve({ url: text.toString().trim(), stop: () => child.stdin.end() }));
  });
}

async function openPage(profile, settings) {
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, locale: 'fr-FR', timezoneId: 'Europe/Paris',
    viewport: { width: 1280, height: 800 }, ...settings,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  });
  const page = context.pages()[0] ?? await context.newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(`error in the page: ${error.message}`));
  page.on('console', (message) => {
    // A refused request of a scenario that asks for one is not the page's fault.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) errors.push(message.text());
  });
  return { context, page, errors };
}

// RGAA 4.1 is WCAG 2.1 AA; what axe can see of it must be clean.
async function checkAccessibility(page) {
  await page.evaluate(axeSource);
  const result = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] }));
  return result.violations.map((v) => `${v.id}: ${v.help}\n    ${v.nodes.slice(0, 4).map((n) => `${n.target.join(' ')} ${n.failureSummary?.split('\n').slice(1, 3).join(' ')}`).join('\n    ')}`);
}

await mkdir(shots, { recursive: true });
const running = await startGateway();
const away = await startGateway('--away');
let failed = 0;
for (const scenario of scenarios) {
  const profile = await mkdtemp(path.join(tmpdir(), 'pleiade-web-'));
  const begin = Date.now();
  const { context, page, errors } = await openPage(profile, scenario.settings);
  const tools = {
    page, url: scenario.away ? away.url : running.url,
    check: (truth, what) => { if (!truth) throw new Error(what); },
    shot: (name) => page.screenshot({ path: path.join(shots, `${name}.png`) }),
    accessible: async (where) => {
      const violations = await checkAccessibility(page);
      if (violations.length > 0) throw new Error(`accessibility of ${where}:\n  ${violations.join('\n  ')}`);
    },
  };
  try {
    await scenario.run(tools);
    if (errors.length > 0) throw new Error(errors.join('\n'));
    console.log(`ok   ${scenario.name} (${Date.now() - begin} ms)`);
  } catch (error) {
    failed += 1;
    await page.screenshot({ path: path.join(shots, `failed-${scenarios.indexOf(scenario)}.png`) }).catch(() => {});
    console.log(`FAIL ${scenario.name}\n     ${error.message.split('\n').join('\n     ')}`);
  }
  await context.close();
  await rm(profile, { recursive: true, force: true, maxRetries: 3 });
}
running.stop();
away.stop();
console.log(`${scenarios.length - failed} of ${scenarios.length} scenarios passed; screenshots in ${path.relative(root, shots)}`);
process.exit(failed === 0 ? 0 : 1);
