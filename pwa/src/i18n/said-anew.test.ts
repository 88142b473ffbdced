// @vitest-environment node
/**
 * Who chooses another language reads the open screen in it (`spoken.svelte.ts`). A sentence that is made when a component
 * or a module is would stay as it was: it stands in the markup, in `$derived`, or in a function that is asked each time.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import ts from 'typescript';
import { expect, it } from 'vitest';

const SRC = join(import.meta.dirname, '..');

/** What asks which language is spoken; whoever calls one of these asks it, too. */
const ASKS = ['t', 'listOf', 'locale'].map((name) => `i18n#${name}`);
/** A function given to one of these is called there and then; given to another, later. */
const AT_ONCE = /^(?:map|flatMap|filter|find|some|every|reduce|toSorted|from|fromEntries)$/;

interface Module {
  path: string;
  source: ts.SourceFile;
  /** Each imported name, as `path#name` where it is ours. */
  imported: Map<string, string>;
}

function read(path: string, text: string): Module {
  const scripts = [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map(([, code]) => code);
  const code = path.endsWith('.svelte') ? scripts.join('\n') : text;
  const source = ts.createSourceFile(path, code, ts.ScriptTarget.Latest, true);
  const imported = new Map<string, string>();
  for (const one of source.statements.filter(ts.isImportDeclaration)) {
    const names = one.importClause?.namedBindings;
    if (!names || !ts.isNamedImports(names)) continue;
    const from = join(dirname(path), (one.moduleSpecifier as ts.StringLiteral).text);
    for (const { name, propertyName } of names.elements)
      imported.set(name.text, `${from}#${(propertyName ?? name).text}`);
  }
  return { path: path.replace(/(?:\/index)?\.ts$/, ''), source, imported };
}

/** The function that a call calls, by its name: `path#name`. Methods are not followed. */
const called = (module: Module, { expression }: ts.CallExpression): string =>
  ts.isIdentifier(expression)
    ? (module.imported.get(expression.text) ?? `${module.path}#${expression.text}`)
    : '';

const nameOf = (expression: ts.Expression): string =>
  ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText();

/** Is this done later, or again whenever what it asks changes? */
function isLater(node: ts.Node): boolean {
  if (ts.isCallExpression(node)) return /^\$(?:derived|effect)\b/.test(node.expression.getText());
  if (!ts.isFunctionLike(node)) return false;
  const call = node.parent;
  return !(ts.isCallExpression(call) && AT_ONCE.test(nameOf(call.expression)));
}

/** What is called in here, leaving out what is done later, unless that is asked for, too. */
function callsIn(module: Module, node: ts.Node, withLater = false): string[] {
  if (!withLater && isLater(node)) return [];
  const here = ts.isCallExpression(node) ? [called(module, node)] : [];
  const inside: string[] = [];
  ts.forEachChild(node, (child) => void inside.push(...callsIn(module, child, withLater)));
  return [...here, ...inside];
}

/** Functions of the outermost level, with what each calls. */
function functionsOf(module: Module): [string, string[]][] {
  const found: [string, string[]][] = [];
  for (const one of module.source.statements) {
    const parts = ts.isVariableStatement(one) ? [...one.declarationList.declarations] : [one];
    for (const part of parts) {
      const body = ts.isVariableDeclaration(part) ? part.initializer : part;
      const isMade = body && ts.isCallExpression(body) && nameOf(body.expression) === 'perLanguage';
      if (!body || !(isMade || ts.isFunctionLike(body))) continue;
      const name = (part as ts.VariableDeclaration | ts.FunctionDeclaration).name!.getText();
      found.push([`${module.path}#${name}`, callsIn(module, body, true)]);
    }
  }
  return found;
}

/** Statements that say something once and for all. */
function saidOnce(modules: readonly Module[]): string[] {
  const functions = modules.flatMap(functionsOf);
  const asks = new Set(ASKS);
  for (let before = 0; before < asks.size;) {
    before = asks.size;
    for (const [name, calls] of functions) if (calls.some((one) => asks.has(one))) asks.add(name);
  }
  // What is made anew for each language is made by the one that asks.
  asks.delete('i18n#perLanguage');
  return modules.flatMap((module) =>
    module.source.statements
      // What is only called keeps nothing.
      .filter((one) => !ts.isExpressionStatement(one))
      .filter((one) => callsIn(module, one).some((name) => asks.has(name)))
      .map((one) => `${module.path}: ${one.getText().split('\n')[0]}`),
  );
}

it('nothing is said once and for all', () => {
  const files = readdirSync(SRC, { recursive: true }).map(String);
  const code = files.filter((file) => /(?<!\.test|\.d)\.(?:svelte|ts)$/.test(file));
  const modules = code.map((file) => read(file, readFileSync(join(SRC, file), 'utf8')));
  expect(modules.length).toBeGreaterThan(300);
  expect(saidOnce(modules)).toEqual([]);
});

const words = (code: string) => read('some.ts', `import { t } from './i18n';\n${code}`);

it.each([
  "const label = t('a.b');",
  "const tabs = [{ href: '/', label: t('a.b') }];",
  'const kinds = KINDS.map((kind) => ({ kind, label: t(`a.${kind}`) }));',
  "let { label = t('a.b') } = $props();",
  "const said = () => t('a.b');\nconst label = said();",
  "class Frame {\n  label = t('a.b');\n}",
])('sees %s', (code) => expect(saidOnce([words(code)])).toHaveLength(1));

it('sees what another module says', () => {
  const said = read('said.ts', "import { t } from './i18n';\nexport const said = () => t('a.b');");
  const screen = "<script>\nimport { said } from './said';\nconst label = said();\n</script>";
  expect(saidOnce([said, read('Screen.svelte', screen)])).toHaveLength(1);
});

it.each([
  "const label = $derived(t('a.b'));",
  "const label = () => t('a.b');",
  "function label() {\n  return t('a.b');\n}",
  'const lists = perLanguage((locale) => new Intl.ListFormat(locale));',
  "class Frame {\n  get label() {\n    return t('a.b');\n  }\n}",
  "const lack = new Lack(() => t('a.b'));",
  "$effect(() => void (title = t('a.b')));",
])('lets %s be', (code) => expect(saidOnce([words(code)])).toEqual([]));
