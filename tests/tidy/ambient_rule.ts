/**
 * The lint rule behind `ambient.ts`.
 *
 * The linter gives a syntax tree without scopes, so a name that a file binds
 * anywhere, as a parameter or an import, counts as its own everywhere in it.
 *
 * @module
 */

import {
  AMBIENT,
  AMBIENT_IN_BROWSER,
  AMBIENT_IN_TESTS,
  isAllowed,
  NODE_MODULES,
  rowOf,
  TRANSPORT_FREE,
  TRANSPORT_TYPES,
} from "./ambient.ts";
import { layerOf, projectPath } from "./layers.ts";

type Node = Deno.lint.Node;
type Identifier = Deno.lint.Identifier;

/** Reports ambient calls, Node's modules and transports out of place. */
export const ambientRule: Deno.lint.Rule = {
  create(context) {
    const path = projectPath(context.filename);
    const layer = layerOf(path);
    const isTest = path.startsWith("tests/");
    const rows = layer === "web" ? AMBIENT_IN_BROWSER : AMBIENT;
    if (layer === undefined && !isTest) return {};
    const uses: Identifier[] = [];
    const bound = new Set<string>();

    return {
      Identifier(node) {
        if (isBinding(node)) bound.add(node.name);
        else if (!isLabel(node) && !isSame(uses.at(-1), node)) uses.push(node);
      },
      ImportDeclaration(node) {
        if (isTest) return;
        const fault = moduleFault(path, node);
        if (fault !== undefined) context.report({ node, message: fault });
      },
      "Program:exit"() {
        for (const node of uses) {
          if (bound.has(node.name)) continue;
          const fault = isTest
            ? ambientFault(path, usedName(node), AMBIENT_IN_TESTS)
            : transportFault(layer, node) ??
              ambientFault(path, usedName(node), rows);
          if (fault !== undefined) context.report({ node, message: fault });
        }
      },
    };
  },
};

function ambientFault(
  path: string,
  name: string,
  rows: typeof AMBIENT,
): string | undefined {
  const row = rowOf(rows, name);
  if (row === undefined || isAllowed(path, row.only)) return undefined;
  return `${name} is ambient here: ${row.instead}`;
}

function transportFault(
  layer: string | undefined,
  node: Identifier,
): string | undefined {
  const isTransport = TRANSPORT_TYPES.includes(node.name);
  if (!isTransport || !TRANSPORT_FREE.includes(layer ?? "")) return undefined;
  return `${layer} must not know a ${node.name}: leave it to http and edge`;
}

function moduleFault(
  path: string,
  node: Deno.lint.ImportDeclaration,
): string | undefined {
  const name = node.source.value;
  if (layerOf(path) === "web" && !name.startsWith("./")) {
    return `${name} is not there for a browser: only ./ is`;
  }
  if (!name.startsWith("node:")) return undefined;
  if (!isAllowed(path, NODE_MODULES[name] ?? [])) {
    return `${name} may not be imported here: see tests/tidy/ambient.ts`;
  }
  const chance = node.specifiers.find((specifier) =>
    specifier.local.name.startsWith("random")
  );
  if (chance === undefined || path === "src/base/ids.ts") return undefined;
  return `${chance.local.name} is ambient here: take Ids`;
}

/** `Date.now` for the `Date` of `Date.now()`, and so on. */
function usedName(node: Identifier): string {
  const { parent } = node;
  const isNow = parent.type === "NewExpression" && node.name === "Date" &&
    parent.arguments.length === 0;
  if (isNow) return "new Date()";
  if (parent.type !== "MemberExpression") return node.name;
  if (parent.object.type === "Identifier" && node.name === "globalThis") {
    const outer: Node = parent.parent;
    const member = memberName(parent);
    const inner = outer.type === "MemberExpression" ? memberName(outer) : "";
    return inner === "" ? member : `${member}.${inner}`;
  }
  return `${node.name}.${memberName(parent)}`;
}

function memberName(node: Deno.lint.MemberExpression): string {
  if (node.property.type === "Identifier" && !node.computed) {
    return node.property.name;
  }
  if (node.property.type !== "Literal") return "*";
  return String(node.property.value);
}

/** Whether the identifier names a thing here rather than using it. */
function isBinding(node: Identifier): boolean {
  const { parent } = node;
  switch (parent.type) {
    case "VariableDeclarator":
      return isSame(parent.id, node);
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return parent.type === "ArrowFunctionExpression"
        ? !isSame(parent.body, node)
        : true;
    case "AssignmentPattern":
      return isSame(parent.left, node);
    case "Property":
      return parent.parent.type === "ObjectPattern" &&
        isSame(parent.value, node);
    case "ImportSpecifier":
    case "ImportDefaultSpecifier":
    case "ImportNamespaceSpecifier":
      return isSame(parent.local, node);
    case "ArrayPattern":
    case "RestElement":
    case "CatchClause":
    case "ClassDeclaration":
    case "TSInterfaceDeclaration":
    case "TSTypeAliasDeclaration":
      return true;
    default:
      return false;
  }
}

/** Whether the identifier is a member's or a key's name, or a label. */
function isLabel(node: Identifier): boolean {
  const { parent } = node;
  switch (parent.type) {
    case "MemberExpression":
      return !parent.computed && isSame(parent.property, node);
    case "Property":
      return !parent.computed && isSame(parent.key, node) &&
        !(parent.shorthand && parent.parent.type === "ObjectExpression");
    case "TSTypeQuery":
    case "TSQualifiedName":
    case "TSPropertySignature":
    case "TSMethodSignature":
    case "PropertyDefinition":
    case "MethodDefinition":
    case "ImportSpecifier":
    case "ExportSpecifier":
      return !("computed" in parent && parent.computed) &&
        !("value" in parent && isSame(parent.value, node));
    default:
      return false;
  }
}

function isSame(one: unknown, node: Identifier): boolean {
  if (typeof one !== "object" || one === null || !("range" in one)) {
    return false;
  }
  const range = one.range as Deno.lint.Range;
  return range[0] === node.range[0] && range[1] === node.range[1];
}
