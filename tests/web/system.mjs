// A whole Pléiade on this machine, for the browser: its programs, a home of its own, invented mail with its truth, read and routed
// before the first screen is opened.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from './fake_api/modules.mjs';

const bin = process.env.PLEIADE_SYSTEM_BIN ?? path.join(root, 'build/release/bin');
const routedWithin = 900_000;  // on a machine that is busy with something else
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const freePort = () => new Promise((done) => { const probe = net.createServer().listen(0, '127.0.0.1', () => { const { port } = probe.address(); probe.close(() => done(port)); }); });

// Null, with the reason printed, where the programs are not built.
export async function startSystem({ plis = 100, seed = 2026 } = {}) {
  const missing = ['pleiade', 'pleiade-mail', 'pleiade-gateway', 'pleiade-hub'].find((name) => !existsSync(path.join(bin, name)));
  if (missing) { console.log(`     skipped: the running system, since ${path.join(bin, missing)} is not built (make build)`); return null; }
  const home = await mkdtemp(path.join(tmpdir(), 'pleiade-web-system-'));
  const sample = path.join(home, 'sample'), inbox = path.join(home, 'inbox'), config = path.join(home, 'pleiade.toml');
  await mkdir(inbox, { recursive: true });
  const drawn = spawnSync(path.join(bin, 'pleiade-mail'), ['--out', sample, '--plis', String(plis), '--seed', String(seed), '--half', 'train', '--defects', 'on', '--config', path.join(root, 'deploy/config')], { encoding: 'utf8' });
  if (drawn.status !== 0) throw new Error(`pleiade-mail: ${drawn.stderr}`);
  const truth = new Map((await readFile(path.join(sample, 'truth.jsonl'), 'utf8')).trim().split('\n').map((line) => { const one = JSON.parse(line); return [`${one.lot}/${one.pli}`, one]; }));
  const ports = [await freePort(), await freePort(), await freePort()];
  await writeFile(config, `config_folder = ${JSON.stringify(path.join(root, 'deploy/config'))}\n[ingest]\nadmin_port = ${ports[1]}\n[hub]\nadmin_port = ${ports[2]}\n[gateway]\nport = ${ports[0]}\n`);
  const log = [];
  const up = spawn(path.join(bin, 'pleiade'), ['up', '--home', home, '--config', config, '--readers', '2'], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, OMP_THREAD_LIMIT: '1' } });
  for (const stream of [up.stdout, up.stderr]) stream.on('data', (bytes) => { log.push(bytes.toString()); if (log.length > 200) log.shift(); });
  const stop = async () => {
    const ended = up.exitCode === null ? new Promise((done) => up.once('exit', done)) : null;
    up.kill('SIGTERM');
    await ended;
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  };
  const url = `http://127.0.0.1:${ports[0]}`;
  // Two people: one who supervises and keys, one who is every service's agent. A header of the first for what is asked here.
  const password = 'Un mot de passe 1!';
  const services = ['FSP', 'TRANSPORT', 'ELSM', 'IJ', 'ATMP', 'MATERNITE', 'GDB', 'C2S', 'AME', 'INVAL', 'DECES', 'RELATION', 'ETAB', 'RCT', 'EMPL', 'PS'].flatMap((one) => ['--service', `595-${one}`]);
  const signUp = async () => {
    const add = (...words) => spawnSync(path.join(bin, 'pleiade'), ['accounts', 'add', ...words, '--home', home, '--config', config], { input: `${password}\n`, encoding: 'utf8' });
    for (let i = 0; i < 60; i += 1) {
      const made = add('superviseur', '--role', 'supervisor', '--role', 'keyer', '--medical');
      if (made.status === 0) break;
      if (i === 59) throw new Error(`no account can be made: ${made.stderr}`);
      await pause(1_000);
    }
    const agent = add('agent', '--role', 'service_agent', '--medical', ...services);
    if (agent.status !== 0) throw new Error(`no agent can be made: ${agent.stderr}`);
    for (let i = 0; ; i += 1) {
      const answer = await fetch(`${url}/api/v1/session`, { method: 'POST', body: JSON.stringify({ name: 'superviseur', password }), headers: { 'Content-Type': 'application/json' } }).catch(() => null);
      if (answer?.ok) return { Cookie: answer.headers.get('set-cookie').split(';')[0], 'X-CSRF-Token': (await answer.json()).csrf };
      if (i === 59) throw new Error('nobody can sign in');
      await pause(1_000);
    }
  };
  try {
    for (const lot of await readdir(sample)) if (existsSync(path.join(sample, lot, 'lot.json'))) await rename(path.join(sample, lot), path.join(inbox, lot));
    const headers = await signUp();
    const begin = Date.now();
    for (;;) {
      if (up.exitCode !== null || Date.now() - begin > routedWithin) throw new Error(`the mail was not routed:\n${log.join('').split('\n').slice(-12).join('\n')}`);
      await pause(500);
      const status = await fetch(`${url}/api/v1/status`, { headers }).then((answer) => (answer.ok ? answer.json() : null)).catch(() => null);
      if (!status || status.plis.registered + status.plis.rejected < plis || (status.plis.in_flight ?? 0) > 0) continue;
      if (Object.values(status.documents.in_flight).every((count) => count === 0)) break;
    }
    const serves = async (method, where, body) => (await fetch(`${url}/api/v1${where}`, { method, headers: { ...headers, 'Content-Type': 'application/json' }, ...(body ? { body: JSON.stringify(body) } : {}) })).status !== 404;
    return { url, truth, plis, stop, headers, password, keying: await serves('GET', '/keying'), search: await serves('POST', '/search', { lot: 'x' }) };
  } catch (error) {
    await stop();
    throw error;
  }
}

// How many plis wait for a person, at most `most`: the better the reading, the fewer of the same mail.
export async function doubtful({ url, headers }, most) {
  const list = await (await fetch(`${url}/api/v1/documents?state=TO_KEY&limit=200`, { headers })).json();
  return Math.min(most, new Set(list.documents.map((one) => one.pli_id)).size);
}

// What stands on its paper, for the keyer of the headed test.
export function systemPapers({ url, truth, headers }) {
  const keyed = [];
  return {
    async paper(page, jobs) {
      const head = await page.locator('.pli').innerText();
      const job = jobs.findLast((one) => head.includes(one.pli) && head.includes(one.lot)), drawn = truth.get(`${job?.lot}/${job?.pli}`);
      if (!drawn) throw new Error(`no truth for « ${head} »`);
      const truthOf = (number) => {
        const first = job.documents.find((one) => one.number === number)?.pages[0];
        const one = drawn.documents.find((d) => d.pages.includes(first)) ?? drawn.documents[0];
        const fields = Object.fromEntries(Object.entries(one.fields).map(([name, read]) => [name, [read].flat().map((value) => value.value)]));
        return { type: one.type === 'UNKNOWN' ? 'RECLAMATION' : one.type, fields, caisse: one.affiliation.caisse };
      };
      keyed.push(...job.documents.map((one) => ({ id: one.id, type: truthOf(one.number).type })));
      return { lesson: job.documents.every((one) => one.type === truthOf(one.number).type) ? 'type read right' : 'type to correct', documents: job.documents.length, truthOf };
    },
    judge() {},  // what was read differs from day to day: the figures are printed
    async mistakes() {
      let right = 0;
      for (const { id, type } of keyed) right += (await fetch(`${url}/api/v1/documents/${id}`, { headers }).then((answer) => answer.json()).catch(() => ({}))).type === type ? 1 : 0;
      console.log(`     ${right} of ${keyed.length} documents have their true type after keying`);
      return [];
    },
  };
}

// What the gateway took for each route of the keying, by its own histogram: mean, and the bucket that holds 95 of 100.
export async function answerTimes(url) {
  const text = await (await fetch(`${url}/metrics`)).text();
  const of = (name, route) => [...text.matchAll(new RegExp(`^pleiade_gateway_request_duration_seconds_${name}\\{((?:[^"}]|"[^"]*")*)\\} (\\S+)$`, 'gm'))].filter(([, labels]) => labels.includes(`route="${route}"`)).map(([, labels, value]) => [/le="([^"]+)"/.exec(labels)?.[1], Number(value)]);
  for (const route of ['/api/v1/keying:next', '/api/v1/keying/{id}:validate', '/api/v1/keying/{id}/draft', '/api/v1/plis/{id}/images/{image}']) {
    const count = of('count', route)[0]?.[1] ?? 0, sum = of('sum', route)[0]?.[1] ?? 0;
    const p95 = of('bucket', route).find(([, below]) => below >= 0.95 * count)?.[0];
    if (count > 0) console.log(`     gateway ${route}: ${count} times, mean ${(1_000 * sum / count).toFixed(0)} ms, 95 of 100 within ${1_000 * Number(p95)} ms`);
  }
}
