import type { LocalInfo } from '../info.ts';
import type { State } from '../state/state.ts';

const SHOWN = 200;

/** A plain page about what runs here; it holds no token and changes nothing. */
export function consolePage(info: LocalInfo, state: State): Response {
  const { rows, total } = state.services.list({ sort: 'created_at', order: 'desc', limit: SHOWN, offset: 0 });
  const lines = rows.map((row) => {
    const cells = [row.name, row.status, row.instances, row.current_version, row.updated_at, row.message];
    return `<tr>${cells.map((cell) => `<td>${escapeHtml(String(cell))}</td>`).join('')}</tr>`;
  });
  const heads = ['Service', 'Status', 'Instances', 'Version', 'Updated', 'Message'];
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Local EAS</title>
<style>body{font:14px system-ui;margin:2em}table{border-collapse:collapse}td,th{padding:.3em .8em;border:1px solid #ccc;text-align:left}</style></head>
<body><h1>Local EAS ${escapeHtml(info.version)}</h1>
<p>API ${escapeHtml(info.apiUrl)}, object store ${escapeHtml(info.objectStoreUrl)}, data in ${escapeHtml(info.dataDir)}, since ${escapeHtml(info.startedAt)}</p>
<p>${total} service(s)${total > SHOWN ? `, the newest ${SHOWN} shown` : ''}</p>
<table><tr>${heads.map((head) => `<th>${head}</th>`).join('')}</tr>
${lines.join('\n')}</table></body></html>`;
  return new Response(html, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    },
  });
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escapeHtml = (text: string) => text.replace(/[&<>"]/g, (character) => entities[character]!);
