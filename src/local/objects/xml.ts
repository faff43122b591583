export type XmlValue = string | number | boolean | XmlTree | (string | number | XmlTree)[] | undefined;
export interface XmlTree {
  [element: string]: XmlValue;
}

/** A whole document; an array repeats its element, `undefined` leaves it out. */
export function xmlDocument(root: string, tree: XmlTree): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(root, tree)}\n`;
}

function element(name: string, value: XmlValue): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.map((item) => element(name, item)).join('');
  if (typeof value !== 'object') return `<${name}>${escapeXml(String(value))}</${name}>`;
  const inner = Object.entries(value)
    .map(([child, content]) => element(child, content))
    .join('');
  return `<${name}>${inner}</${name}>`;
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/** Contents of every `<name>` in a document, in order, still escaped. Enough for the two bodies OSS clients send. */
export function elementsOf(document: string, name: string): string[] {
  const found = document.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}>`, 'g'));
  return [...found].map((match) => match[1]!);
}

export function unescapeXml(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-fA-F]+)|#([0-9]+)|(amp|lt|gt|quot|apos));/g,
    (_all, hex, decimal, named) => {
      if (named) return Object.keys(ENTITIES).find((character) => ENTITIES[character] === `&${named};`)!;
      return String.fromCodePoint(Number.parseInt(hex ?? decimal, hex ? 16 : 10));
    },
  );
}
