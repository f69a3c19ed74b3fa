// The frame: address -> screen, the live indicator, the help. The address holds the whole state of a screen, so that a
// link shows the same thing to a colleague.
import * as live from './live.js';
import { h, setText } from './dom.js';
import { openHelp } from './help.js';
import { timeOfDay } from './format.js';
import { Failure } from './api.js';
import * as chaine from './chain.js';
import * as files from './queues.js';
import * as documents from './list.js';
import * as detail from './document.js';

const screens = { chaine, files, documents, document: detail };
const main = document.getElementById('contenu');
let leave = null;
let shown = '';

// "#/document/ID?page=2" -> { name, path: ['ID'], query }
export function parseAddress(hash) {
  const [path, query] = hash.replace(/^#\/?/, '').split('?');
  const [name, ...rest] = path.split('/').filter(Boolean).map(decodeURIComponent);
  return { name: name ?? 'chaine', path: rest, query: new URLSearchParams(query ?? '') };
}

async function show() {
  if (location.hash === '#contenu') return;
  const address = parseAddress(location.hash);
  const screen = screens[address.name] ?? screens.chaine;
  const key = `${address.name}/${address.path.join('/')}`;
  if (shown === key && screen.update) return screen.update(address);
  if (leave) leave();
  leave = null;
  const moved = shown !== '';  // from another screen: a page that has just been loaded begins at its skip link
  shown = key;
  for (const link of document.querySelectorAll('nav a')) {
    const current = link.dataset.screen === (address.name === 'document' ? 'documents' : address.name);
    if (current) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  const focused = main.contains(document.activeElement) ? document.activeElement.id : '';
  main.replaceChildren(h('p', { class: 'loading' }, 'Chargement…'));
  try {
    const end = await screen.open(main, address);
    if (shown !== key) return end?.();
    leave = end;
    const title = main.querySelector('h1');
    document.title = `${title?.textContent ?? 'Pléiade'} – Pléiade`;
    if (focused) document.getElementById(focused)?.focus();
    if (title && moved && document.activeElement === document.body) {
      title.tabIndex = -1;
      title.focus({ preventScroll: true });
    }
  } catch (error) {
    if (shown === key) main.replaceChildren(failure(error, 'h1'));
  }
}

// `heading`: h1 when it is all that the screen shows.
export function failure(error, heading = 'h2') {
  const known = error instanceof Failure;
  return h('div', { class: 'failure', role: 'alert' },
    h(heading, {}, known ? error.title : 'La page a rencontré une erreur'),
    h('p', {}, known ? error.message : 'Rechargez; si cela continue, prévenez l’exploitation.'),
    error.trace && h('p', { class: 'small muted' }, `Numéro de suivi à donner au support : ${error.trace}`),
    h('button', { type: 'button', class: 'primary', onclick: () => { shown = ''; show(); } }, 'Réessayer'));
}

function showLink() {
  const box = document.getElementById('direct');
  const state = live.state();
  const old = live.ageSeconds();
  const on = state === 'on' && old < 10;
  box.dataset.state = on ? 'on' : state === 'connecting' ? 'wait' : 'off';
  const at = old === Infinity ? '' : ` · données de ${timeOfDay(new Date(Date.now() - old * 1000))}`;
  setText(document.getElementById('direct-texte'), on ? 'en direct' : state === 'connecting' ? 'connexion…' : `hors direct${at}`);
  document.body.classList.toggle('stale', old > 10);
  const alert = document.getElementById('alerte');
  const text = state === 'away'
    ? 'Le hub ne répond pas : les chiffres sont ceux de sa dernière réponse. Rien n’est perdu ; vérifiez pleiade-hub.'
    : state === 'off' && old > 3 ? 'Liaison avec la passerelle coupée : nouvelle tentative toutes les 3 secondes.' : '';
  alert.hidden = text === '';
  setText(alert, text);
}

let spoken = 0;
// At most one sentence every 10 s: a screen reader is not a ticker.
export function announce(text) {
  if (Date.now() - spoken < 10_000) return;
  spoken = Date.now();
  setText(document.getElementById('annonces'), text);
}

document.getElementById('evitement').addEventListener('click', (event) => {
  event.preventDefault();
  main.focus();
});
document.getElementById('aide').addEventListener('click', () => openHelp(parseAddress(location.hash).name));
window.addEventListener('keydown', (event) => {
  if (event.key === 'F1') {
    event.preventDefault();
    openHelp(parseAddress(location.hash).name);
  }
});
window.addEventListener('hashchange', show);
live.listen(showLink);
setInterval(showLink, 1_000);
live.start();
show();
