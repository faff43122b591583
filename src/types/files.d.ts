/** Files that travel inside the binary as they are; the import is a path: `import path from './x.jar' with { type: 'file' }`. */
declare module '*.jar' {
  const path: string;
  export default path;
}
