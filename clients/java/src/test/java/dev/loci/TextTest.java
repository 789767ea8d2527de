package dev.loci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ListValue;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.loci.errors.InvalidArgumentException;
import dev.loci.errors.LociException;
import dev.loci.v1.CreateNodeRequest;
import dev.loci.v1.Node;
import dev.loci.v1.NodeFilter;
import dev.loci.v1.RememberRequest;
import org.junit.jupiter.api.Test;

class TextTest {
    private static final String BAD = "a\ud800b";
    private static final Value VALUE = Value.newBuilder().setStringValue(BAD).build();

    @Test
    void textThatIsNoUnicodeIsRefusedWhereverItStandsAndNamed() {
        assertEquals("text", field(RememberRequest.newBuilder().setText(BAD)));
        assertEquals("text", field(RememberRequest.newBuilder().setText("\udc00")));
        assertEquals("supersedes[1]", field(RememberRequest.newBuilder().addSupersedes("a").addSupersedes(BAD)));
        assertEquals("node.label", field(CreateNodeRequest.newBuilder().setNode(Node.newBuilder().setLabel(BAD))));
        Struct inner = Struct.newBuilder().putFields("b", VALUE).build();
        ListValue list = ListValue.newBuilder()
                .addValues(Value.newBuilder().setNumberValue(1))
                .addValues(Value.newBuilder().setStructValue(inner))
                .build();
        Struct properties = Struct.newBuilder()
                .putFields("a", Value.newBuilder().setListValue(list).build())
                .build();
        assertEquals("properties.a[1].b", field(Node.newBuilder().setProperties(properties)));
        assertEquals("properties.a", field(NodeFilter.newBuilder().putProperties("a", VALUE)));
        assertEquals("properties[key]", field(NodeFilter.newBuilder().putProperties(BAD, Value.getDefaultInstance())));
    }

    @Test
    void allOfUnicodeIsTaken() {
        assertNull(Text.misfit(RememberRequest.newBuilder().setText("a\ud83d\ude00b\u00e4\uffff").build()));
    }

    @Test
    void aCallWithItIsNotMade() throws Exception {
        try (FakeServer server = new FakeServer();
                Loci loci = server.client()) {
            LociException failure = assertThrows(
                    InvalidArgumentException.class, () -> loci.createNode("a", "b", node -> node.setText(BAD)));
            assertEquals("node.text", failure.violations().get(0).field());
            assertEquals("", failure.reason());
            LociException later = assertInstanceOf(
                    InvalidArgumentException.class,
                    assertThrows(Exception.class, () -> loci.async().getNode("a", BAD).join()).getCause());
            assertTrue(later.description().startsWith("name: "));
            assertThrows(InvalidArgumentException.class, () -> loci.watch(BAD).open().ready());
            assertEquals(0, server.asked.size());
        }
    }

    private static String field(Message.Builder message) {
        return Text.misfit(message.build()).violations().get(0).field();
    }
}
