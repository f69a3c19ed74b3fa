// Dates, numbers and durations as French readers expect them; the words for our codes.
const zone = 'Europe/Paris';
const dateTime = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'short', timeStyle: 'short', timeZone: zone });
const dateOnly = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'short', timeZone: zone });
const clock = new Intl.DateTimeFormat('fr-FR', { hour: '2-digit', minute: '2-digit', timeZone: zone });
const seconds = new Intl.DateTimeFormat('fr-FR', { timeStyle: 'medium', timeZone: zone });
const integer = new Intl.NumberFormat('fr-FR');
const ratio = new Intl.NumberFormat('fr-FR', { minimumFractionDigits: 3, maximumFractionDigits: 3 });

export const count = (value) => integer.format(value ?? 0);
// "1 échec", "2 échecs": French says plural from two on.
export const counted = (value, word) => `${count(value)} ${word}${Math.abs(value ?? 0) >= 2 ? 's' : ''}`;
export const confidence = (value) => ratio.format(value ?? 0);

export function when(text) {
  if (!text) return '–';
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? text : dateTime.format(date).replace(/,? à /, ' ').replace(', ', ' ');
}

export function day(text) {
  if (!text) return '–';
  const [year, month, number] = text.slice(0, 10).split('-');
  return `${number}/${month}/${year}`;
}

export const timeOfDay = (date = new Date()) => seconds.format(date);

// Near days by their name: what is due is what matters at a glance.
export function due(text) {
  if (!text) return '–';
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return text;
  const names = { '-1': 'hier', 0: 'aujourd’hui', 1: 'demain' };
  for (const [offset, name] of Object.entries(names)) {
    if (dateOnly.format(date) === dateOnly.format(new Date(Date.now() + Number(offset) * 86_400_000))) return `${name} ${clock.format(date)}`;
  }
  return when(text);
}

// An hour when it was today, else the whole date.
export function moment(text) {
  const date = new Date(text ?? '');
  return dateOnly.format(new Date()) === (Number.isNaN(date.getTime()) ? '' : dateOnly.format(date)) ? clock.format(date) : when(text);
}

export const isLate = (text) => Boolean(text) && new Date(text).getTime() < Date.now();

export function age(total) {
  if (total === undefined || total === null) return '–';
  if (total < 60) return `${Math.max(0, Math.round(total))} s`;
  const minutes = Math.floor(total / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${String(minutes % 60).padStart(2, '0')}`;
  return `${Math.floor(hours / 24)} j ${hours % 24} h`;
}

// What people read for a value: numbers in the groups that they use, dates as in France.
export function fieldValue(name, value) {
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return day(value);
  if (name.endsWith('nir') && value.length >= 13) {
    return value.replace(/^(.)(..)(..)(..)(...)(...)(..)?$/, '$1 $2 $3 $4 $5 $6 $7').trim();
  }
  if (name === 'iban') return value.replace(/(.{4})(?=.)/g, '$1 ');
  if (name === 'siret') return value.replace(/^(\d{3})(\d{3})(\d{3})(\d{5})$/, '$1 $2 $3 $4');
  return value;
}

export const states = {
  READ: 'lu', TO_KEY: 'à coder', KEYING: 'en codage', QUEUED: 'en file', TAKEN: 'pris', DELIVERED: 'remis', CLOSED: 'clos',
  RETURNED: 'renvoyé par le service', HELD: 'retenu', QUARANTINED: 'en quarantaine', RESCAN_REQUESTED: 'à renumériser',
  REJECTED: 'rejeté', SUPERSEDED: 'remplacé', PURGED: 'purgé', WITHDRAWN: 'retiré', REGISTERED: 'enregistré', READING: 'en lecture',
};
export const state = (code) => states[code] ?? code;

const kinds = {
  'ledger.opened': 'hub relancé', 'workers.wanted': 'nombre de lecteurs changé', 'lot.opened': 'lot ouvert',
  'pli.registered': 'pli enregistré', 'pli.rejected': 'pli rejeté', 'pli.reading': 'lecture commencée', 'pli.read': 'pli lu',
  'pli.routing': 'routage commencé', 'pli.routed': 'pli routé', 'pli.retry': 'nouvel essai', 'pli.quarantined': 'mis en quarantaine',
  'document.created': 'document créé', 'delivery.queued': 'mis en file', 'delivery.taken': 'pris par le service',
  'delivery.closed': 'acquitté par le service', 'delivery.returned': 'renvoyé par le service', 'delivery.released': 'remis en file',
  'delivery.lapsed': 'réservation expirée', 'delivery.withdrawn': 'retiré de la file',
};
export const knownKind = (code) => code in kinds;
export const kind = (code) => kinds[code] ?? (code.startsWith('document.') ? 'document' : code);

export const priorities = { P0: 'P0 dans l’heure', P1: 'P1 le jour même', P2: 'P2 sous 1 jour', P3: 'P3 sous 2 jours' };
export const statuses = {
  valid: ['✓ vérifié', 'ok'], invalid: ['✗ clé fausse', 'bad'], unchecked: ['non vérifiable', 'warn'],
};
export const returnCodes = {
  WRONG_TYPE: 'type erroné', WRONG_SERVICE: 'autre service', WRONG_CAISSE: 'autre caisse', UNREADABLE: 'illisible',
  INCOMPLETE: 'incomplet', DUPLICATE: 'doublon', OTHER: 'autre motif',
};
