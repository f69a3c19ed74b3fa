// The verbs of recovery: what each does, when it makes sense, whether it can be undone.
import type { Verb } from '../api/types';

export interface VerbWord { label: string; does: string; asks?: 'type' | 'code' | 'to'; undo: string }

export const verbWords: Record<Verb, VerbWord> = {
  'un-quarantine': { label: 'Sortir de quarantaine', does: 'Un nouvel essai de lecture, ou le codage à la main.', asks: 'to', undo: 'Si l’essai échoue, le pli retourne de lui-même en quarantaine.' },
  're-read': { label: 'Relire', does: 'Les images repassent par le lecteur ; les documents non pris sont remplacés.', undo: 'Ne se défait pas : la lecture précédente reste dans l’histoire.' },
  're-route': { label: 'Rerouter', does: 'La décision est reprise avec les règles d’aujourd’hui.', undo: 'Se défait en reroutant de nouveau.' },
  reclassify: { label: 'Changer le type', does: 'Le document prend ce type et repasse par le routage.', asks: 'type', undo: 'Se défait en lui rendant son type.' },
  hold: { label: 'Mettre en attente', does: 'Rien ne bouge plus jusqu’à ce qu’on le libère.', undo: 'Se défait : Libérer.' },
  release: { label: 'Libérer', does: 'Reprend là où l’attente l’avait arrêté.', undo: 'Se défait : Mettre en attente.' },
  're-queue': { label: 'Remettre en file', does: 'Retourne dans la file du service, tel quel.', undo: 'Le service peut le renvoyer de nouveau.' },
  reject: { label: 'Rejeter', does: 'Sort du flux, avec un code ; les fichiers sont gardés.', asks: 'code', undo: 'Ne se défait pas.' },
};
export const rejectCodes: Record<string, string> = {
  NOT_FOR_US: 'pas pour l’Assurance Maladie', UNREADABLE: 'illisible', DUPLICATE: 'doublon', EMPTY: 'rien à traiter', OTHER: 'autre',
};
export const knownVerbs = (verbs: string[]): Verb[] => verbs.filter((verb): verb is Verb => verb in verbWords);

// What makes sense in a state; the hub decides in the end.
export function verbsOf(state: string, what: 'pli' | 'document'): Verb[] {
  switch (state) {
    case 'QUARANTINED': return ['un-quarantine', 're-read', 're-route', 'reject'];
    case 'HELD': return what === 'document' ? ['release', 'reclassify', 'reject'] : ['release', 'reject'];
    case 'RETURNED': return ['reclassify', 're-route', 're-queue', 'hold', 'reject'];
    case 'QUEUED': case 'TO_KEY': return ['reclassify', 're-route', 'hold', 'reject'];
    case 'READ': return what === 'pli' ? ['re-read', 'hold'] : ['re-route', 'hold'];
    case 'REGISTERED': return ['hold', 'reject'];
    default: return [];
  }
}

// What each code means to the person who has to do something about it.
const asideWords: Record<string, { what: string; todo: string }> = {
  DECODER_CRASH: { what: 'L’image arrête le décodeur', todo: 'Coder à la main, ou demander une nouvelle numérisation.' },
  DECODER_LIMIT: { what: 'L’image dépasse les limites du décodeur', todo: 'Renumériser à 300 ppp, puis rejeter celui-ci.' },
  ROUTE_NO_RULE: { what: 'Aucune règle de routage ne convient', todo: 'Corriger le plan de routage, puis rerouter.' },
  DUPLICATE: { what: 'Les mêmes fichiers sont déjà dans un autre lot', todo: 'Comparer les deux plis ; libérer s’ils sont bien deux, sinon rejeter.' },
  TOO_MANY_ATTEMPTS: { what: 'Trop d’essais ont échoué', todo: 'Relire une fois ; si cela revient, coder à la main.' },
};
export const asideOf = (code: string, message: string | undefined): { what: string; todo: string } => asideWords[code] ?? { what: message || code, todo: 'Ouvrir le pli, puis choisir un verbe.' };
