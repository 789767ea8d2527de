import assert from "node:assert/strict";
import { test } from "node:test";

import { InvalidArgument, mutations, preconditions } from "../src/index.js";
import { completed, edgeName, graphName, idOf, moved, nodeId, nodeName, sessionName } from "../src/names.js";

test("ids, relative names and names are the same thing", () => {
  assert.equal(graphName("alice"), "graphs/alice");
  assert.equal(graphName("graphs/alice"), "graphs/alice");
  for (const node of ["ann", "nodes/ann", "graphs/alice/nodes/ann"]) {
    assert.equal(nodeName("alice", node), "graphs/alice/nodes/ann");
    assert.equal(nodeName("graphs/alice", node), "graphs/alice/nodes/ann");
    assert.equal(nodeId(node), "ann");
  }
  assert.equal(edgeName("alice", "e-1"), "graphs/alice/edges/e-1");
  assert.equal(nodeName("alice", ""), "");
  assert.equal(idOf("graphs/alice/nodes/ann"), "ann");
  assert.equal(nodeId("what/ever"), "what/ever");
});

test("a name in another graph is refused", () => {
  assert.throws(() => nodeName("alice", "graphs/bob/nodes/ann"), InvalidArgument);
  assert.throws(() => completed("alice", "graphs/alice2/nodes/ann"), InvalidArgument);
});

test("an import moves names into its graph", () => {
  assert.equal(moved("alice", "nodes", "graphs/bob/nodes/ann"), "graphs/alice/nodes/ann");
  assert.equal(moved("alice", "edges", ""), "");
});

test("sessions are nodes", () => {
  assert.equal(sessionName("alice", "s1"), "graphs/alice/nodes/session:s1");
  assert.equal(sessionName("alice", "session:s1"), "graphs/alice/nodes/session:s1");
  assert.equal(sessionName("alice", "a/b%"), "graphs/alice/nodes/session:a%2Fb%25");
});

test("the names of a commit are completed", () => {
  const name = (mutation: ReturnType<typeof mutations.createNode>) => {
    const { mutation: found } = mutations.inGraph("alice", mutation);
    switch (found.case) {
      case "updateNode":
        return found.value.node?.name;
      case "updateEdge":
        return found.value.edge?.name;
      default:
        return found.value?.name;
    }
  };
  assert.equal(name(mutations.createNode("ann", { label: "Ann" })), "graphs/alice/nodes/ann");
  assert.equal(name(mutations.createNode("")), "");
  assert.equal(
    name(mutations.updateNode("ann", { label: "A" }, { updateMask: { paths: ["label"] } })),
    "graphs/alice/nodes/ann",
  );
  assert.equal(name(mutations.deleteNode("nodes/ann", { hard: true })), "graphs/alice/nodes/ann");
  assert.equal(name(mutations.renameNode("ann", "anna")), "graphs/alice/nodes/ann");
  assert.equal(name(mutations.createEdge("ann", "knows", "bob")), "");
  assert.equal(name(mutations.updateEdge({ source: "ann", relation: "knows", target: "bob" }, { weight: 2 })), "");
  assert.equal(name(mutations.updateEdge("e-1", { weight: 2 })), "graphs/alice/edges/e-1");
  assert.equal(name(mutations.deleteEdge("e-1")), "graphs/alice/edges/e-1");
  assert.throws(() => name(mutations.deleteNode("graphs/bob/nodes/ann")), InvalidArgument);
});

test("the names of preconditions are completed", () => {
  assert.deepEqual(preconditions.inGraph("alice", preconditions.exists("ann")).condition, {
    case: "exists",
    value: "graphs/alice/nodes/ann",
  });
  assert.deepEqual(preconditions.inGraph("alice", preconditions.absent("edges/e-1")).condition, {
    case: "absent",
    value: "graphs/alice/edges/e-1",
  });
  const { condition } = preconditions.inGraph("alice", preconditions.hasEtag("ann", "x"));
  assert.equal(condition.case === "etagMatch" && condition.value.name, "graphs/alice/nodes/ann");
  assert.deepEqual(preconditions.inGraph("alice", preconditions.graphRevision(3n)).condition, {
    case: "graphRevision",
    value: 3n,
  });
});
