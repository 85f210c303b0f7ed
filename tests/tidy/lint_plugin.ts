/**
 * The house rules that a machine can check, said at the line, in the editor.
 *
 * `deno lint` runs them; `tidy_test.ts` sees what one file alone cannot show.
 *
 * @module
 */

import { ambientRule } from "./ambient_rule.ts";
import { importFault, layerOf, projectPath } from "./layers.ts";

type Node = Deno.lint.Node;
type Context = Deno.lint.RuleContext;

/** Most lines of a function of the program: one screen. */
const FUNCTION_LINES_MAX = 70;

/** Most positional parameters; what comes after is an options object. */
const PARAMETERS_MAX = 4;

/** Words of a note to oneself. Joined here so that this file has none. */
const NOTE = new RegExp(
  `\\b(${["TO" + "DO", "FIX" + "ME", "XXX"].join("|")})\\b`,
);

const OWN_ERRORS = ["Error", "TypeError", "RangeError", "SyntaxError"];

/** A rule that holds in the program and not in its tests. */
function inProgram(
  create: (context: Context) => Deno.lint.LintVisitor,
): Deno.lint.Rule {
  return {
    create: (context) => {
      const isProgram = layerOf(projectPath(context.filename)) !== undefined;
      return isProgram ? create(context) : {};
    },
  };
}

const importDirection = inProgram((context) => {
  const from = projectPath(context.filename);
  function check(node: Node, specifier: unknown): void {
    const isModule = typeof specifier === "string" &&
      /^\.\.?\/.*\.tsx?$/.test(specifier);
    if (!isModule) return;
    const to = new URL(specifier, `file:///${from}`).pathname.slice(1);
    const fault = importFault(from, to);
    if (fault !== undefined) context.report({ node, message: fault });
  }
  return {
    ImportDeclaration: (node) => check(node, node.source.value),
    ExportAllDeclaration: (node) => check(node, node.source.value),
    ExportNamedDeclaration: (node) => check(node, node.source?.value),
    ImportExpression: (node) => {
      if (node.source.type === "Literal") check(node, node.source.value);
    },
  };
});

const noPrivateKeyword: Deno.lint.Rule = {
  create(context) {
    // The tree does not say what a parameter's modifier is; its text does.
    function check(node: Node): void {
      if (!/^private\b/.test(context.sourceCode.getText(node))) return;
      const message = "private is checked by the compiler only: use #";
      context.report({ node, message });
    }
    return {
      PropertyDefinition: check,
      MethodDefinition: check,
      TSParameterProperty: check,
    };
  },
};

const noTopLevelArrow: Deno.lint.Rule = {
  create(context) {
    return {
      VariableDeclaration(node) {
        const { type } = node.parent;
        const isTop = type === "Program" || type === "ExportNamedDeclaration";
        if (!isTop) return;
        for (const { init } of node.declarations) {
          const isFunction = init?.type === "ArrowFunctionExpression" ||
            init?.type === "FunctionExpression";
          const message = "A function of a module is declared with function";
          if (isFunction) context.report({ node, message });
        }
      },
    };
  },
};

const noNote: Deno.lint.Rule = {
  create(context) {
    return {
      Program() {
        for (const { value, range } of context.sourceCode.getAllComments()) {
          const [word] = NOTE.exec(value) ?? [];
          const message = `${word}: do it, or write an issue`;
          if (word !== undefined) context.report({ range, message });
        }
      },
    };
  },
};

const namedExports: Deno.lint.Rule = {
  create(context) {
    return {
      ExportDefaultDeclaration(node) {
        context.report({ node, message: "Export it by its name" });
      },
      ExportAllDeclaration(node) {
        context.report({ node, message: "Import the file, not a barrel" });
      },
      ExportNamedDeclaration(node) {
        if (node.source === null) return;
        context.report({ node, message: "Import the file, not a barrel" });
      },
      TSEnumDeclaration(node) {
        context.report({ node, message: "Use a union of words" });
      },
    };
  },
};

const docComments = inProgram((context) => {
  const { sourceCode } = context;
  function docEnd(before: number): number | undefined {
    const comments = sourceCode.getAllComments();
    return comments.findLast(({ type, value, range }) =>
      type === "Block" && value.startsWith("*") && range[1] <= before &&
      sourceCode.text.slice(range[1], before).trim() === ""
    )?.range[1];
  }
  return {
    Program(node) {
      const head = sourceCode.getAllComments()[0];
      const isHead = head !== undefined && head.value.includes("@module") &&
        sourceCode.text.slice(0, head.range[0]).trim() === "";
      if (isHead) return;
      const message = "Say what this module is, and why, in /** … @module */";
      context.report({ range: [node.range[0], node.range[0] + 1], message });
    },
    ExportNamedDeclaration(node) {
      if (isPlain(node.declaration) || docEnd(node.range[0])) return;
      const message = "Say what an export promises in a doc comment";
      context.report({ range: firstLine(sourceCode.text, node), message });
    },
  };
});

/** A name for what stands beside it, or a bag of documented fields. */
function isPlain(node: Node | null): boolean {
  if (node === null || node.type === "TSTypeAliasDeclaration") return true;
  return node.type === "TSInterfaceDeclaration" &&
    node.id.name.endsWith("Options");
}

const errorMessage = inProgram((context) => ({
  NewExpression(node) {
    if (node.callee.type !== "Identifier") return;
    if (!OWN_ERRORS.includes(node.callee.name)) return;
    const [first] = node.arguments;
    const isText = first?.type === "Literal" ||
      first?.type === "TemplateLiteral";
    if (!isText) return;
    const text = context.sourceCode.getText(first).slice(1, -1);
    // A parser's text goes on after its library's "Failed to parse".
    const isPart = text.startsWith("want ");
    if ((/^[a-z]/.test(text) && !isPart) || /\.$/.test(text)) {
      const message = "Write an error as a sentence without its period: " +
        "the action, then a colon and the value";
      context.report({ node, message });
    }
  },
}));

const functionSize = inProgram((context) => {
  function check(node: Node & { params?: readonly unknown[] }): void {
    const lines = context.sourceCode.getText(node).split("\n").length;
    if (lines > FUNCTION_LINES_MAX) {
      const message = `${lines} lines: a function fits a screen ` +
        `(${FUNCTION_LINES_MAX})`;
      context.report({
        range: firstLine(context.sourceCode.text, node),
        message,
      });
    }
    const count = node.params?.length ?? 0;
    if (count > PARAMETERS_MAX) {
      const message = `${count} parameters: take an options object`;
      context.report({
        range: firstLine(context.sourceCode.text, node),
        message,
      });
    }
  }
  return {
    FunctionDeclaration: check,
    FunctionExpression: check,
    ArrowFunctionExpression: check,
  };
});

function firstLine(text: string, node: Node): Deno.lint.Range {
  const [start, end] = node.range;
  const newline = text.indexOf("\n", start);
  return [start, newline === -1 ? end : Math.min(end, newline)];
}

const plugin: Deno.lint.Plugin = {
  name: "parlor",
  rules: {
    "ambient": ambientRule,
    "doc-comments": docComments,
    "error-message": errorMessage,
    "function-size": functionSize,
    "import-direction": importDirection,
    "named-exports": namedExports,
    "no-note": noNote,
    "no-private-keyword": noPrivateKeyword,
    "no-top-level-arrow": noTopLevelArrow,
  },
};

// deno-lint-ignore parlor/named-exports -- The linter takes a default export.
export default plugin;
