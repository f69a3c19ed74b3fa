// One function from question to answer, route by route, in the order of openapi.json.
import { figuresOf } from './figures.mjs';
import { Problem } from './server.mjs';

const page = (rows, limit, cursor) => {
  const from = Number(cursor ?? 0), size = Number(limit ?? 50);
  return { rows: rows.slice(from, from + size), ...(from + size < rows.length ? { next_cursor: String(from + size) } : {}) };
};
const svg = (state, id, number) => ({ bytes: state.desk.svg(id, number), type: 'image/svg+xml' });

// Pages of a document of the day: drawn like those of the training, for the type that it has.
function drawn(state, row, number) {
  const { draw, inventPli } = state.modules;
  const invented = inventPli(state.reference, 3, Number(row.pli) % 500, row.type === 'RIB' ? 'iban' : row.type === 'RECLAMATION' ? 'letter' : 'nir', Date.now());
  const paper = { ...invented.papers[0], title: (state.reference.types[row.type]?.label_fr ?? 'Courrier').toUpperCase(), number: state.reference.types[row.type]?.cerfa ?? '' };
  if (number > 1) Object.assign(paper, { inks: [], note: `Suite, page ${number}` });
  return { paper, invented, bytes: draw(paper) };
}

export async function routes(state, method, url, body) {
  const { day, desk } = state;
  const at = url.pathname.replace('/api/v1', ''), query = url.searchParams, route = `${method} ${at}`;
  let m;
  if (route === 'GET /status') return day.status();
  if (route === 'GET /queues') return { queues: day.status().queues, last_event: day.seq };
  if (route === 'GET /figures') return figuresOf(day.status(), query);
  if (route === 'GET /reference') return { ...state.reference, environment: state.environment };
  if (route === 'GET /workers') return { workers: day.workersNow(), readers_wanted: 2 };
  if (route === 'GET /rejections') return { rejections: day.rejections.slice(0, Number(query.get('limit') ?? 100)) };
  if (route === 'GET /aside') return { plis: day.aside.filter((one) => !query.get('state') || one.state === query.get('state')) };
  if (route === 'GET /lots') return { lots: day.lots.filter((one) => query.get('balance') !== 'off' || !one.balanced) };
  if (route === 'GET /recalls') return { recalls: day.recalls };
  if (route === 'GET /keying') return desk.stock();
  if (route === 'POST /keying:next') return { jobs: desk.next(body.by, body.count ?? 1, body.medical ?? false) };
  if (route === 'POST /keying:undo') return desk.undo(body.by, body.id ?? '');
  if ((m = /^POST \/keying\/([^/:]+):(open|validate|hold|send|release)$/.exec(route))) {
    const [, id, verb] = m;
    if (verb === 'open') return desk.open(id, body.by);
    if (verb === 'validate') return desk.validate(id, body.by, body.fence, { pages: body.pages, documents: body.documents });
    if (verb === 'hold') return { documents: desk.hold(id, body.by, body.fence, body.code, body.note ?? '') };
    if (verb === 'send') return { documents: desk.send(id, body.by, body.fence, body.to ?? body.skill, body.note ?? '') };
    return { documents: desk.release(id, body.by, body.fence) };
  }
  if ((m = /^PUT \/keying\/([^/:]+)\/(lease|draft)$/.exec(route))) {
    return m[2] === 'lease' ? desk.renew(m[1], body.by, body.fence) : { saved_at: desk.saveDraft(m[1], body.by, body.fence, body.entries) };
  }
  if ((m = /^GET \/plis\/([^/]+)\/images\/0{60}(\d{4})-0$/.exec(route))) {
    const one = desk.cases.get(m[1]);
    if (one) return { ...svg(state, m[1], Number(m[2])), secret: one.pli.secrecy === 'medical' };
    const row = [...day.documents.values()].find((document) => document.pli_id === m[1]);
    return { bytes: drawn(state, row ?? { pli: '1', type: 'AAT' }, Number(m[2])).bytes, type: 'image/svg+xml' };
  }
  if ((m = /^POST \/plis\/([^/]+)\/pages\/(\d+):ocr$/.exec(route))) return desk.ocr(m[1], Number(m[2]), body.box, body.rotation ?? 0);
  if ((m = /^GET \/documents\/([^/]+)\/index\.json$/.exec(route))) return index(state, rowOf(day, m[1]), query.get('recipient'));
  if ((m = /^GET \/documents\/([^/]+)\/pages\/(\d+)$/.exec(route))) return { bytes: drawn(state, rowOf(day, m[1]), Number(m[2])).bytes, type: 'image/svg+xml' };
  if (route === 'GET /documents') return documents(day, query);
  if ((m = /^GET \/queues\/(\d{3})\/([A-Z0-9_]+)\/documents$/.exec(route))) return documents(day, query, { caisse: m[1], service: m[2], state: query.get('state') ?? 'QUEUED' });
  if ((m = /^POST \/queues\/(\d{3})\/([A-Z0-9_]+):take$/.exec(route))) return take(day, m[1], m[2], body);
  if ((m = /^POST \/documents\/([^/:]+):(acknowledge|return|release|recall|answer-recall)$/.exec(route))) return act(day, m[1], m[2], body);
  if ((m = /^GET \/documents\/([^/]+)$/.exec(route))) return view(state, rowOf(day, m[1]));
  if ((m = /^GET \/plis\/([^/]+)\/story$/.exec(route))) return story(state, m[1]);
  if ((m = /^GET \/plis\/([^/]+)$/.exec(route))) return pliView(state, m[1]);
  if (route === 'POST /search') return search(day, body);
  if ((m = /^POST \/recovery\/([a-z-]+)$/.exec(route))) return recover(day, m[1], body);
  throw new Problem(404, 'ROUTE_NOT_FOUND', 'Adresse inconnue', 'Cette adresse n’existe pas.');
}

function rowOf(day, id) {
  const row = day.documents.get(id);
  if (!row) throw new Problem(404, 'DOCUMENT_UNKNOWN', 'Document inconnu', 'Aucun document ne porte cet identifiant.');
  return row;
}

function documents(day, query, more = {}) {
  const wanted = (name) => more[name] ?? query.get(name);
  const rows = [...day.documents.values()].filter((row) => ['caisse', 'service', 'state', 'type', 'lot', 'pli_id'].every((name) => {
    const value = wanted(name);
    return !value || value === 'all' || row[name] === value;
  })).sort((a, b) => (a.due < b.due ? -1 : 1));
  const { rows: shown, next_cursor: next } = page(rows, query.get('limit'), query.get('cursor'));
  return { documents: shown, ...(next ? { next_cursor: next } : {}) };
}

function take(day, caisse, service, body) {
  const waiting = [...day.documents.values()].filter((row) => row.state === 'QUEUED' && row.caisse === caisse && row.service === service && (!body.document || body.document === row.id)).sort((a, b) => (a.due < b.due ? -1 : 1));
  if (body.document && waiting.length === 0) throw new Problem(409, 'DOCUMENT_NOT_WAITING', 'Déjà pris', 'Ce document n’attend plus dans cette file.');
  const documents = waiting.slice(0, body.count ?? 1).map((row) => {
    day.fence += 1;
    Object.assign(row, { state: 'TAKEN', taken_by: body.by, fence: day.fence });
    day.note('delivery.taken', row, 'QUEUED', 'TAKEN');
    const { fence, ...rest } = row;
    return { ...rest, fence, delivery_id: `delivery-${row.id}`, lease_until: new Date(Date.now() + (body.lease_seconds ?? 600) * 1000).toISOString() };
  });
  return { documents };
}

function act(day, id, verb, body) {
  const row = rowOf(day, id);
  const show = () => { const { fence, ...rest } = row; return rest; };
  if (verb === 'recall' || verb === 'answer-recall') {
    const recall = { document: show(), delivery_id: `delivery-${id}`, caisse: row.caisse, service: row.service, by: body.by, reason: body.reason ?? '', state: 'ASKED', at: new Date().toISOString() };
    day.recalls.push(recall);
    return verb === 'recall' ? { document: show(), recalls: [recall] } : show();
  }
  if (row.state !== 'TAKEN' || row.fence !== body.fence || row.taken_by !== body.by) throw new Problem(409, 'DELIVERY_STALE', 'Réservation perdue', 'Ce document n’est plus réservé par ce poste.');
  row.state = { acknowledge: 'CLOSED', return: 'RETURNED', release: 'QUEUED' }[verb];
  if (verb === 'return') row.reason = body.code;
  day.note({ acknowledge: 'delivery.closed', return: 'delivery.returned', release: 'delivery.released' }[verb], row, 'TAKEN', row.state, body.code);
  return show();
}

function view(state, row) {
  const { paper, invented } = drawn(state, row, 1);
  const numbers = Array.from({ length: row.pages }, (_, i) => i + 1);
  const { pages, ...rest } = row;
  const fields = Object.fromEntries(Object.entries(invented.documents[0].fields).map(([name, [read]]) => [name, { ...read, status: read.status }]));
  return {
    ...rest, page_count: pages, context: { lot: row.lot, pli: row.pli, caisse: row.caisse, received_on: row.received_on, channel: 'post', scanned_at: '2026-11-20T07:05:12+01:00' },
    document: {
      id: 1, type: row.type, confidence: row.confidence, role: row.role, pages: numbers, to_key: [], decision: row.decision, reasons: [`titre « ${paper.title.toLowerCase()} »`, `numéro ${paper.number || 'absent'}`], fields,
      affiliation: { caisse: row.caisse, from: 'addressed' }, route: row.service ? { processed_by: row.caisse, service: row.service, pages: numbers, priority: row.priority, rule: `nomenclature ${row.type}`, due: row.due, legal_due: null, copies: [] } : null,
    },
    pages: numbers.map((number) => ({ page: number, kind: 'document', rotation: 0, quality: 'ok', codes: [], width: 1654, height: 2339, image: `/api/v1/documents/${row.id}/pages/${number}` })),
    evidence: [{ text: `titre « ${paper.title.toLowerCase()} »`, page: 1, box: [140, 110, 900, 70] }],
    history: [
      { seq: 11, at: row.queued_at, kind: 'pli.registered', pli_id: row.pli_id, actor: 'ingest' }, { seq: 12, at: row.queued_at, kind: 'pli.read', pli_id: row.pli_id, actor: 'reader-1@douai' },
      { seq: 13, at: row.queued_at, kind: 'pli.routed', pli_id: row.pli_id, actor: 'router-1@douai' }, { seq: 14, at: row.queued_at, kind: 'delivery.queued', document_id: row.id, to: 'QUEUED' },
    ],
    siblings: [],
  };
}

function index(state, row, recipient) {
  if (recipient !== `${row.caisse}-${row.service}`) throw new Problem(403, 'NOT_A_RECIPIENT', 'Pas pour ce service', 'Ce document n’est pas adressé à ce service.');
  const whole = view(state, row);
  return { delivered_to: { caisse: row.caisse, service: row.service }, id: row.id, state: row.state, lot: row.lot, pli: row.pli, context: whole.context, document: whole.document, pages: whole.pages.map((page) => ({ ...page, image: `${page.image}?recipient=${recipient}` })), pdf: `/api/v1/documents/${row.id}.pdf?recipient=${recipient}` };
}

function pliView(state, id) {
  const rows = [...state.day.documents.values()].filter((row) => row.pli_id === id);
  const pli = state.day.plis.get(id);
  if (!pli) throw new Problem(404, 'PLI_UNKNOWN', 'Pli inconnu', 'Aucun pli ne porte cet identifiant.');
  const first = rows[0];
  return {
    id, state: pli.state, context: { lot: first?.lot, pli: first?.pli, caisse: first?.caisse, received_on: '2026-11-20', channel: 'post', ...(pli.registered ? { registered: pli.registered } : {}) },
    files: [{ name: `${first?.pli ?? '0001'}.tif`, size_bytes: 182_311, sha256: 'ab'.repeat(32) }], pages: first ? view(state, first).pages : [], documents: rows, history: first ? view(state, first).history : [],
  };
}

function story(state, id) {
  const pli = pliView(state, id);
  const words = { 'pli.registered': 'Reçu et enregistré.', 'pli.read': 'Lu : un document, son type et ses champs.', 'pli.routed': 'Routé par la nomenclature.', 'delivery.queued': 'Mis dans la file du service.' };
  return {
    id, state: pli.state, context: pli.context, events: pli.history.map((one) => ({ ...one, text: words[one.kind] ?? one.kind })),
    readings: [{ revision: 1, by: 'reader-1@douai', at: pli.history[1]?.at ?? new Date().toISOString(), documents: pli.documents.length, current: true }],
  };
}

function search(day, body) {
  const found = new Map();
  for (const row of day.documents.values()) {
    const pli = day.plis.get(row.pli_id);
    const fits = (!body.pli || row.pli_id.startsWith(body.pli) || row.pli === body.pli) && (!body.lot || row.lot === body.lot) && (!body.endorser || pli.endorsers.includes(body.endorser))
      && (!body.registered || pli.registered === body.registered) && (!body.nir || Number(row.pli) % 40 === 7) && (!body.caisse || row.caisse === body.caisse) && (!body.type || row.type === body.type)
      && (!body.service || row.service === body.service) && (!body.state || row.state === body.state) && (!body.received_from || row.received_on >= body.received_from) && (!body.received_to || row.received_on <= body.received_to);
    if (!fits) continue;
    const one = found.get(row.pli_id) ?? { id: row.pli_id, lot: row.lot, pli: row.pli, caisse: row.caisse, received_on: row.received_on, state: pli.state, endorsers: pli.endorsers, pages: row.pages, documents: [], matched: ['nir', 'registered', 'endorser', 'pli', 'lot'].find((name) => body[name]) ?? 'filters', ...(pli.registered ? { registered: pli.registered } : {}) };
    one.documents.push(row);
    found.set(row.pli_id, one);
  }
  const { rows, next_cursor: next } = page([...found.values()], body.limit, body.cursor);
  return { plis: rows, ...(next ? { next_cursor: next } : {}) };
}

const undoes = { hold: 'release', release: 'hold', reclassify: 'reclassify', 're-route': 're-route', 're-read': undefined, reject: undefined, 'un-quarantine': undefined, 're-queue': undefined };
function recover(day, verb, body) {
  const outcomes = body.ids.map((id, i) => {
    if (body.ids.length > 1 && i === body.ids.length - 1) return { id, ok: false, code: 'STATE_MOVED', detail: 'Ce pli a changé d’état entre-temps : relisez la liste.' };
    const pli = id.split('-')[0];
    day.aside = day.aside.filter((one) => one.pli_id !== pli || verb === 'hold');
    const row = day.documents.get(id);
    if (row && verb === 'hold') row.state = 'HELD';
    if (row && verb === 'release') row.state = 'QUEUED';
    day.recovered.push({ verb, id, reason: body.reason });
    return { id, ok: true, state: verb === 'reject' ? 'REJECTED' : 'READING', reversible: undoes[verb] !== undefined, ...(undoes[verb] ? { undo: undoes[verb] } : {}) };
  });
  if (body.ids.length === 1 && !outcomes[0].ok) throw new Problem(409, outcomes[0].code, 'Refusé', outcomes[0].detail);
  return { verb, done: outcomes.filter((one) => one.ok).length, refused: outcomes.filter((one) => !one.ok).length, outcomes };
}
