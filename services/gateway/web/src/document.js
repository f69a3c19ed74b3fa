// « Document » : the page on the left, what was read and decided on the right. A field and its box are one thing: picking
// either shows both.
import { get, reference } from './api.js';
import { arrowKeys, h } from './dom.js';
import { Viewer } from './viewer.js';
import { confidence, count, day, due, fieldValue, isLate, kind, knownKind, moment, priorities, returnCodes, state, statuses, when } from './format.js';

let current = null;

export async function open(main, address) {
  const [words, d] = await Promise.all([reference(), get(`/documents/${encodeURIComponent(address.path[0] ?? '')}`)]);
  const view = { d, words, fields: fieldsOf(d, words), address };
  const label = words.types[d.type]?.label_fr ?? (d.type === 'UNKNOWN' ? 'Type inconnu' : d.type);
  view.viewer = new Viewer(d.pages.map((page) => ({ ...page })), {
    onpage: (page) => remember(view, { page }),
    onpick: (key) => pick(view, key, true),
  });
  const decision = d.document.decision;
  main.replaceChildren(
    h('div', { class: 'doc-head' },
      h('a', { href: back(address), id: 'retour' }, '← Liste'),
      h('h1', {}, label),
      h('span', { class: 'chip' }, state(d.state)),
      d.priority && h('span', { class: `chip ${d.priority.toLowerCase()}` }, priorities[d.priority] ?? d.priority),
      d.secrecy === 'medical' && h('span', { class: 'chip bad' }, 'secret médical'),
      decision === 'keying' && h('span', { class: 'chip warn' }, 'à vérifier par une personne'),
      d.role === 'attachment' && h('span', { class: 'chip' }, 'pièce jointe')),
    h('div', { class: 'doc' }, view.viewer.element, panel(view)));
  view.viewer.setBoxes([...view.fields.filter((f) => f.box).map((f) => ({ key: f.key, page: f.page, box: f.box, label: f.label, look: f.status })),
    ...(d.evidence ?? []).map((r, i) => ({ ...r, key: `raison-${i}`, label: 'indice', look: 'reason' })).filter((r) => r.box?.[2] > 0)]);
  current = view;
  apply(view, address);

  const keys = (event) => {
    if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
    const typing = ['INPUT', 'SELECT', 'TEXTAREA'].includes(document.activeElement?.tagName);
    if (event.key === 'PageDown' && !typing) view.viewer.go(view.viewer.at + 1);
    else if (event.key === 'PageUp' && !typing) view.viewer.go(view.viewer.at - 1);
    else if (event.key === 'F2') {
      if (document.activeElement === view.viewer.stage) (view.back ?? document.querySelector('.fields button'))?.focus();
      else { view.back = document.activeElement; view.viewer.stage.focus(); }
    } else if (event.key === 'Escape') location.hash = back(address);
    else return;
    event.preventDefault();
  };
  window.addEventListener('keydown', keys);
  return () => {
    window.removeEventListener('keydown', keys);
    view.viewer.close();
    current = null;
  };
}

export function update(address) {
  if (current) apply(current, address);
}

function apply(view, address) {
  view.address = address;
  const page = Number(address.query.get('page'));
  const at = view.viewer.pages.findIndex((p) => p.page === page);
  view.viewer.go(at >= 0 ? at : view.viewer.at);
  const field = address.query.get('champ');
  if (field) pick(view, field, false);
}

const back = (address) => {
  const from = address.query.get('de');
  return from ? `#/documents?${from}` : '#/documents';
};

// The address follows, without a new entry in the browser's history for each key.
function remember(view, change) {
  const query = new URLSearchParams(location.hash.split('?')[1] ?? '');
  for (const [name, value] of Object.entries(change)) query.set(name, value);
  history.replaceState(null, '', `#/document/${view.d.id}?${query}`);
}

function pick(view, key, fromImage) {
  for (const button of document.querySelectorAll('[data-pick]')) button.setAttribute('aria-pressed', String(button.dataset.pick === key));
  view.viewer.pick(key);
  remember(view, { champ: key, page: view.viewer.page().page });
  const button = document.querySelector(`[data-pick="${CSS.escape(key)}"]`);
  if (fromImage) button?.focus();
  button?.scrollIntoView({ block: 'nearest' });
}

// Every value with its place; the fields that the type requires and that are not there come first, empty.
function fieldsOf(d, words) {
  const fields = [];
  const wanted = new Set(d.document.to_key ?? []);
  for (const [name, one] of Object.entries(d.document.fields ?? {})) {
    (Array.isArray(one) ? one : [one]).forEach((f, i, all) => fields.push({
      ...f, name, key: all.length > 1 ? `${name}-${i + 1}` : name,
      label: `${words.fields[name] ?? name}${all.length > 1 ? ` (${i + 1})` : ''}`, box: f.box?.[2] > 0 ? f.box : null, required: wanted.has(name),
    }));
    wanted.delete(name);
  }
  for (const name of wanted) fields.unshift({ name, key: name, label: words.fields[name] ?? name, missing: true, required: true });
  return fields;
}

function panel(view) {
  const { d, words } = view;
  const doc = d.document;
  const route = doc.route;
  const service = (caisse, code) => `${words.services[code] ?? code} – ${caisse} ${words.caisses[caisse] ?? ''}`;
  const pages = (list) => (list.length === 0 ? 'index seul, sans image' : list.length === d.pages.length ? 'toutes les pages' : `page${list.length > 1 ? 's' : ''} ${list.join(', ')}`);
  const pairs = (entries) => h('dl', {}, entries.filter(Boolean).map(([name, ...value]) => [h('dt', {}, name), h('dd', {}, value)]));
  const pdf = (caisse, code, list) => list.length > 0 && ['QUEUED', 'TAKEN', 'DELIVERED', 'CLOSED'].includes(d.state)
    && [' · ', h('a', { href: `/api/v1/documents/${d.id}.pdf?recipient=${caisse}-${code}`, target: '_blank', rel: 'noopener' }, 'PDF')];

  const list = h('ul', { class: 'fields' }, view.fields.map((f) => h('li', {}, h('button', {
    type: 'button', 'data-pick': f.key, 'aria-pressed': 'false', onclick: () => pick(view, f.key, false), onfocus: () => pick(view, f.key, false),
  }, h('span', { class: 'name' }, f.label), f.missing ? h('span', { class: 'value missing' }, 'à saisir : non lu')
    : h('span', { class: 'value' }, fieldValue(f.name, f.value)),
  f.missing ? h('span', { class: 'chip bad' }, 'exigé') : h('span', { class: `chip ${statuses[f.status]?.[1] ?? ''}`, title: `confiance ${confidence(f.confidence)}` }, statuses[f.status]?.[0] ?? f.status)))));
  arrowKeys(list, 'button');

  return h('div', { class: 'panel', tabindex: '0', role: 'region', 'aria-label': 'Lecture et décision' },
    h('section', {}, h('h2', {}, 'Champs'), view.fields.length > 0 ? list : h('p', { class: 'muted' }, 'Aucun champ n’a été lu sur ce document.')),
    h('section', {}, h('h2', {}, 'Type et décision'), pairs([
      ['Type', words.types[d.type]?.label_fr ?? 'inconnu', h('span', { class: 'muted' }, ` ${d.type}`)],
      ['Confiance', confidence(doc.confidence)],
      ['Décision', doc.decision === 'auto' ? 'automatique' : doc.decision === 'keying' ? 'une personne regarde d’abord ; la destination est une proposition' : 'pas encore prise'],
      d.reason && ['Motif', returnCodes[d.reason] ?? d.reason],
    ]), h('h3', {}, 'Pourquoi'), reasons(view)),
    h('section', {}, h('h2', {}, 'Destination et échéances'), route ? pairs([
      ['Traité par', h('b', {}, service(route.processed_by, route.service)), h('br'), h('span', { class: 'small' }, pages(route.pages), pdf(route.processed_by, route.service, route.pages))],
      ...(route.copies ?? []).map((copy) => ['Copie à', service(copy.processed_by, copy.service), h('br'), h('span', { class: 'small' }, pages(copy.pages), pdf(copy.processed_by, copy.service, copy.pages))]),
      ['Échéance', h('span', { class: isLate(route.due) && d.state !== 'CLOSED' ? 'chip bad' : '' }, due(route.due))],
      route.legal_due && ['Échéance légale', day(route.legal_due)],
      ['Règle', route.rule],
      doc.affiliation?.caisse && ['Affiliation', `${doc.affiliation.caisse} ${words.caisses[doc.affiliation.caisse] ?? ''}`],
    ]) : h('p', {}, 'Aucune : une personne doit d’abord dire de quoi il s’agit.')),
    h('section', {}, h('h2', {}, 'Pli'), pairs([
      ['Lot et pli', `${d.context.lot} · ${d.context.pli}`],
      ['Reçu le', day(d.context.received_on), d.context.channel === 'counter' ? ' à l’accueil' : ''],
      d.context.registered && ['Recommandé', d.context.registered],
      ['Numérisé', when(d.context.scanned_at)],
      ['Pages', count(d.pages.length)],
    ]), d.siblings.length > 0 && [h('h3', {}, 'Autres documents du pli'), h('ul', { class: 'siblings' }, d.siblings.map((s) => h('li', {},
      h('a', { href: `#/document/${s.id}` }, words.types[s.type]?.label_fr ?? 'Type inconnu'), h('span', { class: 'muted' }, ` ${state(s.state)}`))))]),
    h('section', {}, h('h2', {}, 'Historique'), h('ol', { class: 'timeline' }, d.history.map((e) => h('li', {},
      h('time', { datetime: e.at, title: when(e.at) }, moment(e.at)), h('span', {}, kind(e.kind), e.to && !knownKind(e.kind) ? h('span', { class: 'muted' }, ` → ${state(e.to)}`) : '',
        e.code ? ` (${returnCodes[e.code] ?? e.code})` : '', e.actor ? h('span', { class: 'muted' }, ` · ${e.actor}`) : ''))))));
}

function reasons(view) {
  const located = new Map((view.d.evidence ?? []).map((r, i) => [r.text, { ...r, key: `raison-${i}` }]));
  const all = view.d.document.reasons ?? [];
  if (all.length === 0) return h('p', { class: 'muted' }, 'Aucun indice retenu.');
  return h('ul', { class: 'reasons' }, all.map((text) => {
    const where = located.get(text);
    return h('li', {}, where?.box?.[2] > 0
      ? h('button', { type: 'button', 'data-pick': where.key, 'aria-pressed': 'false', onclick: () => pick(view, where.key, false) }, text) : text);
  }));
}
