// Shows /openapi.json: groups, operations, parameters, bodies, answers. Text is only ever set as text.
"use strict";

const make = (tag, text, name) => {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (name) made.className = name;
  return made;
};

const METHODS = ["get", "post", "put", "patch", "delete"];
let spec;

const resolve = (schema) =>
  schema && schema.$ref ? spec.components.schemas[schema.$ref.split("/").pop()] : schema;

const nameOf = (schema) => {
  if (!schema) return "";
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.anyOf) return schema.anyOf.map(nameOf).join(" | ");
  if (schema.type === "array") return nameOf(schema.items) + "[]";
  return [].concat(schema.type || "any").join(" | ");
};

// An example value for a schema, three levels deep.
const example = (schema, depth = 0) => {
  const found = resolve(schema) || {};
  if (found.example !== undefined) return found.example;
  if (found.default !== undefined) return found.default;
  if (found.enum) return found.enum[0];
  if (found.anyOf) return example(found.anyOf[0], depth);
  const type = [].concat(found.type || "any")[0];
  if (type === "object" && depth < 3) {
    const parts = Object.entries(found.properties || {});
    return Object.fromEntries(parts.map(([key, part]) => [key, example(part, depth + 1)]));
  }
  if (type === "array") return depth < 3 ? [example(found.items, depth + 1)] : [];
  return { string: "…", integer: 1, number: 1.5, boolean: true }[type] ?? null;
};

const table = (head, rows) => {
  const made = make("table");
  const top = made.createTHead().insertRow();
  head.forEach((text) => top.append(make("th", text)));
  const body = made.createTBody();
  rows.forEach((cells) => {
    const row = body.insertRow();
    cells.forEach((text, index) => row.insertCell().append(make(index ? "span" : "code", text)));
  });
  return made;
};

const schemaTable = (schema) => {
  const found = resolve(schema) || {};
  const needed = found.required || [];
  const rows = Object.entries(found.properties || {}).map(([name, part]) => [
    name + (needed.includes(name) ? " *" : ""),
    nameOf(part),
    [part.description, part.enum && part.enum.join(", "), part.pattern].filter(Boolean).join(" · "),
  ]);
  return rows.length ? table(["Field", "Type", "Rule"], rows) : make("p", nameOf(schema), "muted");
};

const contents = (content) =>
  Object.entries(content || {}).map(([type, { schema, example: given }]) => {
    const part = make("div");
    part.append(make("p", `${type} · ${nameOf(schema)}`, "muted"), schemaTable(schema));
    if (type.endsWith("json") && schema) {
      part.append(make("pre", JSON.stringify(given ?? example(schema), null, 2)));
    }
    return part;
  });

const operation = (path, method, told, shared) => {
  const made = make("details");
  const head = make("summary");
  head.append(make("span", method.toUpperCase(), `method ${method}`), make("code", path));
  head.append(` — ${told.summary}`);
  const body = make("div");
  body.append(make("p", told.security.length ? "Needs an access token." : "No token needed.", "muted"));
  const parameters = shared.concat(told.parameters);
  if (parameters.length) {
    const rows = parameters.map((one) => [
      one.name + (one.required ? " *" : ""),
      one.in,
      [one.description, nameOf(one.schema), one.schema.enum && one.schema.enum.join(", ")]
        .filter(Boolean).join(" · "),
    ]);
    body.append(make("h4", "Parameters"), table(["Name", "In", "Meaning"], rows));
  }
  if (told.requestBody) body.append(make("h4", "Body"), ...contents(told.requestBody.content));
  body.append(make("h4", "Answers"));
  for (const [status, answer] of Object.entries(told.responses)) {
    body.append(make("p", `${status} — ${answer.description}`));
    if (status < 300) body.append(...contents(answer.content));
  }
  made.append(head, body);
  made.dataset.text = `${method} ${path} ${told.summary}`.toLowerCase();
  return made;
};

const show = () => {
  const groups = new Map();
  for (const [path, item] of Object.entries(spec.paths)) {
    for (const method of METHODS.filter((one) => item[one])) {
      const tag = item[method].tags[0];
      if (!groups.has(tag)) groups.set(tag, []);
      groups.get(tag).push(operation(path, method, item[method], item.parameters || []));
    }
  }
  document.getElementById("about").textContent = spec.info.description;
  for (const [tag, operations] of groups) {
    const title = make("h2", tag);
    title.id = tag.replace(/\W+/g, "-");
    const link = make("a", tag);
    link.href = `#${title.id}`;
    document.getElementById("tags").append(link);
    document.getElementById("operations").append(title, ...operations);
  }
};

const filter = (event) => {
  const words = event.target.value.toLowerCase().split(/\s+/);
  document.querySelectorAll("details").forEach((one) => {
    one.hidden = !words.every((word) => one.dataset.text.includes(word));
  });
};

fetch("/openapi.json")
  .then((answer) => answer.json())
  .then((found) => {
    spec = found;
    show();
    document.getElementById("filter").addEventListener("input", filter);
  })
  .catch(() => {
    document.getElementById("about").textContent = "The document could not be read.";
  });
