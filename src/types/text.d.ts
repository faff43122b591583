/** Files that travel inside the binary as text: `import text from './x.py' with { type: 'text' }`. */
declare module '*.py' {
  const text: string;
  export default text;
}
