/** RFC 3986: encodeURIComponent leaves five characters that the signature wants encoded. */
export function encode(segment: string): string {
  return encodeURIComponent(segment).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
