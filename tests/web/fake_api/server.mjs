// The gateway's API over invented mail, for the browser tests: the same routes and headers, checked against openapi.json, and able
// to be slow, absent or wrong when a test says so.
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { checkAnswer, checkRequest } from './contract.mjs';
import { Day } from './day.mjs';
import { bundle } from './modules.mjs';
import { answerPeople, freshPeople } from './people.mjs';
import { loadReference } from './reference.mjs';
import { figuresOf } from './figures.mjs';
import { routes } from './routes.mjs';

const types = { html: 'text/html; charset=utf-8', css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8', svg: 'image/svg+xml' };
// As services/gateway/http/guard.cpp.
const headers = {
  'Content-Security-Policy': "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
  'X-Content-Type-Options': 'nosniff', 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Resource-Policy': 'same-origin', 'Referrer-Policy': 'no-referrer',
};

export class Problem extends Error {
  constructor(status, code, title, detail, errors = []) { super(detail); Object.assign(this, { status, code, title, errors }); }
}

export async function startApi({ folder, plis = 60, port = 0, seed = 11 }) {
  const reference = await loadReference();
  const modules = await bundle("export * from './training/desk'; export * from './training/mail'; export * from './training/paper';");
  const fresh = () => {
    const mail = modules.inventMail(reference, seed, plis, Date.now());
    const image = (id, page, thumbnail) => `/api/v1/plis/${id}/images/${'0'.repeat(60)}${String(page).padStart(4, '0')}-0${thumbnail ? '?size=thumbnail' : ''}`;
    return { day: new Day(reference), people: freshPeople(), desk: new modules.Desk(reference, mail, image) };
  };
  const state = {
    reference, modules, ...fresh(), environment: 'production', violations: [], seen: [],
    faults: { away: false, delay: 0, imagesFail: false, refuse: null },  // refuse: (method, path) => Problem or null
    reset() { Object.assign(state, fresh()); state.environment = 'production'; Object.assign(state.faults, { away: false, delay: 0, imagesFail: false, refuse: null }); state.seen = []; state.replay.clear(); },
    replay: new Map(), streams: new Set(),
  };

  const server = http.createServer((request, response) => {
    void serve(state, folder, request, response).catch((error) => {
      const known = error instanceof Problem || error instanceof modules.DeskProblem;
      if (!known) console.error(error);
      const body = { type: `https://pleiade.invalid/problems/${error.code ?? 'INTERNAL'}`, title: known ? error.title : 'Erreur interne', status: known ? error.status : 500, detail: known ? error.message : 'Le faux serveur a une erreur.', code: error.code ?? 'INTERNAL', trace_id: '4bf92f3577b34da6a3ce929d0e0e4736', errors: error.errors ?? [] };
      if (!response.headersSent) response.writeHead(body.status, { ...headers, 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise((done) => server.listen(port, '127.0.0.1', done));
  const timer = setInterval(() => { if (!state.faults.away) state.day.step(); }, 900);
  return { ...state, state, url: `http://127.0.0.1:${server.address().port}`, stop: () => { clearInterval(timer); server.closeAllConnections(); server.close(); } };
}

async function serve(state, folder, request, response) {
  const url = new URL(request.url, 'http://localhost');
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  if (!url.pathname.startsWith('/api/')) return sendFile(folder, url.pathname, response);
  state.seen.push(`${request.method} ${url.pathname}${url.search}`);
  if (state.faults.delay > 0) await new Promise((done) => setTimeout(done, state.faults.delay));
  if (state.faults.away) throw new Problem(503, 'HUB_UNREACHABLE', 'Hub injoignable', 'Le hub ne répond pas. Rien n’est perdu ; réessayez dans un instant.');
  const refusal = state.faults.refuse?.(request.method, url.pathname);
  if (refusal) throw refusal;

  const text = Buffer.concat(chunks).toString();
  const body = text === '' ? undefined : JSON.parse(text);
  const wrong = checkRequest(request.method, url.pathname, url.searchParams, request.headers, body);
  state.violations.push(...wrong);
  const about = answerPeople(state.people, request, url, body, (...what) => new Problem(...what));
  if (about !== undefined) {
    state.violations.push(...checkAnswer(request.method, url.pathname, 200, about));
    return sendJson(response, 200, about);
  }
  if (url.pathname === '/api/v1/events') return sendEvents(state, request, response);
  const key = request.headers['idempotency-key'];
  if (key && state.replay.has(key)) return sendJson(response, 200, state.replay.get(key));
  const answer = await routes(state, request.method, url, body);
  if (answer.bytes !== undefined) {
    if (state.faults.imagesFail) throw new Problem(502, 'PAGE_UNREADABLE', 'Page illisible', 'Le fichier de cette page ne peut pas être lu.');
    response.writeHead(200, { ...headers, 'Content-Type': answer.type, 'Cache-Control': answer.secret ? 'no-store' : 'private, max-age=28800, immutable' });
    return response.end(answer.bytes);
  }
  state.violations.push(...checkAnswer(request.method, url.pathname, 200, answer));
  if (key) state.replay.set(key, answer);
  return sendJson(response, 200, answer);
}

function sendJson(response, status, body) {
  response.writeHead(status, { ...headers, 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(JSON.stringify(body));
}

async function sendFile(folder, pathname, response) {
  const name = pathname === '/' ? 'index.html' : /^\/web\/([A-Za-z0-9_.-]+)$/.exec(pathname)?.[1];
  if (!name) { response.writeHead(404, headers); return response.end(); }
  try {
    const packed = await readFile(path.join(folder, `${name}.gz`));
    response.writeHead(200, { ...headers, 'Content-Type': types[name.split('.').at(-1)], 'Content-Encoding': 'gzip', 'Cache-Control': 'no-cache' });
    return response.end(packed);
  } catch {
    response.writeHead(404, headers);
    return response.end();
  }
}

function sendEvents(state, request, response) {
  response.writeHead(200, { ...headers, 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  const write = (change) => response.write(`id: ${change.seq}\nevent: change\ndata: ${JSON.stringify(change)}\n\n`);
  const status = () => { if (!state.faults.away) response.write(`event: status\ndata: ${JSON.stringify(state.day.status())}\n\n`); };
  const figures = () => { if (!state.faults.away) response.write(`event: figures\ndata: ${JSON.stringify(figuresOf(state.day.status()))}\n\n`); };
  response.write('retry: 3000\n\n');
  status();
  figures();
  state.day.listeners.add(write);
  state.streams.add(response);
  const timer = setInterval(status, 1_000), slow = setInterval(figures, 10_000);
  response.on('close', () => { clearInterval(timer); clearInterval(slow); state.day.listeners.delete(write); state.streams.delete(response); });
}
