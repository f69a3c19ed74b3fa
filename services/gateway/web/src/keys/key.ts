// The name of a pressed key, the same on every layout: letters and editing keys by what they write, digits by where they are
// (the top row of AZERTY writes & é " without Shift), punctuation never.
export function keyName(event: KeyboardEvent): string {
  let name = event.key;
  let printable = false;
  if (/^Digit\d$/.test(event.code)) name = event.code.slice(5);
  else if (event.code === 'NumpadAdd') name = 'Num +';
  else if (event.code === 'NumpadSubtract') name = 'Num -';
  else if (event.code === 'NumpadMultiply') name = 'Num *';
  else if (event.code === 'NumpadDivide') name = 'Num /';
  else if (name.length === 1) {
    printable = true;
    name = name === ' ' ? 'Space' : name.toUpperCase();
  }
  const shift = event.shiftKey && (!printable || /\p{L}/u.test(name)) && !/^\d$/.test(name);
  return `${event.ctrlKey ? 'Ctrl+' : ''}${event.altKey ? 'Alt+' : ''}${event.metaKey ? 'Meta+' : ''}${shift ? 'Shift+' : ''}${name}`;
}

// What is printed on French keyboards.
const french: Record<string, string> = {
  Enter: 'Entrée', Escape: 'Échap', PageUp: 'Page préc.', PageDown: 'Page suiv.', ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→',
  Space: 'Espace', Delete: 'Suppr', Backspace: 'Retour', Home: 'Début', End: 'Fin', Insert: 'Inser',
};
export const keyLabel = (name: string): string =>
  name.split('+').reduce<string[]>((parts, part) => {
    if (part === 'Shift') parts.push('Maj');
    else if (part === '') { if (!parts.at(-1)?.endsWith('+')) parts.push('+'); }
    else parts.push(french[part] ?? part);
    return parts;
  }, []).join(name.startsWith('Num') ? '' : '+').replace('Num ', 'Num ');
