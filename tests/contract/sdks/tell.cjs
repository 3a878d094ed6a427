// Tells the story through the vendor's JavaScript SDK: what tell.py does, and `missing` besides.
// The first argument is the folder that has node_modules; the story comes in on stdin.
"use strict";

const fs = require("fs");
const net = require("net");
const path = require("path");
const { createRequire } = require("module");
const { Declared } = require("./models.cjs");

const installed = createRequire(path.join(path.resolve(process.argv[2]), "package.json"));
const sdk = installed("purecloud-platform-client-v2");
const types = path.join(path.dirname(installed.resolve("purecloud-platform-client-v2/package.json")), "index.d.ts");
const declared = new Declared(installed("typescript"), fs.readFileSync(types, "utf8"));
const kept = {};

/** Nothing but this machine is ever connected to. */
function stayHere() {
  const connect = net.Socket.prototype.connect;
  net.Socket.prototype.connect = function (...args) {
    const options = Array.isArray(args[0]) ? args[0][0] : args[0];
    if (options.host !== "127.0.0.1") throw new Error(`the SDK tried to reach ${options.host}`);
    return connect.apply(this, args);
  };
}

function found(value, place) {
  for (const part of place.split(".")) value = part === "#" ? value?.length : value?.[part];
  return value ?? null;
}

function filled(value) {
  if (Array.isArray(value)) return value.map(filled);
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, filled(v)]));
  return typeof value === "string" && value.startsWith("$") ? kept[value.slice(1)] : value;
}

/** An operation by its parameters, in the order the SDK wants; what it has no place for goes into its options. */
async function call(operation, given) {
  const name = operation.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
  const method = declared.methods.get(name);
  if (!method) throw new Error(`the SDK has no ${name}`);
  const places = method.parameters.filter((each) => each.name.text !== "opts");
  const body = places.find((each) => each.name.text === "body");
  const wrong = body ? declared.judge(body.type, given.body) : [];
  if (wrong.length) throw new Error(`the story's body does not fit ${declared.name(body.type)}: ${wrong.join("; ")}`);
  const options = Object.fromEntries(Object.entries(given).filter(([key]) => !places.some((each) => each.name.text === key)));
  const unknown = declared.judgeModel(`${name}Options`, options);
  const answer = await new sdk[method.api]()[name](...places.map((each) => given[each.name.text]), options);
  return { status: answer.status, body: answer.body, type: method.answer, unknown };
}

async function perform(step) {
  try {
    if (step.call) return await call(step.call, filled(step.with ?? {}));
    await sdk.ApiClient.instance.loginClientCredentialsGrant(...filled(step.token));
    return { status: 200 };
  } catch (refusal) {
    const answer = step.token ? refusal.response : refusal;
    if (!answer?.status) throw refusal;
    return { status: answer.status, body: answer.body ?? answer.data, model: step.call && "ErrorBody" };
  }
}

function surprises(step, status, body) {
  const expected = step.status ?? "success";
  const said = status === expected || (expected === "success" && status < 300);
  const found_ = Object.entries(filled(step.expect ?? {})).filter(([place, wanted]) => found(body, place) !== wanted);
  const wrong = found_.map(([place, wanted]) => `${place} is ${JSON.stringify(found(body, place))}, expected ${JSON.stringify(wanted)}`);
  return said ? wrong : [`status ${status}, expected ${expected}: ${JSON.stringify(body)}`, ...wrong];
}

async function tell(step) {
  const { status, body, type, model, unknown = [] } = await perform(step);
  const answered = model ? declared.judgeModel(model, body) : type ? declared.judge(type, body) : [];
  for (const [name, place] of Object.entries(step.keep ?? {})) kept[name] = found(body, place);
  const of = (kind) => [...unknown, ...answered].filter(([each]) => each === kind).map(([, place]) => place);
  const name = model ?? (type ? declared.name(type) : null);
  return { step: step.step, status, type: name, lost: of("lost"), missing: of("missing"), mistakes: surprises(step, status, body) };
}

async function main() {
  stayHere();
  const { base, steps } = JSON.parse(fs.readFileSync(0, "utf8"));
  const { hostname, port } = new URL(base);
  sdk.ApiClient.instance.setGateway({ host: hostname, protocol: "http", port: Number(port) });
  sdk.ApiClient.instance.setReturnExtendedResponses(true);
  const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
  say({ step: "canary", lost: declared.judgeModel("AuthzDivision", { unheardOf: 1 }).map(([, place]) => place) });
  for (const step of steps) say(await tell(step));
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
