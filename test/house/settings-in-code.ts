import ts from 'typescript';

/** A variable of the environment, as some schema in the code has it. */
export type Setting = {
  readonly name: string;
  readonly file: string;
  /** As it would be written in a shell; nothing where there is none. */
  readonly standard: string | undefined;
};

const VARIABLE = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/;
const NUMBERS: ReadonlySet<string> = new Set(['port', 'milliseconds']);

const literal = (node: ts.Expression): string | undefined => {
  if (ts.isNumericLiteral(node)) return String(Number(node.text.replaceAll('_', '')));
  if (ts.isStringLiteralLike(node)) return node.text;
  if (node.kind === ts.SyntaxKind.TrueKeyword) return 'true';
  return node.kind === ts.SyntaxKind.FalseKeyword ? 'false' : undefined;
};

/** The `default` of the options that a schema is made with. */
const defaultIn = (options: ts.Expression): string | undefined => {
  if (!ts.isObjectLiteralExpression(options)) return undefined;
  const found = options.properties.find((one) => one.name?.getText() === 'default');
  return found && ts.isPropertyAssignment(found) ? literal(found.initializer) : undefined;
};

const isSchema = (callee: string) => callee.startsWith('Type.') || NUMBERS.has(callee);

const settingIn = (node: ts.Node, file: string): Setting | undefined => {
  if (!ts.isPropertyAssignment(node) || !VARIABLE.test(node.name.getText())) return undefined;
  const { initializer } = node;
  const name = node.name.getText();
  if (ts.isNumericLiteral(initializer)) return { name, file, standard: literal(initializer) };
  if (!ts.isCallExpression(initializer)) return undefined;
  const callee = initializer.expression.getText();
  if (!isSchema(callee)) return undefined;
  const [first] = initializer.arguments;
  const standard = NUMBERS.has(callee)
    ? first && literal(first)
    : initializer.arguments.map(defaultIn).find((one) => one !== undefined);
  return { name, file, standard };
};

/** Every variable that a schema in this source names, with its default. */
export const settingsIn = (file: string, text: string): readonly Setting[] => {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Setting[] = [];
  const look = (node: ts.Node): void => {
    const setting = settingIn(node, file);
    if (setting) found.push(setting);
    ts.forEachChild(node, look);
  };
  look(source);
  return found;
};
