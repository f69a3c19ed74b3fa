// What this workstation remembers: who works here, how it looks. Nothing of the mail is ever written to the browser.
export interface Post { by: string; medical: boolean; skills: string[]; caisses: string[]; types: string[] }
export type Theme = '' | 'light' | 'dark';

const postKey = 'pleiade.poste';
const themeKey = 'pleiade.theme';

function read<T>(key: string, otherwise: T): T {
  try {
    const text = localStorage.getItem(key);
    return text === null ? otherwise : { ...otherwise, ...JSON.parse(text) as T };
  } catch {
    return otherwise;
  }
}

class Settings {
  // `by` and `medical` are the account's (access/session); the rest narrows what this workstation is given.
  post = $state<Post>(read(postKey, { by: '', medical: false, skills: [], caisses: [], types: [] }));
  theme = $state<Theme>((localStorage.getItem(themeKey) ?? '') as Theme);

  constructor() {
    this.#paint();
  }
  save(): void { localStorage.setItem(postKey, JSON.stringify(this.post)); }
  setTheme(theme: Theme): void {
    this.theme = theme;
    localStorage.setItem(themeKey, theme);
    this.#paint();
  }
  #paint(): void {
    if (this.theme === '') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = this.theme;
  }
}

export const settings = new Settings();
