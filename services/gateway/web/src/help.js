// F1: the keys that are valid on this screen, and only those.
import { h } from './dom.js';

const everywhere = [
  ['Tab / Maj+Tab', 'élément suivant, précédent'],
  ['Entrée', 'ouvrir le lien, actionner le bouton'],
  ['F1', 'cette aide ; Échap la ferme'],
];
const tables = [
  ['↑ ↓', 'ligne précédente, suivante, quand une ligne a le focus'],
  ['Début / Fin', 'première, dernière ligne'],
  ['Entrée', 'ouvrir la ligne'],
];
const keys = {
  chaine: [],
  files: tables,
  documents: [...tables, ['Échap', 'revenir aux files']],
  document: [
    ['Page préc. / Page suiv.', 'page du document'],
    ['F2', 'aller à l’image, en revenir'],
    ['+ / −', 'agrandir, réduire (image active)'],
    ['0', 'page entière (image active)'],
    ['R', 'tourner d’un quart de tour (image active)'],
    ['C', 'cacher ou montrer les cadres (image active)'],
    ['← ↑ → ↓', 'déplacer l’image (image active) ; ↑ ↓ : champ précédent, suivant (liste des champs)'],
    ['Échap', 'revenir à la liste'],
  ],
};
const titles = { chaine: 'Chaîne', files: 'Files', documents: 'Documents', document: 'Document' };

export function openHelp(screen) {
  const dialog = document.getElementById('aide-dialogue');
  if (dialog.open) return dialog.close();
  const name = keys[screen] ? screen : 'chaine';
  const list = (entries) => h('dl', {}, entries.map(([key, text]) => [h('dt', {}, h('kbd', {}, key)), h('dd', {}, text)]));
  dialog.replaceChildren(
    h('h1', { id: 'aide-titre' }, `Aide – ${titles[name]}`),
    ...(keys[name].length > 0 ? [h('h2', {}, 'Sur cet écran'), list(keys[name])] : []),
    h('h2', {}, 'Partout'), list(everywhere),
    h('p', { class: 'small muted' }, 'L’adresse de la page contient tout ce qui est affiché : copiez-la pour montrer la même chose. ',
      'Tout ce qui se voit ici est aussi dans l’API, décrite par ', h('a', { href: '/api/v1/openapi.json' }, '/api/v1/openapi.json'), '.'),
    h('button', { type: 'button', class: 'primary', autofocus: true, onclick: () => dialog.close() }, 'Fermer'));
  const back = document.activeElement;
  dialog.addEventListener('close', () => back?.focus?.(), { once: true });
  dialog.showModal();
}
