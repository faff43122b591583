/** `2019-02-21T08:35:41Z` as `2019-02-21 16:35:41` of the local zone (eascmd.md 2.1); other text stays as it is. */
export function localTime(rfc3339: string | undefined): string {
  if (!rfc3339) return '';
  const at = new Date(rfc3339);
  if (Number.isNaN(at.getTime())) return rfc3339;
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}
