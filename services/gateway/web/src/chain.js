// « Chaîne » : from the scanner to the services, with live counts and the conservation equations.
import * as live from './live.js';
import { get, reference } from './api.js';
import { h, setText } from './dom.js';
import { announce } from './app.js';
import { age, count, counted, due, isLate, kind, knownKind, moment, state, timeOfDay } from './format.js';

const journalMax = 12;
const urgentMax = 4;

// Each stage: title, big figure, its unit, then pairs; a pair with `loud` is red when it is not zero.
const stages = [
  { id: 'scanner', title: 'Scanner', figure: (s) => s.plis.announced, unit: 'plis annoncés',
    pairs: [['pages numérisées', (s) => s.pages.scanned], ['manquants', (s) => s.plis.missing, 'loud']] },
  { id: 'ingest', title: 'Réception', figure: (s) => s.plis.received, unit: 'plis reçus',
    pairs: [['enregistrés', (s) => s.plis.registered], ['rejetés', (s) => s.plis.rejected, 'loud']] },
  { id: 'lecture', title: 'Lecture', figure: (s) => s.plis.in_flight, unit: 'plis en cours',
    pairs: [['en quarantaine', (s) => s.plis.quarantined, 'loud'], ['retenus', (s) => s.plis.held, 'loud']] },
  { id: 'routage', title: 'Routage', figure: (s) => s.documents.created, unit: 'documents créés',
    pairs: [['en routage', (s) => s.documents.in_flight.route ?? 0], ['à coder', (s) => s.documents.to_key + s.documents.returned]] },
  { id: 'files', title: 'Files', figure: (s) => s.documents.queued, unit: 'documents en file', href: '#/files',
    pairs: [['files ouvertes', (s) => s.queues.filter((q) => q.depth > 0).length], ['en retard', (s) => s.queues.reduce((n, q) => n + q.overdue, 0), 'loud']] },
  { id: 'services', title: 'Services', figure: (s) => s.documents.closed, unit: 'documents acquittés',
    pairs: [['pris', (s) => s.documents.taken + s.documents.delivered], ['renvoyés', (s) => s.documents.returned, 'loud']] },
];

const equations = [
  { id: 'plis', title: 'Plis', left: ['reçus', (s) => s.plis.received], difference: (s) => s.difference.plis,
    terms: [['enregistrés', (s) => s.plis.registered], ['rejetés', (s) => s.plis.rejected]] },
  { id: 'documents', title: 'Documents', left: ['créés', (s) => s.documents.created], difference: (s) => s.difference.documents,
    terms: [['en routage', (s) => s.documents.in_flight.route ?? 0], ['à coder', (s) => s.documents.to_key], ['en codage', (s) => s.documents.in_flight.keying ?? 0],
      ['en file', (s) => s.documents.queued], ['pris', (s) => s.documents.taken], ['remis', (s) => s.documents.delivered],
      ['clos', (s) => s.documents.closed], ['renvoyés', (s) => s.documents.returned], ['retenus', (s) => s.documents.held],
      ['à renumériser', (s) => s.documents.rescan], ['quarantaine', (s) => s.documents.quarantined], ['rejetés', (s) => s.documents.rejected],
      ['remplacés', (s) => s.documents.superseded], ['purgés', (s) => s.documents.purged]] },
  { id: 'pages', title: 'Pages', left: ['numérisées', (s) => s.pages.scanned], difference: (s) => s.difference.pages,
    terms: [['dans des documents', (s) => s.pages.in_documents], ['blanches', (s) => s.pages.blank], ['séparateurs', (s) => s.pages.separator],
      ['enveloppes', (s) => s.pages.envelope], ['en cours', (s) => s.pages.in_flight]] },
];

export async function open(main) {
  const [words, first] = await Promise.all([reference(), live.snapshot() ?? get('/status')]);
  const refreshers = [];
  const bind = (element, read, change) => {
    refreshers.push((s) => { const value = read(s); setText(element, count(value)); change?.(value); });
    return element;
  };

  const chain = h('ol', { class: 'chain' }, stages.map((stage) => h('li', { class: 'card', id: `etape-${stage.id}` },
    h('h2', {}, stage.href ? h('a', { href: stage.href }, stage.title) : stage.title),
    bind(h('p', { class: 'figure' }), stage.figure),
    h('p', { class: 'unit' }, stage.unit),
    h('dl', { class: 'pairs' }, stage.pairs.map(([name, read, loud]) => {
      const figure = h('dd', {});
      bind(figure, read, (value) => figure.classList.toggle('loud', Boolean(loud) && value > 0));
      return [h('dt', {}, name), figure];
    })))));

  const conservation = h('section', { class: 'card equations', 'aria-label': 'Équations de conservation' }, equations.map((equation) => {
    const difference = h('span', { class: 'difference', role: 'status' });
    refreshers.push((s) => {
      const value = equation.difference(s);
      difference.classList.toggle('off', value !== 0);
      setText(difference, value === 0 ? '✓ écart 0' : `✗ écart ${count(value)}`);
    });
    const terms = h('p', { class: 'terms' });
    refreshers.push((s) => {
      // Empty terms stay out of the sum, so that it can be read; they come back as soon as they count.
      const counted = equation.terms.map(([name, read]) => [name, read(s)]).filter(([, value]) => value !== 0);
      const shown = counted.length > 0 ? counted : [[equation.terms[0][0], 0]];
      const text = `${count(equation.left[1](s))} ${equation.left[0]} = ${shown.map(([name, value]) => `${count(value)} ${name}`).join(' + ')}`;
      if (terms.dataset.text === text) return;
      terms.dataset.text = text;
      terms.replaceChildren(h('b', {}, count(equation.left[1](s))), ` ${equation.left[0]} = `,
        ...shown.flatMap(([name, value], i) => [i > 0 ? h('span', { class: 'muted' }, '+') : '', h('b', {}, count(value)), h('span', {}, name)]));
    });
    return h('div', { class: 'equation', id: `equation-${equation.id}` }, h('h3', {}, equation.title), terms, difference);
  }));

  const attention = h('ul', { class: 'plain' });
  const rejections = h('ul', { class: 'plain' });
  const workers = h('ul', { class: 'plain' });
  const urgent = h('ul', { class: 'plain' });
  const journal = h('ol', { class: 'plain', id: 'journal' }, h('li', { class: 'muted' }, 'En attente du prochain mouvement…'));
  main.replaceChildren(
    h('div', { class: 'head' }, h('h1', {}, 'Chaîne'), h('p', { class: 'muted' }, 'du scanner aux services, en direct')),
    chain, conservation,
    h('div', { class: 'columns' },
      h('section', { class: 'card', 'aria-labelledby': 't-regarder' }, h('h2', { id: 't-regarder' }, 'À regarder'), attention,
        h('h3', {}, 'Derniers rejets'), rejections),
      h('div', { class: 'stack' },
        h('section', { class: 'card', 'aria-labelledby': 't-urgent' }, h('h2', { id: 't-urgent' }, 'Prochaines échéances'), urgent),
        h('section', { class: 'card', 'aria-labelledby': 't-lecteurs' }, h('h2', { id: 't-lecteurs' }, 'Lecteurs et routeurs'), workers)),
      h('section', { class: 'card', 'aria-labelledby': 't-journal' }, h('h2', { id: 't-journal' }, 'Mouvements'), journal)));

  const show = (s) => {
    for (const refresh of refreshers) refresh(s);
    showUrgent(urgent, s, words);
    const wanted = [['TO_KEY', 'À coder', s.documents.to_key], ['RETURNED', 'Renvoyés par un service', s.documents.returned],
      ['QUARANTINED', 'En quarantaine', s.documents.quarantined], ['HELD', 'Retenus', s.documents.held], ['RESCAN_REQUESTED', 'À renumériser', s.documents.rescan]];
    const text = JSON.stringify(wanted);
    if (attention.dataset.text === text) return;
    attention.dataset.text = text;
    const some = wanted.filter(([, , value]) => value > 0);
    attention.replaceChildren(...(some.length > 0 ? some.map(([code, name, value]) => h('li', {},
      h('a', { class: 'grow', href: `#/documents?state=${code}` }, name), h('b', {}, count(value))))
      : [h('li', {}, h('span', { class: 'grow' }, 'Rien : aucun document n’attend une personne.'))]));
  };
  show(first);
  if (first.plis.announced === 0 && first.plis.received === 0) {
    chain.before(h('p', { class: 'empty', id: 'vide' }, 'Aucun pli aujourd’hui. Déposez un lot dans le dossier inbox/ de l’installation, ou lancez « pleiade submit LOT ».'));
  }

  const details = async () => {
    try {
      const [refused, crew] = await Promise.all([get('/rejections?limit=4'), get('/workers')]);
      rejections.replaceChildren(...(refused.rejections.length > 0 ? refused.rejections.map((r) => h('li', {},
        h('span', { class: 'grow' }, h('span', { class: 'chip bad' }, r.code), ` ${[r.lot, r.pli, r.file].filter(Boolean).join(' · ')}`),
        h('span', { class: 'muted small' }, moment(r.at)))) : [h('li', {}, 'Aucun pli rejeté.')]));
      workers.replaceChildren(...(crew.workers.length > 0 ? crew.workers.map(workerRow)
        : [h('li', {}, h('span', { class: 'chip warn' }, 'personne'), h('span', { class: 'grow' }, 'Aucun lecteur ne s’est présenté : lancez « pleiade workers ».'))]));
    } catch { /* the banner says it already; the next round tries again */ }
  };
  await details();
  const timer = setInterval(details, 5_000);

  const recent = [];
  const end = live.listen((type, data) => {
    if (type === 'status') {
      document.getElementById('vide')?.remove();
      show(data);
      announce(`${count(data.documents.queued)} documents en file, ${count(data.plis.in_flight)} plis en lecture`);
    }
    if (type !== 'change') return;
    recent.unshift(h('li', {}, h('span', { class: 'muted small' }, timeOfDay(new Date(data.at))),
      h('span', { class: 'grow' }, kind(data.kind), data.to && !knownKind(data.kind) ? h('span', { class: 'muted' }, ` → ${state(data.to)}`) : ''),
      data.document_id ? h('a', { href: `#/document/${data.document_id}` }, `…${data.document_id.slice(-8)}`) : ''));
    recent.length = Math.min(recent.length, journalMax);
    journal.replaceChildren(...recent);
  });
  return () => { clearInterval(timer); end(); };
}

// The queues whose first document is due soonest.
function showUrgent(list, s, words) {
  const soonest = s.queues.filter((q) => q.depth > 0 && q.next_due).sort((a, b) => (a.next_due < b.next_due ? -1 : 1)).slice(0, urgentMax);
  const text = JSON.stringify(soonest.map((q) => [q.caisse, q.service, q.priority, q.depth, q.next_due]));
  if (list.dataset.text === text) return;
  list.dataset.text = text;
  list.replaceChildren(...(soonest.length > 0 ? soonest.map((q) => h('li', {},
    h('span', { class: `chip ${q.priority.toLowerCase()}` }, q.priority),
    h('a', { class: 'grow', href: `#/documents?caisse=${q.caisse}&service=${q.service}&state=QUEUED&priorite=${q.priority}` }, `${words.services[q.service] ?? q.service} ${q.caisse}`),
    h('span', { class: 'num' }, count(q.depth)),
    h('span', { class: `num small ${isLate(q.next_due) ? 'chip bad' : 'muted'}` }, isLate(q.next_due) ? `en retard, ${due(q.next_due)}` : due(q.next_due))))
    : [h('li', {}, 'Rien n’attend dans les files.')]));
}

function workerRow(w) {
  const words = { idle: ['prêt', 'ok'], working: ['travaille', 'ok'], draining: ['se termine', 'warn'], gone: ['disparu', 'bad'] };
  const [word, look] = words[w.state] ?? [w.state, ''];
  const since = w.since ? age((Date.now() - new Date(w.since).getTime()) / 1000) : '';
  return h('li', {}, h('span', { class: `chip ${look}` }, word),
    h('span', { class: 'grow' }, w.worker, w.state === 'working' && since ? h('span', { class: 'muted small' }, ` depuis ${since}`) : ''),
    h('span', { class: 'num small' }, counted(w.done, 'fait'), w.failed > 0 ? h('b', {}, ` · ${counted(w.failed, 'échec')}`) : ''));
}
