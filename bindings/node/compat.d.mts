export * from './compat.js';
export { default } from './compat.js';
