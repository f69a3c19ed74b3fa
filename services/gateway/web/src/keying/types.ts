// Finding a type by a few letters of its code, its Cerfa or S number, or words of its name.
import type { Reference } from '../api/types';
import { fold } from '../words/format';

export interface Choice { code: string; label: string; cerfa: string }

export function choices(types: Reference['types'], typed: string, most = 9): Choice[] {
  const text = fold(typed.trim());
  if (text === '') return [];
  const tokens = text.split(/\s+/);
  const ranked: { rank: number; share: number; choice: Choice }[] = [];
  for (const [code, type] of Object.entries(types)) {
    const low = code.toLowerCase(), label = fold(type.label_fr), words = label.split(/[^a-z0-9]+/);
    const rank = low === text ? 0
      : low.startsWith(text) ? 1
        : (type.cerfa && type.cerfa.startsWith(text)) || (type.s_ref && type.s_ref.toLowerCase().startsWith(text)) ? 2
          : low.split('_').some((part) => part.startsWith(text)) || abbreviates(text, low.split('_')) ? 3
            : tokens.every((token) => words.some((word) => word.startsWith(token))) ? 4
              : initials(words).startsWith(text) ? 5 : -1;
    if (rank >= 0) ranked.push({ rank, share: type.share ?? 0, choice: { code, label: type.label_fr, cerfa: type.cerfa ?? '' } });
  }
  return ranked.sort((a, b) => a.rank - b.rank || b.share - a.share || a.choice.code.localeCompare(b.choice.code)).slice(0, most).map((one) => one.choice);
}

// A beginning of each part of a code, in their order: « asat » for ATT_SAL_AT.
function abbreviates(text: string, parts: string[]): boolean {
  const [part, ...rest] = parts;
  if (part === undefined) return text === '';
  for (let taken = 1; taken <= part.length && text.startsWith(part.slice(0, taken)); taken += 1) if (abbreviates(text.slice(taken), rest)) return true;
  return false;
}

const small = new Set(['de', 'du', 'des', 'd', 'la', 'le', 'l', 'les', 'ou', 'et', 'a', 'un', 'une']);
const initials = (words: string[]): string => words.filter((word) => word !== '' && !small.has(word)).map((word) => word[0]).join('');
