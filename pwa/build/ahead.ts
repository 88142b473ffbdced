import type { HtmlTagDescriptor, Plugin, Rolldown } from 'vite';
import { partOfFile } from './parts.ts';

type Bundle = Rolldown.OutputBundle;

/**
 * Names in the page what the first screen will want, so that it comes beside the first file: what each
 * first screen's script begins with, which would cost one more way to the server and back, and the
 * typeface: words that are drawn without it are measured and drawn a second time when it is here.
 */
export function ahead(screens: string[]): Plugin {
  let base = '/';
  return {
    name: 'alongside-ahead',
    apply: 'build',
    configResolved(config) {
      base = config.base;
    },
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle }) => [
        ...neededByAll(bundle!, screens).map((path) => link('modulepreload', base + path)),
        ...typefacesIn(bundle!).map((path) => link('preload', base + path, { as: 'font' })),
      ],
    },
  };
}

/** The scripts that every one of these screens imports, without the first file. @throws Error for a screen that is not built */
export function neededByAll(bundle: Bundle, screens: string[]): string[] {
  const chunks = Object.values(bundle).filter((one) => one.type === 'chunk');
  const entries = new Set(chunks.filter((one) => one.isEntry).map((one) => one.fileName));
  const [first = new Set<string>(), ...others] = screens.map((name) => {
    const screen = chunks.find((one) => one.name === name);
    if (!screen)
      throw new Error(`no script is called ${name}: see codeSplitting in vite.config.ts`);
    return new Set(screen.imports);
  });
  const shared = [...first].filter((path) => others.every((imports) => imports.has(path)));
  return shared.filter((path) => !entries.has(path));
}

/** The typefaces of the core: one that comes later is in nobody's way. */
export function typefacesIn(bundle: Bundle): string[] {
  return Object.keys(bundle).filter((path) => {
    return path.endsWith('.woff2') && partOfFile(`/${path}`) === null;
  });
}

function link(rel: string, href: string, more: Record<string, string> = {}): HtmlTagDescriptor {
  return { tag: 'link', attrs: { rel, crossorigin: true, href, ...more }, injectTo: 'head' };
}
