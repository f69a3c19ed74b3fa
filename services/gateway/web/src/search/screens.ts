// A search leads to a pli and its documents: fetched together, and smaller than apart.
export { default as Document } from './Document.svelte';
export { default as Pli } from './Pli.svelte';
export { default as Search } from './Search.svelte';
