// A real window under Xvfb with a French keyboard: keys go through the system, as a keyer's do. Fifty doubtful plis by keyboard alone;
// keys per document, and the time from Enter to the next one painted. Against any gateway: `papers` says what stands on the paper.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { figure, quantile } from './figures.mjs';
import { keyOne } from './keyer.mjs';
import { beAt, check } from './tools.mjs';

// Keysyms of AZERTY's top row without Shift: what the fingers find under the digits.
const top = ['agrave', 'ampersand', 'eacute', 'quotedbl', 'apostrophe', 'parenleft', 'minus', 'egrave', 'underscore', 'ccedilla'];
const signs = { _: 'underscore', '/': 'slash', '-': 'minus', ' ': 'space', '\'': 'apostrophe', '.': 'period' };
const names = { Enter: 'Return', PageDown: 'Next', PageUp: 'Prior', Escape: 'Escape' };

async function startDisplay() {
  const display = `:${90 + Math.floor(Math.random() * 400)}`;
  // Without -noreset the keyboard layout falls back to another one when the last client leaves.
  const server = spawn('Xvfb', [display, '-screen', '0', '1300x860x24', '-noreset', '-nolisten', 'tcp'], { stdio: 'ignore' });
  for (let i = 0; i < 100 && !existsSync(`/tmp/.X11-unix/X${display.slice(1)}`); i += 1) await new Promise((done) => setTimeout(done, 100));
  const env = { ...process.env, DISPLAY: display };
  execFileSync('setxkbmap', ['fr'], { env });
  return { env, stop: () => server.kill() };
}

// Twice as fast as who keys all day (18 000 keystrokes an hour, half a second to look at a page), and no faster: what was fetched
// ahead is only ahead of somebody who looks.
const keyMs = 100, lookMs = 250;
function handsOf(env) {
  const send = (keys) => { if (keys.length > 0) execFileSync('xdotool', ['key', '--clearmodifiers', '--delay', String(keyMs), ...keys], { env }); };
  return {
    press: (key) => send([names[key] ?? key]),
    type: (text) => send([...text.normalize('NFD').replace(/\p{M}/gu, '')].map((letter) => (/\d/.test(letter) ? top[Number(letter)] : signs[letter] ?? letter))),
  };
}

const times = (name, values, most) => `${name} ${values.length} times, median ${quantile(values, 0.5).toFixed(0)} ms, p95 ${quantile(values, 0.95).toFixed(0)} ms (${most} asked)`;

// Per document, by what its pli asked for; and what the keys went into.
const kindOf = ({ spent }) => {
  const changed = spent.filter((one) => one.did !== 'accepted');
  if (changed.length === 0) return 'all read right';
  return changed.every((one) => one.what === 'type' || one.what === 'nir') ? 'type or NIR corrected' : 'more to key';
};
const asked = { 'all read right': 3, 'type or NIR corrected': 20 };
function tellKeys(walked, where) {
  const over = [];
  const groups = Object.groupBy?.(walked, kindOf) ?? walked.reduce((all, one) => { (all[kindOf(one)] ??= []).push(one); return all; }, {});
  for (const [kind, plis] of Object.entries(groups)) {
    const each = plis.map((one) => one.keys / one.documents);
    console.log(`     ${kind}: ${plis.length} plis, ${plis.reduce((sum, one) => sum + one.documents, 0)} documents; keys per document: median ${quantile(each, 0.5).toFixed(1)}, most ${Math.max(...each).toFixed(1)}${asked[kind] ? ` (${asked[kind]} asked)` : ''}`);
    figure(`${where}, keys a document, ${kind}`, `median ${quantile(each, 0.5).toFixed(1)}, most ${Math.max(...each).toFixed(1)}`, asked[kind] ? `most ${asked[kind]}` : '');
    if (asked[kind] && Math.max(...each) > asked[kind]) over.push(`${kind}: ${Math.max(...each).toFixed(1)} keys a document`);
  }
  const costs = {};
  for (const { what, did, keys } of walked.flatMap((one) => one.spent)) { const cost = costs[`${what} ${did}`] ??= { times: 0, keys: 0 }; cost.times += 1; cost.keys += keys; }
  console.log(`     keys went into: ${Object.entries(costs).sort((a, b) => b[1].keys - a[1].keys).map(([name, cost]) => `${name} ${cost.keys} (${cost.times} times)`).join(', ')}`);
  return over;
}

// Lets « next » be answered only when nothing is held, one pli at a time: what then comes was not fetched ahead.
async function fetchNothingAhead(page, desk) {
  await page.route(/\/keying:next$/, async (route) => {
    for (let i = 0; i < 3_000 && desk.validated < desk.given; i += 1) await new Promise((done) => setTimeout(done, 10));
    await route.continue({ postData: JSON.stringify({ ...route.request().postDataJSON(), count: 1 }) });
  });
}
function watch(page) {
  const desk = { given: 0, validated: 0, jobs: [] };
  page.on('response', (response) => {
    if (response.request().method() !== 'POST' || !response.ok()) return;
    if (/:validate$/.test(response.url())) desk.validated += 1;
    if (/\/keying:next$/.test(response.url())) void response.json().then(({ jobs }) => { desk.given += jobs.length; desk.jobs.push(...jobs); }).catch(() => {});
  });
  return desk;
}

// `plis`: how many are keyed; the last `cold` of them come when they are asked for, not before.
export async function headed({ url, papers, say, enter = null, plis = 50, cold = 10, name = 'headed: fifty doubtful plis in a window with a French keyboard' }) {
  if (!existsSync('/usr/bin/Xvfb')) { console.log('     skipped: no Xvfb here (deploy/setup/install.sh web)'); return; }
  const display = await startDisplay();
  const profile = await mkdtemp(path.join(tmpdir(), 'pleiade-headed-'));
  let context;
  try {
    context = await chromium.launchPersistentContext(profile, {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: false, env: display.env, locale: 'fr-FR', timezoneId: 'Europe/Paris', viewport: null,
      args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--window-position=0,0', '--window-size=1290,850'],
    });
    const page = context.pages()[0] ?? await context.newPage();
    page.setDefaultTimeout(60_000);
    const desk = watch(page);
    if (enter) await enter(page);
    await beAt(page, url);
    await page.goto(`${url}/#/codage`);
    await page.locator('.viewer canvas').waitFor();
    const [window] = execFileSync('xdotool', ['search', '--onlyvisible', '--class', 'chromium'], { env: display.env }).toString().trim().split('\n').slice(-1);
    execFileSync('xdotool', ['windowfocus', '--sync', window], { env: display.env });
    await page.bringToFront();
    const hands = handsOf(display.env), by = {}, walked = [];
    for (let i = 0; i < plis; i += 1) {
      if (i === plis - cold) await fetchNothingAhead(page, desk);
      const paper = await papers.paper(page, desk.jobs);
      await page.waitForTimeout(lookMs);
      const { keys, spent } = await keyOne(page, paper, hands);
      (by[paper.lesson] ??= []).push(keys);
      walked.push({ keys, spent, documents: paper.documents ?? 1 });
      if (i + 1 < plis) await page.locator('.viewer canvas').waitFor().catch(async (error) => {
        throw new Error(`${error.message} after ${i + 1} of ${plis} plis; the screen says « ${(await page.locator('main').innerText()).slice(0, 400)} »`);
      });
    }
    const keys = Object.values(by).flat(), mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
    console.log(`     keys per document: ${Object.entries(by).map(([lesson, some]) => `${lesson} ${mean(some).toFixed(0)}`).join(', ')}; mean ${mean(keys).toFixed(1)} over ${keys.length}`);
    const where = name.split(':')[0];
    const over = tellKeys(walked, where);
    const measured = await page.evaluate(() => performance.getEntriesByName('pleiade:suivant').map((one) => ({ ms: one.duration, ahead: one.detail })));
    const ahead = measured.filter((one) => one.ahead).map((one) => one.ms), late = measured.filter((one) => !one.ahead).map((one) => one.ms);
    const calm = loadavg()[0] <= availableParallelism();
    console.log(`     from Enter to the next one painted: ${times('fetched ahead', ahead, 100)}; ${times('not ahead', late, 400)}; load ${loadavg()[0].toFixed(1)} on ${availableParallelism()} cores`);
    figure(`${where}, Enter to the next one painted, fetched ahead`, `p95 ${quantile(ahead, 0.95).toFixed(0)} ms (${ahead.length} times)`, 'p95 100 ms');
    figure(`${where}, Enter to the next one painted, not ahead`, `p95 ${quantile(late, 0.95).toFixed(0)} ms (${late.length} times)`, 'p95 400 ms');
    figure(`${where}, load of the machine`, `${loadavg()[0].toFixed(1)} on ${availableParallelism()} cores`);
    const wrong = await papers.mistakes();
    check(wrong.length === 0, wrong.join('; '));
    papers.judge(by);
    check(over.length === 0, over.join('; '));
    check(ahead.length >= (plis - cold) / 2 && late.length >= cold / 2, `only ${ahead.length} and ${late.length} times were measured`);
    // On a machine busy with something else the 95th centile measures that something.
    check(quantile(ahead, calm ? 0.95 : 0.5) <= 100, 'the next one is painted within 100 ms when it was fetched ahead');
    check(quantile(late, calm ? 0.95 : 0.5) <= 400, 'within 400 ms when it was not');
    say(true, name);
  } catch (error) {
    await context?.pages()[0]?.screenshot({ path: path.join(tmpdir(), 'pleiade-headed.png') }).catch(() => {});
    say(false, name, `\n     ${error.message.split('\n').slice(0, 8).join('\n     ')}`);
  } finally {
    await context?.close();
    display.stop();
    await rm(profile, { recursive: true, force: true, maxRetries: 3 });
  }
}
