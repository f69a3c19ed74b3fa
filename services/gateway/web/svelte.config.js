// Svelte's own settings: none; the file is where its tools look for them.
export default {};
