// What somebody types in the search box, understood: numbers by their form, `word:` for the rest. A NIR is recognised and kept out
// of the address.
import { checkDate } from '../checks/dates';
import { compact } from '../checks/checksum';
import type { SearchQuery } from '../api/types';
import { stateWord } from '../words/codes';
import { day, fold } from '../words/format';

export interface Understood { query: SearchQuery; chips: string[]; secret: boolean; problems: string[] }

const states = ['READ', 'TO_KEY', 'KEYING', 'QUEUED', 'TAKEN', 'DELIVERED', 'CLOSED', 'RETURNED', 'HELD', 'RESCAN_REQUESTED', 'QUARANTINED', 'REJECTED', 'SUPERSEDED'];
const slug = (text: string): string => fold(text).replace(/[^a-z]+/g, '-');
export const stateCodes: Record<string, string> = Object.fromEntries(states.map((code) => [slug(stateWord(code)), code]));
export const qualifiers = ['pli:', 'lot:', 'type:', 'service:', 'caisse:', 'etat:', 'recu:', 'recommande:', 'endosseur:'];

const isNir = (text: string): boolean => /^[1-8]\d{4}(\d\d|2A|2B)\d{6}(\d\d)?$/.test(compact(text));

function dates(text: string): [string, string] | null {
  const [from = '', to = from] = text.split('..');
  const a = checkDate(from), b = checkDate(to);
  return a.status === 'valid' && b.status === 'valid' ? [a.value, b.value] : null;
}

export function understand(text: string): Understood {
  const out: Understood = { query: {}, chips: [], secret: false, problems: [] };
  const say = (name: string, value: string): void => { out.chips.push(`${name} ${value}`); };
  // A NIR may be typed in its printed groups: taken whole before the words are told apart.
  let rest = text.trim();
  const grouped = /(?:^|\s)([1-8][\s.]?\d\d[\s.]?\d\d[\s.]?(?:\d\d|2[AaBb])[\s.]?\d{3}[\s.]?\d{3}(?:[\s.]?\d\d)?)(?=\s|$)/.exec(rest)?.[1];
  if (grouped && isNir(grouped)) {
    out.query.nir = compact(grouped);
    out.secret = true;
    out.chips.push('NIR');
    rest = rest.replace(grouped, ' ').trim();
  }
  for (const word of rest.split(/\s+/).filter(Boolean)) {
    const [, name = '', value = ''] = /^([a-zéç]+):(.*)$/i.exec(word) ?? [];
    switch (fold(name)) {
      case 'pli': out.query.pli = value; say('pli', value); break;
      case 'lot': out.query.lot = value; say('lot', value); break;
      case 'type': out.query.type = value.toUpperCase(); say('type', out.query.type); break;
      case 'service': case 'file': out.query.service = value.toUpperCase(); say('service', out.query.service); break;
      case 'caisse': out.query.caisse = value; say('caisse', value); break;
      case 'recommande': out.query.registered = value.toUpperCase(); say('recommandé', out.query.registered); break;
      case 'endosseur': out.query.endorser = value.toUpperCase(); say('endosseur', out.query.endorser); break;
      case 'etat': {
        const code = stateCodes[slug(value)] ?? value.toUpperCase();
        if (states.includes(code)) { out.query.state = code; say('état', stateWord(code)); } else out.problems.push(`Aucun état ne se nomme « ${value} ».`);
        break;
      }
      case 'recu': {
        const found = dates(value);
        if (found) { [out.query.received_from, out.query.received_to] = found; say('reçu', found[0] === found[1] ? `le ${day(found[0])}` : `du ${day(found[0])} au ${day(found[1])}`); } else out.problems.push(`« ${value} » n’est pas une date : 20/11/2026, ou 01/11/2026..20/11/2026.`);
        break;
      }
      case '': bare(word, out, say); break;
      default: out.problems.push(`« ${name}: » n’est pas un mot de la recherche.`);
    }
  }
  return out;
}

function bare(word: string, out: Understood, say: (name: string, value: string) => void): void {
  const found = dates(word);
  if (/^\d{8}-\d{3}-/.test(word) || /-[0-9a-f]{8}$/.test(word)) { out.query.lot = word; say('lot', word); }
  else if (/^\d[A-Z]\d{11}$/i.test(word)) { out.query.registered = word.toUpperCase(); say('recommandé', word.toUpperCase()); }
  else if (/^[A-Z]\d{6,8}$/i.test(word)) { out.query.endorser = word.toUpperCase(); say('endosseur', word.toUpperCase()); }
  else if (found) { [out.query.received_from, out.query.received_to] = found; say('reçu', `le ${day(found[0])}`); }
  else if (/^[0-9a-f]{8,32}$/i.test(word)) { out.query.pli = word.toLowerCase(); say('pli', word); }
  else if (/^\d{3}$/.test(word)) { out.query.caisse = word; say('caisse', word); }
  else if (/^\d{4}$/.test(word)) { out.query.pli = word; say('pli de rang', word); }
  else out.problems.push(`« ${word} » : ni numéro connu, ni « type: », « service: », « etat: »…`);
}

export const isEmpty = (query: SearchQuery): boolean => Object.keys(query).length === 0;
