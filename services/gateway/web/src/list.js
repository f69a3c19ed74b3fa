// « Documents » : a list by queue or by state, soonest due first. New rows are never pushed under the reader's eyes.
import { get, reference } from './api.js';
import { arrowKeys, h } from './dom.js';
import { failure } from './app.js';
import { confidence, counted, day, due, isLate, priorities, state, states } from './format.js';

const pageSize = 50;

export async function open(main, address) {
  const query = address.query;
  const words = await reference();
  const service = query.get('service'), caisse = query.get('caisse');
  const ofQueue = Boolean(service && caisse);
  const title = ofQueue ? `${words.services[service] ?? service} – ${caisse} ${words.caisses[caisse] ?? ''}`
    : query.get('state') ? `Documents : ${state(query.get('state'))}` : 'Documents';

  const body = h('tbody', {});
  arrowKeys(body, 'th a');
  const more = h('div', { class: 'more', hidden: true });
  const total = h('p', { class: 'muted', 'aria-live': 'polite' });
  const box = h('div', { class: 'table-box' },
    h('table', {}, h('caption', {}, 'Le plus urgent d’abord. ', ofQueue ? 'Une pièce jointe suit son document maître.' : ''),
      h('thead', {}, h('tr', {}, ['Type', 'Échéance', 'Priorité', 'État', ofQueue ? null : 'Destination', 'Reçu le', 'Pages', 'Pli', 'Confiance'].filter(Boolean)
        .map((name) => h('th', { scope: 'col', class: ['Pages', 'Confiance'].includes(name) ? 'num' : null }, name)))), body), more);
  const nothing = h('div', { class: 'empty', hidden: true }, h('h2', {}, 'Aucun document ici'),
    h('p', {}, ofQueue ? 'Cette file est vide : à jour.' : 'Rien ne correspond à ce filtre.'), h('a', { href: '#/files' }, 'Voir toutes les files'));

  const states_ = ofQueue ? ['QUEUED', 'TAKEN', 'CLOSED'] : Object.keys(states).filter((code) => !['WITHDRAWN', 'REGISTERED', 'READING'].includes(code));
  const stateSelect = h('select', { id: 'd-etat', onchange: () => go(query, 'state', stateSelect.value) },
    ofQueue ? '' : h('option', { value: '' }, 'Tous'), states_.map((code) => h('option', { value: code }, state(code))));
  stateSelect.value = query.get('state') ?? (ofQueue ? 'QUEUED' : '');
  const typeSelect = h('select', { id: 'd-type', onchange: () => go(query, 'type', typeSelect.value) }, h('option', { value: '' }, 'Tous'),
    Object.entries(words.types).sort((a, b) => a[1].label_fr.localeCompare(b[1].label_fr, 'fr')).map(([code, type]) => h('option', { value: code }, type.label_fr)));
  typeSelect.value = query.get('type') ?? '';

  main.replaceChildren(h('div', { class: 'head' }, h('h1', {}, title), total, ofQueue && h('p', {}, h('a', { href: '#/files' }, 'Toutes les files'))),
    h('div', { class: 'filters', role: 'search' }, h('label', { for: 'd-etat' }, 'État', stateSelect), h('label', { for: 'd-type' }, 'Type', typeSelect)),
    box, nothing);

  const params = new URLSearchParams({ limit: pageSize });
  for (const name of ['state', 'type', 'lot', 'pli_id', ...(ofQueue ? [] : ['caisse', 'service'])]) {
    if (query.get(name)) params.set(name, query.get(name));
  }
  const base = ofQueue ? `/queues/${encodeURIComponent(caisse)}/${encodeURIComponent(service)}/documents` : '/documents';
  const priority = query.get('priorite');
  let shown = 0;
  const load = async (cursor) => {
    if (cursor) params.set('cursor', cursor);
    const page = await get(`${base}?${params}`);
    const rows = page.documents.filter((d) => !priority || d.priority === priority);
    const elements = rows.map((d) => rowOf(d, words, query, ofQueue));
    body.append(...elements);
    shown += rows.length;
    total.textContent = `${counted(shown, 'document')}${page.next_cursor ? ', il y en a d’autres' : ''}${priority ? ` (${priorities[priority] ?? priority})` : ''}`;
    more.hidden = !page.next_cursor;
    box.hidden = shown === 0 && !page.next_cursor;
    nothing.hidden = !box.hidden;
    more.replaceChildren(h('button', { type: 'button', onclick: () => load(page.next_cursor).catch((error) => more.replaceChildren(failure(error))) }, 'Charger la suite'));
    if (cursor) elements[0]?.querySelector('a')?.focus();
  };
  await load(null);
  const escape = (event) => {
    if (event.key === 'Escape' && !document.querySelector('dialog[open]')) location.hash = '#/files';
  };
  window.addEventListener('keydown', escape);
  return () => window.removeEventListener('keydown', escape);
}

function go(query, name, value) {
  const next = new URLSearchParams(query);
  if (value) next.set(name, value);
  else next.delete(name);
  location.hash = `#/documents?${next}`;
}

function rowOf(d, words, query, ofQueue) {
  const label = words.types[d.type]?.label_fr ?? (d.type === 'UNKNOWN' ? 'Type inconnu' : d.type);
  const from = query.toString();
  return h('tr', {},
    h('th', { scope: 'row' }, h('a', { href: `#/document/${d.id}${from ? `?de=${encodeURIComponent(from)}` : ''}` }, label),
      d.role === 'attachment' ? h('span', { class: 'muted' }, ' pièce jointe') : ''),
    h('td', { class: isLate(d.due) && !['CLOSED', 'PURGED'].includes(d.state) ? 'late' : null }, due(d.due)),
    h('td', {}, d.priority ? h('span', { class: `chip ${d.priority.toLowerCase()}` }, d.priority) : '–'),
    h('td', {}, state(d.state), d.taken_by ? h('span', { class: 'muted' }, ` par ${d.taken_by}`) : '', d.secrecy === 'medical' ? h('span', { class: 'muted' }, ' · médical') : ''),
    !ofQueue && h('td', {}, d.service ? `${words.services[d.service] ?? d.service} ${d.caisse}` : '–'),
    h('td', {}, day(d.received_on)),
    h('td', { class: 'num' }, d.pages),
    h('td', { class: 'muted' }, `${d.lot} · ${d.pli}`),
    h('td', { class: 'num' }, confidence(d.confidence)));
}
