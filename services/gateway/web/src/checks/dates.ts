// Dates as people write them, JJ/MM/AAAA or JJMMAAAA; kept as YYYY-MM-DD. The year has four digits: a century is not guessed
// for a person who can see the paper.
import { type Check, incomplete, invalid, valid } from './check';

const daysOf = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

export function checkDate(text: string): Check {
  const plain = text.trim();
  const iso = /^(\d{4})-(\d\d)-(\d\d)$/.exec(plain);
  let digits = plain.replace(/\D/g, '');
  if (iso) digits = `${iso[3]}${iso[2]}${iso[1]}`;
  else if (/[^\d\s./-]/.test(plain)) return invalid(plain, 'Une date s’écrit JJ/MM/AAAA.');
  else {
    const parts = plain.split(/[\s./-]+/).filter(Boolean);
    if (parts.length === 3) digits = `${parts[0]!.padStart(2, '0')}${parts[1]!.padStart(2, '0')}${parts[2]}`;
  }
  const day = Number(digits.slice(0, 2)), month = Number(digits.slice(2, 4)), year = Number(digits.slice(4));
  if (digits.length >= 2 && (day === 0 || day > 31)) return invalid(plain, `Le jour ${digits.slice(0, 2)} n’existe pas.`);
  if (digits.length >= 4 && (month === 0 || month > 12)) return invalid(plain, `Le mois ${digits.slice(2, 4)} n’existe pas.`);
  if (digits.length < 8) return incomplete(plain, digits.length === 6 ? 'L’année a quatre chiffres.' : 'JJ/MM/AAAA.');
  if (digits.length > 8 || year < 1850) return invalid(plain, 'Une date s’écrit JJ/MM/AAAA.');
  if (day > daysOf(year, month)) return invalid(plain, 'Ce jour n’existe pas au calendrier.');
  return valid(`${digits.slice(4)}-${digits.slice(2, 4)}-${digits.slice(0, 2)}`);
}

export function groupDate(value: string): string {
  const iso = /^(\d{4})-(\d\d)-(\d\d)$/.exec(value);
  return iso ? `${iso[3]}/${iso[2]}/${iso[1]}` : value;
}
