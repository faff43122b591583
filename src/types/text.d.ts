/** Files that travel inside the binary as text: `import text from './x.py' with { type: 'text' }`. */
declare module '*.py' {
  const text: string;
  export default text;
}
declare module '*.cpp' {
  const text: string;
  export default text;
}
declare module '*/Makefile' {
  const text: string;
  export default text;
}
declare module '*.java' {
  const text: string;
  export default text;
}
declare module '*.sh' {
  const text: string;
  export default text;
}
declare module '*.md' {
  const text: string;
  export default text;
}
