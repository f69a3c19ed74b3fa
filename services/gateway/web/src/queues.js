// « Files » : one row per caisse, service and priority. Rows keep their place while figures move; sorting is the reader's.
import * as live from './live.js';
import { get, reference } from './api.js';
import { arrowKeys, h, setText } from './dom.js';
import { age, count, counted, due, isLate, priorities } from './format.js';

const columns = [
  { key: 'caisse', name: 'Caisse', value: (q) => q.caisse },
  { key: 'service', name: 'Service', value: (q, words) => words.services[q.service] ?? q.service },
  { key: 'priorite', name: 'Priorité', value: (q) => q.priority },
  { key: 'attente', name: 'En attente', value: (q) => q.depth, num: true, text: (q) => count(q.depth) },
  { key: 'pris', name: 'Pris', value: (q) => q.taken, num: true, text: (q) => count(q.taken) },
  { key: 'age', name: 'Plus ancien', value: (q) => q.oldest_seconds, num: true, text: (q) => (q.depth > 0 ? age(q.oldest_seconds) : '–') },
  { key: 'echeance', name: 'Échéance', value: (q) => (q.next_due ? new Date(q.next_due).getTime() : Infinity), num: true,
    text: (q) => due(q.next_due), late: (q) => isLate(q.next_due) },
  { key: 'retard', name: 'En retard', value: (q) => q.overdue, num: true, text: (q) => count(q.overdue), late: (q) => q.overdue > 0 },
  { key: 'flux', name: 'Entrées / sorties', value: (q) => q.in_last_minutes - q.out_last_minutes, num: true,
    text: (q) => `${count(q.in_last_minutes)} / ${count(q.out_last_minutes)}` },
];
const id = (q) => `${q.caisse}/${q.service}/${q.priority}`;

let current = null;

export async function open(main, address) {
  const [words, status] = await Promise.all([reference(), live.snapshot() ?? get('/status')]);
  const view = { words, queues: status.queues, order: [], rows: new Map(), query: address.query };
  current = view;
  view.caisse = h('select', { id: 'f-caisse', onchange: () => change(view, 'caisse', view.caisse.value) });
  view.priority = h('select', { id: 'f-priorite', onchange: () => change(view, 'priorite', view.priority.value) },
    h('option', { value: '' }, 'Toutes'), Object.entries(priorities).map(([code, text]) => h('option', { value: code }, text)));
  view.search = h('input', { id: 'f-service', type: 'search', autocomplete: 'off', oninput: () => change(view, 'service', view.search.value) });
  view.total = h('p', { class: 'muted', id: 'files-total' });
  view.body = h('tbody', {});
  view.heads = new Map(columns.map((column) => [column.key, h('th', { scope: 'col', class: column.num ? 'num' : null },
    h('button', { type: 'button', onclick: () => sortBy(view, column.key) }, column.name))]));
  view.box = h('div', { class: 'table-box' }, h('table', {},
    h('caption', {}, 'Files par caisse, service et priorité. Échéance : celle du document le plus pressé ; entrées et sorties : les 10 dernières minutes. Les chiffres bougent en direct, les lignes restent en place.'),
    h('thead', {}, h('tr', {}, [...view.heads.values()])), view.body));
  view.nothing = h('div', { class: 'empty', hidden: true });
  arrowKeys(view.body, 'th a');
  main.replaceChildren(h('div', { class: 'head' }, h('h1', {}, 'Files'), view.total),
    h('div', { class: 'filters', role: 'search' },
      h('label', { for: 'f-caisse' }, 'Caisse', view.caisse),
      h('label', { for: 'f-service' }, 'Service (nom ou code)', view.search),
      h('label', { for: 'f-priorite' }, 'Priorité', view.priority)),
    view.box, view.nothing);
  apply(view);
  const end = live.listen((type, data) => {
    if (type !== 'status') return;
    view.queues = data.queues;
    refresh(view, false);
  });
  return () => { end(); current = null; };
}

export function update(address) {
  if (!current) return;
  current.query = address.query;
  apply(current);
}

// What the address says goes into the controls, then into the table.
function apply(view) {
  const caisses = [...new Set(view.queues.map((q) => q.caisse))].sort();
  view.caisse.replaceChildren(h('option', { value: '' }, 'Toutes'),
    ...caisses.map((code) => h('option', { value: code }, `${code} ${view.words.caisses[code] ?? ''}`)));
  view.caisse.value = view.query.get('caisse') ?? '';
  view.priority.value = view.query.get('priorite') ?? '';
  if (document.activeElement !== view.search) view.search.value = view.query.get('service') ?? '';
  refresh(view, true);
}

function change(view, name, value) {
  const query = new URLSearchParams(view.query);
  if (value) query.set(name, value);
  else query.delete(name);
  const text = query.toString();
  history.replaceState(null, '', `#/files${text ? `?${text}` : ''}`);
  view.query = query;
  refresh(view, true);
}

function sortBy(view, key) {
  const [now, way] = (view.query.get('tri') ?? 'echeance').split(':');
  change(view, 'tri', now === key && way !== 'desc' ? `${key}:desc` : key);
}

function compare(view) {
  const [key, way] = (view.query.get('tri') ?? 'echeance').split(':');
  const column = columns.find((c) => c.key === key) ?? columns[6];
  const sign = way === 'desc' ? -1 : 1;
  for (const [name, head] of view.heads) {
    if (name === column.key) head.setAttribute('aria-sort', sign > 0 ? 'ascending' : 'descending');
    else head.removeAttribute('aria-sort');
  }
  return (a, b) => {
    const x = column.value(a, view.words), y = column.value(b, view.words);
    return (x < y ? -1 : x > y ? 1 : id(a).localeCompare(id(b))) * sign;
  };
}

const fold = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

function refresh(view, sort) {
  const caisse = view.query.get('caisse'), priority = view.query.get('priorite'), text = fold(view.query.get('service') ?? '');
  const kept = view.queues.filter((q) => (!caisse || q.caisse === caisse) && (!priority || q.priority === priority)
    && (!text || fold(`${q.service} ${view.words.services[q.service] ?? ''}`).includes(text)));
  const byId = new Map(kept.map((q) => [id(q), q]));
  if (sort) view.order = kept.sort(compare(view)).map(id);
  else view.order = [...view.order.filter((key) => byId.has(key)), ...[...byId.keys()].filter((key) => !view.order.includes(key))];

  for (const [key, row] of view.rows) {
    if (!byId.has(key)) { row.element.remove(); view.rows.delete(key); }
  }
  view.order.forEach((key, index) => {
    const row = view.rows.get(key) ?? makeRow(view, byId.get(key));
    row.show(byId.get(key));
    if (view.body.children[index] !== row.element) view.body.insertBefore(row.element, view.body.children[index] ?? null);
  });
  const waiting = kept.reduce((n, q) => n + q.depth, 0), late = kept.reduce((n, q) => n + q.overdue, 0);
  setText(view.total, `${counted(waiting, 'document')} en attente dans ${counted(kept.length, 'file')}, ${count(late)} en retard`);
  view.box.hidden = kept.length === 0;
  view.nothing.hidden = kept.length > 0;
  if (kept.length === 0) {
    view.nothing.replaceChildren(h('h2', {}, view.queues.length === 0 ? 'Toutes les files sont vides' : 'Aucune file ne correspond à ce filtre'),
      h('p', {}, view.queues.length === 0 ? 'Les documents apparaîtront ici dès qu’ils seront routés.' : 'Effacez un filtre pour en voir davantage.'),
      view.queues.length > 0 && h('a', { href: '#/files' }, 'Effacer les filtres'));
  }
}

function makeRow(view, first) {
  const label = view.words.services[first.service] ?? first.service;
  const cells = columns.slice(3).map((column) => h('td', { class: 'num' }));
  const element = h('tr', {},
    h('td', { class: 'nowrap' }, `${first.caisse} `, h('span', { class: 'muted' }, view.words.caisses[first.caisse] ?? '')),
    h('th', { scope: 'row' }, h('a', { href: `#/documents?caisse=${first.caisse}&service=${first.service}&state=QUEUED&priorite=${first.priority}` }, label),
      label === first.service ? '' : h('span', { class: 'muted' }, ` ${first.service}`)),
    h('td', {}, h('span', { class: `chip ${first.priority.toLowerCase()}` }, priorities[first.priority] ?? first.priority)), cells);
  const row = {
    element,
    show: (q) => columns.slice(3).forEach((column, i) => {
      setText(cells[i], column.text(q));
      cells[i].classList.toggle('late', Boolean(column.late?.(q)));
    }),
  };
  view.rows.set(id(first), row);
  return row;
}
