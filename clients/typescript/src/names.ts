/**
 * Resource names from ids and back: `graphs/{graph}/nodes/{node}`. Wherever the client takes an id it also takes a whole
 * name, and a name that is relative to its graph (`nodes/ann`).
 */

import { InvalidArgument } from "./errors/families.js";

/** `alice` or `graphs/alice` to `graphs/alice`. */
export function graphName(graph: string): string {
  return graph.startsWith("graphs/") ? graph : `graphs/${graph}`;
}

/** The name of a node from its id, relative name or name. Throws InvalidArgument for one of another graph. */
export function nodeName(graph: string, node: string): string {
  return itemName(graph, "nodes", node);
}

/** The name of an edge from its id, relative name or name. Throws InvalidArgument for one of another graph. */
export function edgeName(graph: string, edge: string): string {
  return itemName(graph, "edges", edge);
}

/** The name of a session's node, of its id, the id of its node (`session:ID`), or its name. */
export function sessionName(graph: string, session: string): string {
  if (session.startsWith("graphs/") || session.startsWith("session:")) {
    return nodeName(graph, session);
  }
  return nodeName(graph, `session:${session.replaceAll("%", "%25").replaceAll("/", "%2F")}`);
}

/** The last part of a name: `ann` of `graphs/alice/nodes/ann`. */
export function idOf(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

/** The id of a node from its id, relative name or name. Anything else stays, for the server to refuse. */
export function nodeId(node: string): string {
  return /^(?:graphs\/[^/]*\/)?nodes\/[^/]*$/.test(node) ? idOf(node) : node;
}

/** A relative name (`nodes/ann`) inside its graph; whole names and empty ones stay. Throws InvalidArgument for the name
 * of something in another graph. */
export function completed(graph: string, name: string): string {
  const parent = graphName(graph);
  if (name === "" || name.startsWith(`${parent}/`)) {
    return name;
  }
  if (name.startsWith("graphs/")) {
    throw new InvalidArgument(`${name} is not in ${parent}`);
  }
  return `${parent}/${name}`;
}

/** The same node or edge in this graph, whichever graph it was named in; empty stays empty. */
export function moved(graph: string, kind: "nodes" | "edges", name: string): string {
  return name === "" ? name : `${graphName(graph)}/${kind}/${idOf(name)}`;
}

function itemName(graph: string, kind: "nodes" | "edges", item: string): string {
  return completed(graph, item === "" || item.includes("/") ? item : `${kind}/${item}`);
}
