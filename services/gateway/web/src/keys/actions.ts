// Every gesture that has a key: where it is valid, what it does, its key out of the box.
//
// Keys of WCAG 2.1.4: F-keys, Enter, Esc, arrows, Page keys are valid in a whole screen; a printable key only while the image or a
// list has the focus. Nothing that the browser or the system takes.
export type Context = 'partout' | 'mur' | 'liste' | 'codage' | 'chiffres' | 'image' | 'motif' | 'pli';

export interface Action { id: string; context: Context; label: string; keys: string[]; fixed?: boolean }

const action = (context: Context, id: string, label: string, keys: string[], fixed = false): Action => ({ id, context, label, keys, fixed });

export const actions: Action[] = [
  action('partout', 'aide', 'cette aide', ['F1'], true),
  action('partout', 'suivant', 'élément suivant, précédent', ['Tab', 'Shift+Tab'], true),

  action('mur', 'filtre', 'aller au filtre', ['/']),
  action('mur', 'details', 'détails de la file choisie', ['F2']),

  action('liste', 'monter', 'ligne précédente', ['ArrowUp'], true),
  action('liste', 'descendre', 'ligne suivante', ['ArrowDown'], true),
  action('liste', 'premiere', 'première ligne', ['Home'], true),
  action('liste', 'derniere', 'dernière ligne', ['End'], true),
  action('liste', 'ouvrir', 'ouvrir la ligne', ['Enter'], true),
  action('liste', 'choisir', 'cocher la ligne', ['Space'], true),

  action('codage', 'accepter', 'accepter le champ et aller au prochain douteux ; au dernier, valider', ['Enter'], true),
  action('codage', 'precedent', 'champ douteux précédent', ['Shift+Enter']),
  action('codage', 'image', 'aller à l’image, en revenir', ['F2']),
  action('codage', 'absent', 'illisible, puis absent, puis rien', ['F4']),
  action('codage', 'attente', 'mettre en attente avec un motif, ou envoyer', ['F8']),
  action('codage', 'defaire', 'rouvrir le dernier document validé', ['F9']),
  action('codage', 'valider', 'valider sans passer par les doutes', ['Ctrl+Enter']),
  action('codage', 'restaurer', 'remettre la valeur lue', ['Escape'], true),
  action('codage', 'page-suivante', 'page suivante du pli', ['PageDown']),
  action('codage', 'page-precedente', 'page précédente du pli', ['PageUp']),

  action('chiffres', 'num-accepter', 'accepter', ['Num +']),
  action('chiffres', 'num-precedent', 'champ douteux précédent', ['Num -']),
  action('chiffres', 'num-absent', 'illisible, absent', ['Num *']),
  action('chiffres', 'num-loupe', 'loupe plus forte', ['Num /']),

  action('image', 'deplacer', 'déplacer l’image', ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'], true),
  action('image', 'agrandir', 'agrandir', ['+', 'Num +']),
  action('image', 'reduire', 'réduire', ['-', 'Num -']),
  action('image', 'entiere', 'page entière', ['0']),
  action('image', 'largeur', 'toute la largeur', ['9']),
  action('image', 'tourner', 'tourner d’un quart de tour', ['R']),
  action('image', 'contraste', 'contraste fort', ['K']),
  action('image', 'cadres', 'cacher ou montrer les cadres', ['V']),
  action('image', 'lire', 'lire un rectangle dans le champ : flèches, Maj+flèches, Entrée', ['O']),

  action('pli', 'couper', 'commencer un document à cette page', ['C']),
  action('pli', 'joindre', 'joindre ce document au précédent', ['F']),
  action('pli', 'avancer', 'déplacer la page avant', ['Shift+ArrowLeft']),
  action('pli', 'reculer', 'déplacer la page après', ['Shift+ArrowRight']),
  action('pli', 'blanche', 'page blanche, ou non', ['B']),
  action('pli', 'enveloppe', 'enveloppe, ou non', ['E']),
  action('pli', 'piece', 'pièce jointe du document précédent, ou document maître', ['P']),

  action('motif', 'choix', 'choisir un motif', ['1', '2', '3', '4', '5', '6'], true),
];

// Contexts that are alive at the same time: a key may not mean two things in them.
const together: Record<Context, Context[]> = {
  partout: ['mur', 'liste', 'codage', 'chiffres', 'image', 'pli', 'motif'],
  mur: ['partout', 'liste'], liste: ['partout', 'mur'],
  codage: ['partout', 'chiffres', 'image', 'pli'], chiffres: ['partout', 'codage'], image: ['partout', 'codage', 'pli'], pli: ['partout', 'codage', 'image'],
  motif: ['partout'],
};
export const meets = (a: Context, b: Context): boolean => a === b || together[a].includes(b);

export const contextNames: Record<Context, string> = {
  partout: 'Partout', mur: 'Pilotage', liste: 'Dans une liste', codage: 'Vidéocodage', chiffres: 'Dans un champ de chiffres',
  image: 'Quand l’image a le focus', pli: 'Découpe du pli, quand l’image a le focus', motif: 'Dans le choix d’un motif',
};

// Taken by the browser or the system, or a habit that people would lose.
export function reserved(key: string): string | null {
  if (/^Ctrl\+(T|N|W|Tab|PageUp|PageDown)$/.test(key)) return 'le navigateur la garde pour lui';
  if (/^(F3|F5|F6|F7|F10|F11|F12)$/.test(key)) return 'le navigateur s’en sert';
  if (/^(Ctrl|Alt|Meta)\+/.test(key) && key !== 'Ctrl+Enter') return 'Ctrl et Alt servent au navigateur et au système';
  if (key === 'F1' || key === 'Tab' || key === 'Shift+Tab' || key === 'Escape') return 'elle a déjà un sens partout';
  return null;
}
export const printable = (key: string): boolean => [...key.replace(/^Shift\+/, '')].length === 1;
