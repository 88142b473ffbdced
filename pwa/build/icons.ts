import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { HtmlTagDescriptor, Plugin } from 'vite';
import { ICONS } from '../src/ui/icons.ts';

const find = createRequire(import.meta.url);

/** Puts the icons named in src/ui/icons.ts into index.html as one hidden sprite: no request, nothing to wait for offline. */
export function icons(): Plugin {
  return {
    name: 'alongside-icons',
    transformIndexHtml: () => [sprite()],
  };
}

function sprite(): HtmlTagDescriptor {
  return {
    tag: 'svg',
    attrs: { hidden: true, 'aria-hidden': 'true' },
    children: symbols(ICONS),
    injectTo: 'body',
  };
}

export function symbols(drawings: Record<string, string>): string {
  return Object.entries(drawings)
    .map(
      ([name, drawing]) =>
        `<symbol id="icon-${name}" viewBox="0 0 24 24">${shapes(drawing)}</symbol>`,
    )
    .join('');
}

/** What is drawn inside one of lucide's files, without its frame, comments and line breaks. */
function shapes(name: string): string {
  const svg = readFileSync(find.resolve(`lucide-static/icons/${name}.svg`), 'utf8');
  const inside = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(svg)?.[1];
  if (!inside) throw new Error(`lucide-static has no drawing in ${name}.svg`);
  return inside.replace(/\s*\n\s*/g, '').replace(/ \/>/g, '/>');
}
