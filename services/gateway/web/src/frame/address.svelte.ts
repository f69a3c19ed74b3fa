// The address holds the whole state of a screen, so that a link shows the same thing to a colleague. Never a NIR or a name in it.
export interface Address { screen: string; path: string[]; query: URLSearchParams }

const home = 'pilotage';

export function parse(hash: string): Address {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [screen, ...rest] = path.split('/').filter(Boolean).map(decodeURIComponent);
  return { screen: screen ?? home, path: rest, query: new URLSearchParams(query) };
}

class Here {
  address = $state.raw<Address>(parse(location.hash));
  constructor() {
    window.addEventListener('hashchange', () => { if (location.hash !== '#contenu') this.address = parse(location.hash); });
  }
  get(name: string): string { return this.address.query.get(name) ?? ''; }
  go(hash: string): void { location.hash = hash; }
  // Without a new entry in the browser's history for each key.
  set(changes: Record<string, string>): void {
    const query = new URLSearchParams(this.address.query);
    for (const [name, value] of Object.entries(changes)) {
      if (value === '') query.delete(name);
      else query.set(name, value);
    }
    const text = query.toString();
    history.replaceState(null, '', `#/${[this.address.screen, ...this.address.path].map(encodeURIComponent).join('/')}${text ? `?${text}` : ''}`);
    this.address = { ...this.address, query };
  }
}

export const here = new Here();
