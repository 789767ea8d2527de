package dev.loci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.loci.errors.InvalidNameException;
import org.junit.jupiter.api.Test;

class NamesTest {
    @Test
    void idsBecomeNamesAndNamesStay() {
        assertEquals("graphs/alice", Names.graph("alice"));
        assertEquals("graphs/alice", Names.graph("graphs/alice"));
        assertEquals("graphs/alice/nodes/ann", Names.node("alice", "ann"));
        assertEquals("graphs/alice/nodes/ann", Names.node("graphs/alice", "nodes/ann"));
        assertEquals("graphs/alice/nodes/ann", Names.node("alice", "graphs/alice/nodes/ann"));
        assertEquals("graphs/alice/edges/e", Names.edge("alice", "e"));
        assertEquals("graphs/alice/nodes/session:a%2Fb", Names.session("alice", "a/b"));
        assertEquals("graphs/alice/nodes/session:s", Names.session("alice", "session:s"));
        assertEquals("ann", Names.idOf("graphs/alice/nodes/ann"));
    }

    @Test
    void aNameOfAnotherGraphIsRefused() {
        assertThrows(InvalidNameException.class, () -> Names.node("alice", "graphs/bob/nodes/ann"));
    }

    @Test
    void anItemIsMovedIntoAnotherGraph() {
        assertEquals("graphs/b/nodes/n", Names.moved("b", "nodes", "graphs/a/nodes/n"));
        assertEquals("graphs/b/edges/e", Names.moved("b", "edges", "edges/e"));
        assertEquals("graphs/b/nodes/n", Names.moved("b", "nodes", "n"));
        assertEquals("", Names.moved("b", "nodes", ""));
    }
}
