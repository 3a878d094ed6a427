// What the JavaScript SDK declares in index.d.ts: its methods, their options and its models. At run time it has neither.
"use strict";

const LEAVES = { StringKeyword: "string", NumberKeyword: "number", BooleanKeyword: "boolean" };

class Declared {
  constructor(ts, text) {
    this.ts = ts;
    this.models = new Map();
    this.methods = new Map();
    const file = ts.createSourceFile("index.d.ts", text, ts.ScriptTarget.Latest);
    for (const each of file.statements) {
      if (ts.isClassDeclaration(each)) this.#readApi(each);
      else if (ts.isModuleDeclaration(each)) this.#readModels(each);
    }
  }

  #readApi(node) {
    for (const member of node.members.filter(this.ts.isMethodDeclaration)) {
      const known = { api: node.name.text, parameters: member.parameters, answer: member.type?.typeArguments?.[0] };
      if (!this.methods.has(member.name.text)) this.methods.set(member.name.text, known);
    }
  }

  #readModels(node) {
    for (const model of node.body.statements.filter(this.ts.isInterfaceDeclaration)) {
      const members = model.members.map((each) => [each.name.text, { type: each.type, optional: !!each.questionToken }]);
      this.models.set(model.name.text, new Map(members));
    }
  }

  /** The name of a type as the Python SDK calls it; null for nothing. */
  name(type) {
    const kind = this.ts.SyntaxKind[type.kind];
    if (kind === "VoidKeyword") return null;
    if (kind === "TypeLiteral") return "object";
    if (type.typeName?.text === "Array") return `${this.name(type.typeArguments[0])}[]`;
    return LEAVES[kind] ?? type.typeName.right?.text ?? type.typeName.text;
  }

  /** Judges a value by a type: [["lost" | "missing", place], …]. */
  judge(type, value, at = "") {
    const kind = this.ts.SyntaxKind[type.kind];
    if (value === null || value === undefined || kind === "ObjectKeyword") return [];
    if (LEAVES[kind]) return typeof value === LEAVES[kind] ? [] : [["lost", `${at || "the body"} (no ${LEAVES[kind]})`]];
    if (kind === "VoidKeyword") return value === "" ? [] : [["lost", "the body (nobody reads it)"]];
    if (kind === "TypeLiteral") return this.#entries(type.members[0].type, value, at);
    if (kind !== "TypeReference") throw new Error(`index.d.ts says ${kind} at ${at}, which is new`);
    if (type.typeName.text === "Array") return this.#items(type.typeArguments[0], value, at);
    return this.judgeModel(type.typeName.right.text, value, at);
  }

  #entries(type, value, at) {
    return Object.entries(value).flatMap(([name, each]) => this.judge(type, each, join(at, name)));
  }

  #items(type, value, at) {
    if (!Array.isArray(value)) return [["lost", `${at} (no list)`]];
    return value.flatMap((each, index) => this.judge(type, each, `${at}[${index}]`));
  }

  /** The same by the name of a model. */
  judgeModel(model, value, at = "") {
    if (typeof value !== "object" || Array.isArray(value)) return [["lost", `${at || "the body"} (no ${model})`]];
    const members = this.models.get(model);
    const said = Object.entries(value).flatMap(([name, each]) =>
      members.has(name) ? this.judge(members.get(name).type, each, join(at, name)) : [["lost", join(at, name)]],
    );
    const silent = [...members].filter(([name, member]) => !member.optional && (value[name] ?? null) === null);
    return [...said, ...silent.map(([name]) => ["missing", join(at, name)])];
  }
}

const join = (at, name) => (at ? `${at}.${name}` : name);

module.exports = { Declared };
