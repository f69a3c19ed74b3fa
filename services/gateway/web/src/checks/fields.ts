// Every field of the contract: how it is checked, shown, and what its keys are.
import { type Check, incomplete, invalid, unchecked } from './check';
import { compact } from './checksum';
import { checkDate, groupDate } from './dates';
import { checkIban, groupIban } from './iban';
import { checkNir, groupNir, nirAgreesWithBirth } from './nir';
import { checkCaisse, checkFiness, checkPostalCode, checkRpps, checkSiret } from './organisms';

export interface FieldRule {
  check: (text: string) => Check;
  show: (value: string) => string;  // in the groups that people read
  digits: boolean;                  // keyed on the numeric pad alone
}

function checkName(text: string): Check {
  const value = text.trim();
  if (value === '') return incomplete(value);
  if (!/\p{L}/u.test(value) || new TextEncoder().encode(value).length > 100) return invalid(value, 'Un nom a au moins une lettre et tient en 100 octets.');
  return unchecked(value);
}

const same = (value: string): string => value;
const group = (...lengths: number[]) => (value: string): string => {
  const parts: string[] = [];
  let at = 0;
  for (const length of lengths) parts.push(value.slice(at, at += length));
  return [...parts, value.slice(at)].filter((part) => part !== '').join(' ');
};
const date: FieldRule = { check: checkDate, show: groupDate, digits: true };
const name: FieldRule = { check: checkName, show: same, digits: false };
const nir: FieldRule = { check: checkNir, show: groupNir, digits: true };

const rules: Record<string, FieldRule> = {
  nir, beneficiary_nir: nir, birth_date: date, last_name: name, first_name: name,
  postal_code: { check: checkPostalCode, show: same, digits: true },
  iban: { check: checkIban, show: groupIban, digits: false },
  siret: { check: checkSiret, show: group(3, 3, 3, 5), digits: true },
  finess: { check: checkFiness, show: group(2, 7), digits: true },
  rpps: { check: checkRpps, show: group(2, 3, 3, 3), digits: true },
  caisse: { check: checkCaisse, show: same, digits: true },
  document_date: date, accident_date: date, period_from: date, period_to: date,
};

export const fieldNames = Object.keys(rules);
export const fieldRule = (field: string): FieldRule => rules[field] ?? { check: (text) => unchecked(text.trim()), show: same, digits: false };
// On AZERTY the top row writes digits with Shift only; where no other sign can stand, the key counts, not the character.
export const digitsByKey = (field: string): boolean => fieldRule(field).digits || field === 'iban';
export const checkField = (field: string, text: string): Check => fieldRule(field).check(text);
export const showField = (field: string, value: string): string => fieldRule(field).show(value);

// Presentation spaces are the screen's; a value being typed keeps what the person wrote when it is not of the field's form.
export const groupTyped = (field: string, text: string): string => {
  if (field.endsWith('nir')) return groupNir(compact(text).slice(0, 15));
  if (field === 'iban') return groupIban(compact(text));
  if (rules[field] === date) {
    const digits = text.replace(/\D/g, '').slice(0, 8);
    return [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4)].filter((part) => part !== '').join('/');
  }
  if (['siret', 'rpps', 'finess'].includes(field)) return showField(field, compact(text));
  return text;
};

// What two fields of one document say of each other: worth a look, never a refusal.
export function crossWarnings(values: Record<string, string>): Record<string, string> {
  const warnings: Record<string, string> = {};
  const { birth_date: birth, period_from: from, period_to: to } = values;
  const owner = values['beneficiary_nir'] ? 'beneficiary_nir' : 'nir';
  if (birth && values[owner] && nirAgreesWithBirth(values[owner], birth) === false) warnings['birth_date'] = 'Le NIR dit une autre année ou un autre mois de naissance.';
  if (from && to && from > to) warnings['period_to'] = 'La fin précède le début.';
  return warnings;
}
