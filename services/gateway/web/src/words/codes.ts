// The French words for our codes.
import { day } from './format';
import { showField } from '../checks/fields';

const states: Record<string, string> = {
  READ: 'lu', TO_KEY: 'à coder', KEYING: 'en codage', QUEUED: 'en file', TAKEN: 'pris', DELIVERED: 'remis', CLOSED: 'acquitté',
  RETURNED: 'renvoyé par le service', HELD: 'en attente', QUARANTINED: 'en quarantaine', RESCAN_REQUESTED: 'à renumériser',
  REJECTED: 'rejeté', SUPERSEDED: 'remplacé', PURGED: 'purgé', WITHDRAWN: 'retiré', REGISTERED: 'enregistré', READING: 'en lecture',
};
export const stateWord = (code: string): string => states[code] ?? code;
export const stateLook = (code: string): string =>
  (['QUARANTINED', 'REJECTED', 'RETURNED'].includes(code) ? 'bad' : ['HELD', 'TO_KEY', 'KEYING', 'RESCAN_REQUESTED'].includes(code) ? 'warn' : code === 'CLOSED' ? 'ok' : '');

const kinds: Record<string, string> = {
  'ledger.opened': 'hub relancé', 'workers.wanted': 'nombre de lecteurs changé', 'bus.refused': 'refus sur le bus', 'lot.opened': 'lot ouvert',
  'pli.registered': 'pli enregistré', 'pli.rejected': 'pli rejeté', 'pli.reading': 'lecture commencée', 'pli.read': 'pli lu',
  'pli.routing': 'routage commencé', 'pli.routed': 'pli routé', 'pli.retry': 'nouvel essai', 'pli.quarantined': 'mis en quarantaine',
  'document.created': 'document créé', 'delivery.queued': 'mis en file', 'delivery.taken': 'pris par le service',
  'delivery.closed': 'acquitté par le service', 'delivery.returned': 'renvoyé par le service', 'delivery.released': 'remis en file',
  'delivery.lapsed': 'réservation expirée', 'delivery.withdrawn': 'retiré de la file', read: 'lu', routed: 'routé', taken: 'pris',
};
export const kindWord = (code: string): string => kinds[code] ?? (code.startsWith('document.') ? 'document' : code);
export const kindKnown = (code: string): boolean => code in kinds;

export const environmentWords: Record<string, string> = { production: 'Production', recette: 'Recette', formation: 'Formation' };
export const priorityWords: Record<string, string> = { P0: 'dans l’heure', P1: 'le jour même', P2: 'sous 1 jour', P3: 'sous 2 jours' };
export const fieldStatus: Record<string, { word: string; mark: string; look: string }> = {
  valid: { word: 'vérifié', mark: '✓', look: 'ok' }, invalid: { word: 'clé fausse', mark: '✗', look: 'bad' },
  unchecked: { word: 'non vérifiable', mark: '·', look: '' }, incomplete: { word: 'incomplet', mark: '…', look: 'warn' },
};
export const returnWords: Record<string, string> = {
  WRONG_TYPE: 'type erroné', WRONG_SERVICE: 'autre service', WRONG_CAISSE: 'autre caisse', UNREADABLE: 'illisible',
  INCOMPLETE: 'incomplet', DUPLICATE: 'doublon', OTHER: 'autre motif',
};
export const holdWords: Record<string, string> = {
  ILLEGIBLE: 'illisible', NEEDS_ADVICE: 'demande un avis', IMAGE_MISSING: 'image absente ou inutilisable', WRONG_PERSON: 'pas pour moi', OTHER: 'autre motif',
};
export const pageKinds: Record<string, string> = { document: 'document', blank: 'page blanche', separator: 'séparateur', envelope: 'enveloppe' };
export const qualityWords: Record<string, string> = {
  ok: '', blurred: 'floue', too_dark: 'trop sombre', too_light: 'trop claire', cut: 'coupée', unreadable: 'illisible',
};
export const rejectionWords: Record<string, string> = {
  REJ_MANIFEST_INVALID: 'bordereau de lot illisible', REJ_MANIFEST_CAISSE: 'caisse du lot inconnue', REJ_FILE_MISSING: 'fichier absent',
  REJ_FILE_UNSAFE_NAME: 'nom de fichier refusé', REJ_FORMAT_UNKNOWN: 'format inconnu', REJ_FILE_EMPTY: 'fichier vide', REJ_FILE_TRUNCATED: 'fichier tronqué',
  REJ_FILE_CORRUPT: 'fichier abîmé', REJ_FILE_ENCRYPTED: 'fichier protégé par un mot de passe', REJ_TOO_LARGE: 'trop grand',
  REJ_DECODER_LIMIT: 'décodage au-delà des limites', REJ_DECODER_CRASH: 'décodage impossible', REJ_DUPLICATE_LOT: 'numéro de lot déjà vu',
};
export const rejectionAdvice: Record<string, string> = {
  REJ_MANIFEST_INVALID: 'Corriger lot.json, puis redéposer le lot.', REJ_MANIFEST_CAISSE: 'Corriger la caisse du bordereau, puis redéposer le lot.',
  REJ_FILE_MISSING: 'Retrouver l’image au scanner, compléter le lot, le redéposer.', REJ_FILE_UNSAFE_NAME: 'Renommer le fichier, puis le redéposer.',
  REJ_FORMAT_UNKNOWN: 'Renumériser en TIFF, JPEG, PNG ou PDF.', REJ_FILE_EMPTY: 'Renumériser le pli.', REJ_FILE_TRUNCATED: 'Renumériser le pli : l’image s’arrête avant la fin.',
  REJ_FILE_CORRUPT: 'Renumériser le pli.', REJ_FILE_ENCRYPTED: 'Demander une version sans mot de passe, ou numériser le papier.',
  REJ_TOO_LARGE: 'Renumériser à 300 ppp, ou couper le fichier.', REJ_DECODER_LIMIT: 'Renumériser le pli ; prévenir l’exploitation si cela revient.',
  REJ_DECODER_CRASH: 'Renumériser le pli ; prévenir l’exploitation si cela revient.', REJ_DUPLICATE_LOT: 'Vérifier le numéro du lot : le même a déjà été reçu avec un autre contenu.',
};

// What people read for a value: numbers in their groups, dates as in France.
export const fieldValue = (name: string, value: string): string => (/^\d{4}-\d{2}-\d{2}$/.test(value) ? day(value) : showField(name, value));
