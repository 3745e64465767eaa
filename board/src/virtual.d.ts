declare module 'virtual:input-types' {
  const types: import('./create/input-types.ts').InputTypes;
  export default types;
}
